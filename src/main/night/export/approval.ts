import type { ReportFrame } from "../../../shared/domain.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import { isLight } from "../../../shared/review-order.ts";
import type { ReportedFile } from "./open-report.ts";

export interface Approval {
  /** Doubtful frames that nobody has decided about go to the stacker, too. */
  includeReview?: boolean | undefined;
}

export function isApproved(frame: ReportFrame, { includeReview }: Approval): boolean {
  const verdict = finalVerdict(frame);
  return verdict === "clean" || (includeReview === true && verdict === "review");
}

/** Stacker's weight: light of the stars over noise and blur, against the night's typical good frame, which has 1; null when it was not measured. */
export function weightOf(frame: ReportFrame): number | null {
  const weight = frame.measurements?.["weight"];
  return typeof weight === "number" && weight > 0 ? Number(weight.toPrecision(6)) : null;
}

export interface Lights {
  files: ReportedFile[];
  /** Left out: their files are not there, or their names cannot stand in a list. */
  missing: string[];
  unlistable: string[];
}

/** The lights that a list can name; a line break or tab in a name would make another list of it. */
export function listedLights(files: readonly ReportedFile[]): Lights {
  const lights = files.filter(({ frame }) => isLight(frame));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a list
  const bad = /[\u0000-\u001f]/;
  return {
    files: lights.filter(({ file, found }) => found && !bad.test(file)),
    missing: lights.filter(({ found }) => !found).map(({ frame }) => frame.path),
    unlistable: lights.filter(({ file, found }) => found && bad.test(file)).map(({ frame }) => frame.path),
  };
}
