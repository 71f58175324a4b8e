import type { ReasonCode, ReportFrame } from "../../shared/domain.ts";
import type { Confusion, LabelTruth, NamedTally, Outcome, OutcomeTally } from "../../shared/evaluation.ts";
import type { LabelledFrame } from "./matching.ts";

/**
 * Whether a verdict is right for a label. A frame labelled contaminated that was not graded at all (unreadable, no light)
 * does not reach the stack: right; a good frame that was not graded is lost: wrong.
 */
export function outcomeOf(frame: Pick<ReportFrame, "verdict" | "reasons">, truth: LabelTruth): Outcome {
  const { verdict } = frame;
  if (truth === "borderline") return verdict === "clean" && frame.reasons.length === 0 ? "wrong" : "right";
  if (verdict === "review") return "undecided";
  return (verdict === "clean") === (truth === "clean") ? "right" : "wrong";
}

export function tallyOf(pairs: readonly LabelledFrame[]): OutcomeTally {
  const tally: OutcomeTally = {
    frames: pairs.length,
    right: 0,
    undecided: 0,
    wrong: 0,
    accuracy: null,
    minutes: { frames: 0, right: 0, undecided: 0, wrong: 0 },
    good: { frames: 0, lost: 0, review: 0 },
    bad: { frames: 0, kept: 0, review: 0 },
  };
  for (const { frame, label } of pairs) {
    const outcome = outcomeOf(frame, label.truth);
    const minutes = (frame.metadata?.exposure ?? 0) / 60;
    tally[outcome]++;
    tally.minutes[outcome] += minutes;
    tally.minutes.frames += minutes;
    if (label.truth === "clean") {
      tally.good.frames++;
      if (outcome === "wrong") tally.good.lost++;
      if (outcome === "undecided") tally.good.review++;
    } else if (label.truth === "contaminated") {
      tally.bad.frames++;
      if (outcome === "wrong") tally.bad.kept++;
      if (outcome === "undecided") tally.bad.review++;
    }
  }
  tally.accuracy = pairs.length > 0 ? tally.right / pairs.length : null;
  return tally;
}

export function talliesBy(pairs: readonly LabelledFrame[], nameOf: (pair: LabelledFrame) => string): NamedTally[] {
  return [...Map.groupBy(pairs, nameOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, members]) => ({ name, ...tallyOf(members) }));
}

export function confusionOf(pairs: readonly LabelledFrame[]): Confusion {
  const row = (): Confusion["clean"] => ({ clean: 0, review: 0, contaminated: 0, notGraded: 0 });
  const confusion: Confusion = { clean: row(), contaminated: row(), borderline: row() };
  for (const { frame, label } of pairs) {
    const { verdict } = frame;
    confusion[label.truth][verdict === "not-light" || verdict === "unreadable" ? "notGraded" : verdict]++;
  }
  return confusion;
}

/** What a frame was marked down for: its hard reasons, without one the first; and any trail, kept or not. */
export function blamedFor({ verdict, reasons }: Pick<ReportFrame, "verdict" | "reasons">): ReasonCode[] {
  const causes = reasons.filter((reason) => reason.code !== "too-few");
  const hard = causes.filter((reason) => reason.severity === "hard");
  const blamed = verdict === "clean" ? [] : hard.length > 0 ? hard : causes.slice(0, 1);
  return [...new Set([...blamed, ...causes.filter((reason) => reason.code === "trail")].map((reason) => reason.code))];
}
