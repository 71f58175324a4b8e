import type { ReasonCode, Report } from "../../shared/domain.ts";
import type { CauseMixUp, CauseScore, Evaluation, WrongFrame } from "../../shared/evaluation.ts";
import { whyLines } from "../../shared/words.ts";
import { detectionCurves } from "./detection.ts";
import type { Label } from "./labels.ts";
import { type LabelledFrame, matchLabels } from "./matching.ts";
import { nightsOf } from "./nights.ts";
import { blamedFor, confusionOf, outcomeOf, talliesBy, tallyOf } from "./outcome.ts";
import { type Prediction, scoreProbabilities } from "./probability-scores.ts";

const NO_GROUP = "not graded";

/** Compares a graded night with what is known of its frames. Pure. */
export function evaluateReport(report: Report, labels: readonly Label[], sources: readonly string[], app: string): Evaluation {
  const { pairs, withoutLabel, withoutFrame, ambiguous } = matchLabels(report.frames, labels);
  const nights = nightsOf(pairs.map((pair) => pair.frame));
  return {
    schema: 1,
    kind: "evaluation",
    app,
    input: report.input,
    sources: [...sources],
    matched: pairs.length,
    withoutLabel,
    withoutFrame,
    ambiguous,
    overall: tallyOf(pairs),
    nights: talliesBy(pairs, ({ frame }) => nights.get(frame) ?? ""),
    groups: talliesBy(pairs, ({ frame }) => frame.group ?? NO_GROUP),
    confusion: confusionOf(pairs),
    causes: causeScores(pairs),
    mixUps: mixUps(pairs),
    probability: scoreProbabilities(predictionsOf(pairs)),
    detection: detectionCurves(pairs),
    mistakes: mistakesOf(pairs),
  };
}

/** What calibration is measured on: graded frames with a clear label. */
function predictionsOf(pairs: readonly LabelledFrame[]): Prediction[] {
  return pairs.flatMap(({ frame, label }) =>
    frame.probability === null || label.truth === "borderline"
      ? []
      : [{ probability: frame.probability, contaminated: label.truth === "contaminated" }],
  );
}

/**
 * Recall asks of every cause in a label whether the verdict names it; precision asks of every cause that a frame was marked
 * down for whether its label has it, as a cause or merely as present. Frames whose label gives no cause though they are not clean say nothing about causes.
 */
function causeScores(pairs: readonly LabelledFrame[]): CauseScore[] {
  const scores = new Map<ReasonCode, CauseScore>();
  const scoreOf = (code: ReasonCode): CauseScore => {
    const score = scores.get(code) ?? { code, truth: 0, found: 0, recall: null, named: 0, confirmed: 0, precision: null };
    scores.set(code, score);
    return score;
  };
  for (const { frame, label } of pairs) {
    if (label.truth !== "clean" && label.causes.length === 0) continue;
    for (const code of label.causes) {
      const score = scoreOf(code);
      score.truth++;
      if (frame.reasons.some((reason) => reason.code === code)) score.found++;
    }
    for (const code of blamedFor(frame)) {
      const score = scoreOf(code);
      score.named++;
      if (label.causes.includes(code) || label.present.includes(code)) score.confirmed++;
    }
  }
  for (const score of scores.values()) {
    score.recall = score.truth > 0 ? score.found / score.truth : null;
    score.precision = score.named > 0 ? score.confirmed / score.named : null;
  }
  return [...scores.values()].sort((a, b) => b.truth - a.truth || b.named - a.named);
}

/** Frames whose main cause is not named at all, by what is named first instead. What the label has too is no mix-up. */
function mixUps(pairs: readonly LabelledFrame[]): CauseMixUp[] {
  const found = new Map<string, CauseMixUp>();
  for (const { frame, label } of pairs) {
    const truth = label.causes[0];
    if (truth === undefined || label.truth !== "contaminated" || frame.reasons.some((reason) => reason.code === truth)) continue;
    const named = frame.reasons.find((reason) => reason.code !== "too-few")?.code ?? "none";
    if (named !== "none" && (label.causes.includes(named) || label.present.includes(named))) continue;
    const key = `${truth} ${named}`;
    const entry = found.get(key) ?? { truth, named, frames: 0 };
    entry.frames++;
    found.set(key, entry);
  }
  return [...found.values()].sort((a, b) => b.frames - a.frames);
}

function mistakesOf(pairs: readonly LabelledFrame[]): WrongFrame[] {
  const mistakes = pairs.flatMap(({ frame, label }): WrongFrame[] => {
    const outcome = outcomeOf(frame, label.truth);
    if (outcome === "right") return [];
    return [
      {
        path: frame.path,
        outcome,
        truth: label.truth,
        truthCauses: label.causes,
        severity: label.severity,
        verdict: frame.verdict,
        probability: frame.probability,
        why: whyLines(frame),
      },
    ];
  });
  /** How far the probability is from what was true. */
  const distance = ({ truth, probability }: WrongFrame): number =>
    probability === null ? 1 : truth === "borderline" ? 0 : Math.abs(probability - (truth === "contaminated" ? 1 : 0));
  return mistakes.sort((a, b) => (a.outcome === b.outcome ? distance(b) - distance(a) : a.outcome === "wrong" ? -1 : 1));
}
