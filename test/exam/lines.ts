/** One number that the exam asks for. */
export interface Line {
  part: string;
  name: string;
  /** What was found, in words; null when the exam was run without it. */
  found: string | null;
  /** In words; null where a number is only reported. */
  goal: string | null;
  met: boolean | null;
}

export function goalLine(part: string, name: string, value: number, shown: string, goal: string, met: (value: number) => boolean): Line {
  const known = Number.isFinite(value);
  return { part, name, found: known ? shown : null, goal, met: known ? met(value) : null };
}

export const reportLine = (part: string, name: string, found: string): Line => ({ part, name, found, goal: null, met: null });

export function lineText({ part, name, found, goal, met }: Line): string {
  const mark = met === null ? (goal === null ? "      " : "-     ") : met ? "ok    " : "MISSED";
  return `${mark} ${part.padEnd(7)} ${name.padEnd(58)} ${(found ?? "not in this run").padEnd(22)} ${goal === null ? "" : `goal ${goal}`}`.trimEnd();
}

export const percent = (part: number, digits = 1): string => `${(100 * part).toFixed(digits)} %`;
