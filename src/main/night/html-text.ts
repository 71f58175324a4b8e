import type { ReportFrame, VerdictKind } from "../../shared/domain.ts";
import { escapeHtml } from "../../shared/words.ts";

/**
 * Text of any origin into HTML. Control characters are no characters of HTML or XML, and those that turn the writing
 * direction can make a name look like another: both are shown as the replacement character.
 */
export function html(text: string): string {
  return escapeHtml(text.toWellFormed().replace(/(?![\t\n\r])\p{Cc}|\p{Bidi_Control}|\p{Noncharacter_Code_Point}/gu, "\ufffd"));
}

export const VERDICT_NAMES: Record<VerdictKind, string> = {
  clean: "clean",
  contaminated: "contaminated",
  review: "to review",
  "not-light": "not a light",
  unreadable: "unreadable",
};

/** Coordinates and lengths within drawings: a tenth of a unit is finer than any screen. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Shape and colour both tell the verdict, for eyes that do not tell the colours apart. Drawn in a square of 12 units. */
export function glyph(kind: VerdictKind): string {
  return `<svg class="glyph" viewBox="-6 -6 12 12" aria-hidden="true">${mark(kind, 0, 0, 4.5)}</svg>`;
}

/** Dot, diamond, cross: clean, to review, contaminated; a bar for what was not graded. */
export function mark(kind: VerdictKind, x: number, y: number, size: number): string {
  const [left, right, top, bottom] = [tenth(x - size), tenth(x + size), tenth(y - size), tenth(y + size)];
  if (kind === "contaminated") return `<path class="m-${kind}" d="M${left} ${top}L${right} ${bottom}M${left} ${bottom}L${right} ${top}"/>`;
  if (kind === "review") return `<path class="m-${kind}" d="M${x} ${top}L${right} ${y}L${x} ${bottom}L${left} ${y}Z"/>`;
  if (kind === "clean") return `<circle class="m-${kind}" cx="${x}" cy="${y}" r="${tenth(size * 0.8)}"/>`;
  return `<path class="m-${kind}" d="M${left} ${y}L${right} ${y}"/>`;
}

/** Where on the page a frame is shown: its card where it has one, else its row. */
export type LinkOf = (frame: ReportFrame) => string;

/** Minutes and hours of a moment in UTC; nothing for a time no calendar knows. */
export function clockText(time: number | null | undefined, seconds = false): string {
  if (typeof time !== "number" || !(Math.abs(time) <= 8.64e15)) return "";
  return new Date(time).toISOString().slice(11, seconds ? 19 : 16);
}

/** Smallest and largest of the numbers; [Infinity, -Infinity] of none. */
export function extentOf(values: Iterable<number>): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Round values from low to high, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.99) ?? 10);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** A tick's label with the decimals that tell it from its neighbours. */
export function tickText(value: number, ticks: readonly number[]): string {
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : Math.abs(value);
  if (Math.abs(value) >= 1e6 || (step > 0 && step < 1e-4)) return value.toExponential(1);
  return value.toFixed(step > 0 ? Math.min(4, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 0);
}
