import type { Report, ReportFrame } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { type CalibrationMap, type JudgeSettings, uncalibrated } from "../verdict/index.ts";
import { apply, bestMap, type FoldedPrediction, type MapCandidate, mapCandidates } from "./calibration-fit.ts";
import type { Label } from "./labels.ts";
import { matchLabels } from "./matching.ts";
import { nightsOf } from "./nights.ts";
import { type Prediction, scoreProbabilities } from "./probability-scores.ts";
import { type BandTargets, chooseBand, type ReviewBand } from "./review-band.ts";
import { calibrationSchema } from "./thresholds.ts";

export interface LabelledReport {
  report: Report;
  labels: readonly Label[];
}

/** What a map and a band make of labelled frames. Shares are 0..1, null where there is nothing to count. */
export interface CalibrationScores {
  ece: number;
  brier: number;
  logLoss: number;
  right: number;
  goodLost: number | null;
  badKept: number | null;
  review: number;
  confusion: Record<"clean" | "contaminated", Record<"clean" | "review" | "contaminated", number>>;
}

export interface CalibrationProposal {
  thresholds: { review: ReviewBand; calibration: CalibrationMap | null };
  /** Frames with a clear label that were used; good and bad ones; nights they are from. */
  labels: number;
  good: number;
  bad: number;
  nights: number;
  /** Labelled frames that a policy or rule decided (a hard trail, a user's rule), not the probability: left out. */
  leftOut: number;
  /** `nights`: each night was judged by what the others taught; `stretches`: with one night, by fifths of it. */
  heldBack: "nights" | "stretches";
  targets: BandTargets;
  /** Whether the labels meet the targets with the proposed band. */
  met: boolean;
  candidates: Pick<MapCandidate, "name" | "logLoss">[];
  chosen: MapCandidate["name"];
  before: CalibrationScores;
  /** On frames whose night did not teach. */
  after: CalibrationScores;
}

/** Fewer labels would be learned by heart. */
const LEAST_LABELS = 40;
const LEAST_OF_EACH = 8;
const STRETCHES = 5;
const MOST_FOLDS = 12;

/** A labelled frame: the probability before any calibration, and its night. */
interface Sample extends Prediction {
  night: string;
  time: number;
}

/**
 * Learns from labels how much the probability is worth and which band of it needs eyes. Pure; the same reports give the same
 * proposal in any order of their frames. Throws `too-few-labels`.
 */
export function calibrate(reports: readonly LabelledReport[], targets: BandTargets, inForce: JudgeSettings): CalibrationProposal {
  const { samples, leftOut } = samplesOf(reports);
  const bad = samples.filter((sample) => sample.contaminated).length;
  const good = samples.length - bad;
  if (samples.length < LEAST_LABELS || Math.min(good, bad) < LEAST_OF_EACH) {
    throw new NebuliftError(
      "too-few-labels",
      `${good} good and ${bad} bad frames have a clear label; at least ${LEAST_LABELS}, and ${LEAST_OF_EACH} of either kind, are needed`,
    );
  }
  const nights = new Set(samples.map((sample) => sample.night)).size;
  const folded = inFolds(samples);
  const learned = learn(folded, targets, inForce.review);
  return {
    thresholds: { review: learned.band, calibration: learned.chosen.map },
    labels: samples.length,
    good,
    bad,
    nights,
    leftOut,
    heldBack: nights > 1 ? "nights" : "stretches",
    targets,
    met: learned.met,
    candidates: learned.candidates.map(({ name, logLoss }) => ({ name, logLoss })),
    chosen: learned.chosen.name,
    before: scoresOf(samples.map((sample) => ({ ...apply(inForce.calibration, sample), band: inForce.review }))),
    after: scoresOf(heldBack(folded, targets, inForce.review)),
  };
}

interface Learned {
  candidates: MapCandidate[];
  chosen: MapCandidate;
  band: ReviewBand;
  met: boolean;
}

