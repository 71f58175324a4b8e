import { finalVerdict } from "../../../shared/final-verdict.ts";
import { isLight } from "../export/approval.ts";
import type { ReportedFile } from "../export/open-report.ts";

/** Which frames are looked at: what the program is not sure of and nobody decided yet; what it flagged; or all lights. */
export type QueueKind = "doubtful" | "flagged" | "all";

/** The frames to look at, the most doubtful first: nobody should have to go through a night to find what needs an eye. */
export function reviewQueue<T extends ReportedFile>(files: readonly T[], kind: QueueKind): T[] {
  const wanted = files.filter(({ frame }) => {
    if (kind === "doubtful") return frame.verdict === "review" && !frame.decided;
    if (!isLight(frame)) return false;
    return kind === "all" || frame.verdict !== "clean" || finalVerdict(frame) !== "clean";
  });
  const doubt = ({ frame }: ReportedFile): number => Math.abs((frame.probability ?? 0.5) - 0.5);
  return wanted
    .map((file, i) => ({ file, i }))
    .sort((a, b) => doubt(a.file) - doubt(b.file) || a.i - b.i)
    .map(({ file }) => file);
}
