import type { ReportFrame } from "../../../shared/domain.ts";

interface Told {
  rough: string;
  exact: string;
  measurements: ReportFrame["measurements"];
}

/**
 * Which rows are news to whoever looks. While frames stream in, every verdict's digits move a little with each of them: then
 * only what a verdict says is news; the digits follow once the night is at rest.
 */
export class ToldRows {
  readonly #told = new Map<string, Told>();

  /** Of all rows there are, those to be told; they count as told from then on. */
  news(rows: readonly ReportFrame[], atRest: boolean): ReportFrame[] {
    return rows.filter((row) => {
      const told = this.#told.get(row.path);
      const now: Told = { rough: roughly(row), exact: exactly(row), measurements: row.measurements };
      const same = told !== undefined && (atRest ? isExactlyTold(told, now) : isRoughlyTold(told, now));
      if (!same) this.#told.set(row.path, now);
      return !same;
    });
  }

  /** Paths that were told and are no longer among the rows; they count as never told from then on. */
  gone(rows: readonly ReportFrame[]): string[] {
    const now = new Set(rows.map(({ path }) => path));
    const gone = [...this.#told.keys()].filter((path) => !now.has(path));
    for (const path of gone) this.#told.delete(path);
    return gone;
  }
}

function isRoughlyTold(told: Told, now: Told): boolean {
  return told.rough === now.rough;
}

function isExactlyTold(told: Told, now: Told): boolean {
  return told.exact === now.exact && sameNumbers(told.measurements, now.measurements);
}

/** The probability counts to the nearest twentieth: the queue of what to look at is ordered by it. */
function roughly(row: ReportFrame): string {
  const causes = row.reasons.map(({ code, severity }) => `${code} ${severity}`);
  const doubt = row.probability === null ? null : Math.round(row.probability * 20);
  return JSON.stringify([
    row.content,
    row.verdict,
    doubt,
    causes,
    row.group,
    row.error?.code,
    row.decided,
    row.measurements?.["weight"] != null,
  ]);
}

function exactly(row: ReportFrame): string {
  const { content, verdict, probability, basis, comparedWith, reasons, group, error, decided } = row;
  return JSON.stringify([content, verdict, probability, basis, comparedWith, reasons, group, error, decided]);
}

function sameNumbers(a: ReportFrame["measurements"], b: ReportFrame["measurements"]): boolean {
  if (a === null || b === null) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}
