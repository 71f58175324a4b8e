import type { Decided, ReportFrame } from "../../shared/domain.ts";
import type { Decisions } from "../storage/index.ts";

/** Puts the user's decisions beside the program's verdicts. Frames whose content is not known stay as they are. */
export function withDecisions<T extends ReportFrame>(frames: readonly T[], decisions: Pick<Decisions, "latest">): T[] {
  const latest = decisions.latest(frames.flatMap((frame) => frame.content ?? []));
  return frames.map((frame) => {
    if (!frame.content) return frame;
    const kept = latest.get(frame.content);
    const decided: Decided | null = kept?.after ? { verdict: kept.after, cause: kept.cause, when: kept.time } : null;
    return { ...frame, decided };
  });
}
