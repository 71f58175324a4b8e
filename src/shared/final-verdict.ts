import type { ReportFrame, VerdictKind } from "./domain.ts";

/** What holds for a frame: the user's decision where there is one, else the program's verdict. A file that nobody can read stays that. */
export function finalVerdict(frame: Pick<ReportFrame, "verdict" | "decided">): VerdictKind {
  return frame.verdict === "unreadable" ? "unreadable" : (frame.decided?.verdict ?? frame.verdict);
}
