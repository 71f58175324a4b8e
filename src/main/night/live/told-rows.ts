import type { ReportFrame } from "../../../shared/domain.ts";

interface Told {
  rough: string;
  exact: string;
  measurements: ReportFrame["measurements"];
}

/**
 * Which of the program's own rows are news to whoever looks; decisions of the user are told as they are made. While frames stream in, every verdict's digits move a little with each of them: then
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

  /** Those that are no longer among the rows count as never told. */
  keepOnly(rows: readonly ReportFrame[]): void {
    const now = new Set(rows.map(({ path }) => path));
    for (const path of [...this.#told.keys()].filter((told) => !now.has(told))) this.#told.delete(path);
  }

  /** This one counts as never told. */
  forget(path: string): void {
    this.#told.delete(path);
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
  return JSON.stringify([row.content, row.verdict, doubt, causes, row.group, row.error?.code, row.measurements?.["weight"] != null]);
}

function exactly(row: ReportFrame): string {
  const { content, verdict, probability, basis, comparedWith, reasons, group, error } = row;
  return JSON.stringify([content, verdict, probability, basis, comparedWith, reasons, group, error]);
}

function sameNumbers(a: ReportFrame["measurements"], b: ReportFrame["measurements"]): boolean {
  if (a === null || b === null) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}