function learn(predictions: readonly FoldedPrediction[], targets: BandTargets, usual: ReviewBand): Learned {
  const candidates = mapCandidates(predictions);
  const chosen = bestMap(candidates);
  const corrected = predictions.map((entry) => apply(chosen.map, entry));
  return { candidates, chosen, ...chooseBand(corrected, targets, usual) };
}

/** Every fold as what was learned from the others makes of it; choosing the map is part of what is checked. */
function heldBack(folded: readonly FoldedPrediction[], targets: BandTargets, usual: ReviewBand): Banded[] {
  return [...new Set(folded.map((entry) => entry.fold))].flatMap((fold) => {
    const { chosen, band } = learn(
      folded.filter((entry) => entry.fold !== fold),
      targets,
      usual,
    );
    return folded.filter((entry) => entry.fold === fold).map((entry) => ({ ...apply(chosen.map, entry), band }));
  });
}

interface Banded extends Prediction {
  band: ReviewBand;
}

function scoresOf(entries: readonly Banded[]): CalibrationScores {
  const row = (): CalibrationScores["confusion"]["clean"] => ({ clean: 0, review: 0, contaminated: 0 });
  const confusion = { clean: row(), contaminated: row() };
  for (const { probability, contaminated, band } of entries) {
    const verdict = probability >= band[1] ? "contaminated" : probability >= band[0] ? "review" : "clean";
    confusion[contaminated ? "contaminated" : "clean"][verdict]++;
  }
  const scores = scoreProbabilities(entries);
  const { clean, contaminated } = confusion;
  const share = (part: number, { clean: c, review: r, contaminated: b }: typeof clean): number | null =>
    c + r + b > 0 ? part / (c + r + b) : null;
  return {
    ece: scores?.ece ?? 0,
    brier: scores?.brier ?? 0,
    logLoss: scores?.logLoss ?? 0,
    right: (clean.clean + contaminated.contaminated) / entries.length,
    goodLost: share(clean.contaminated, clean),
    badKept: share(contaminated.clean, contaminated),
    review: (clean.review + contaminated.review) / entries.length,
    confusion,
  };
}

function samplesOf(reports: readonly LabelledReport[]): { samples: Sample[]; leftOut: number } {
  const samples: Sample[] = [];
  const seen = new Set<string>();
  let leftOut = 0;
  reports.forEach(({ report, labels }, index) => {
    const map = calibrationSchema.nullable().safeParse(report.settings["calibration"] ?? null).data ?? null;
    const { pairs } = matchLabels(report.frames, labels);
    const nights = nightsOf(pairs.map((pair) => pair.frame));
    for (const { frame, label } of pairs) {
      if (label.truth === "borderline" || frame.probability === null) continue;
      // The same frame in two reports is one label, not two.
      const key = frame.content ?? `${report.input}/${frame.path}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (decidedByPolicy(frame)) leftOut++;
      else {
        samples.push({
          probability: uncalibrated(frame.probability, map),
          contaminated: label.truth === "contaminated",
          night: `${index} ${nights.get(frame) ?? ""}`,
          time: frame.metadata?.time ?? 0,
        });
      }
    }
  });
  return { samples, leftOut };
}

/** Its probability was set, not estimated. */
function decidedByPolicy({ reasons }: ReportFrame): boolean {
  return reasons.some((reason) => reason.rule !== undefined || (reason.code === "trail" && reason.severity === "hard"));
}

/** Frames of one night share sky and gear: a night must not vouch for itself. A single night is cut into stretches of time. */
function inFolds(samples: readonly Sample[]): FoldedPrediction[] {
  const nights = [...new Set(samples.map((sample) => sample.night))].sort();
  if (nights.length > 1) {
    return samples.map((sample) => ({ ...sample, fold: nights.indexOf(sample.night) % MOST_FOLDS }));
  }
  return [...samples]
    .sort((a, b) => a.time - b.time)
    .map((sample, index) => ({ ...sample, fold: Math.floor((index * STRETCHES) / samples.length) }));
}
