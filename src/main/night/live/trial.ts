import type { ReportFrame, VerdictKind } from "../../../shared/domain.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import { affectedBy, type JudgeSettings, type UserRule } from "../../verdict/index.ts";
import type { Amount } from "../integration-time.ts";
import type { Judging } from "./judging.ts";

/** What settings would make of a night; nothing is changed by asking. */
export interface Trial {
  /** What the one rule that was asked about speaks of; null without one. */
  affected: Amount | null;
  clean: Amount;
  review: Amount;
  contaminated: Amount;
  /** Frames that would be another than they are now. */
  changed: number;
}

export interface TriedFrame {
  frame: ReportFrame;
  file: string;
}

/**
 * Counts frames and minutes as they would be by `settings`; decisions of the user stand over every rule. Quick enough to follow a rule's
 * limit while it is dragged, as long as only rules differ from what `judging` was made by.
 */
export function tryOut(judging: Judging, frames: Iterable<TriedFrame>, settings: JudgeSettings, rule: UserRule | null): Trial {
  const judged = judging.by(settings).ruled(settings);
  const trial: Trial = { affected: null, clean: none(), review: none(), contaminated: none(), changed: 0 };
  if (rule) {
    const { frames: count, minutes } = affectedBy(judging.ruleNight, rule);
    trial.affected = { frames: count, minutes };
  }
  for (const { frame, file } of frames) {
    const verdict = finalVerdict({ ...frame, verdict: verdictBy(frame, judged.frames.get(file)?.verdict.kind) });
    if (verdict === "not-light" || verdict === "unreadable") continue;
    trial[verdict].frames++;
    trial[verdict].minutes += (frame.metadata?.exposure ?? 0) / 60;
    if (verdict !== finalVerdict(frame)) trial.changed++;
  }
  return trial;
}

/** What is no light stays none; a light that could not be judged stays what it is. */
function verdictBy(frame: ReportFrame, judged: VerdictKind | undefined): VerdictKind {
  return frame.verdict === "not-light" || frame.verdict === "unreadable" ? frame.verdict : (judged ?? frame.verdict);
}

const none = (): Amount => ({ frames: 0, minutes: 0 });
