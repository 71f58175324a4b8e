import type { ReportFrame } from "./domain.ts";
import { finalVerdict } from "./final-verdict.ts";

/** What is looked at in a review, and in what order: one rule for the window and the terminal. */

type Reviewed = Pick<ReportFrame, "verdict" | "decided" | "probability">;

/** Whether a frame is one that verdicts are about: darks, stacks and unreadable files are not. */
export function isLight(frame: Pick<ReportFrame, "verdict" | "decided">): boolean {
  const verdict = finalVerdict(frame);
  return verdict !== "not-light" && verdict !== "unreadable";
}

/** The program is not sure, and nobody has decided. */
export function isDoubtful({ verdict, decided }: Reviewed): boolean {
  return verdict === "review" && !decided;
}

/** Rejected or in doubt, by the program or by the user. */
export function isFlagged(frame: Reviewed): boolean {
  return isLight(frame) && (frame.verdict !== "clean" || finalVerdict(frame) !== "clean");
}

/** The most doubtful first: nobody should have to go through a night to find what needs an eye. Equals stay in their order. */
export function byDoubt<T extends { readonly frame: Reviewed }>(items: readonly T[]): T[] {
  const doubt = ({ frame }: T): number => Math.abs((frame.probability ?? 0.5) - 0.5);
  return [...items].sort((a, b) => doubt(a) - doubt(b));
}
