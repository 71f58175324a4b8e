import { byDoubt, isDoubtful, isFlagged, isLight } from "../../../shared/review-order.ts";
import type { ReportedFile } from "../export/open-report.ts";

/** Which frames are looked at: what the program is not sure of and nobody decided yet; what it flagged; or all lights. */
export type QueueKind = "doubtful" | "flagged" | "all";

const WANTED = { doubtful: isDoubtful, flagged: isFlagged, all: isLight } as const;

/** The frames to look at, the most doubtful first. */
export function reviewQueue<T extends ReportedFile>(files: readonly T[], kind: QueueKind): T[] {
  return byDoubt(files.filter(({ frame }) => WANTED[kind](frame)));
}
