import type { ReasonCode, VerdictKind } from "./domain.ts";

/**
 * How right a graded night was against labels: what `nebulift evaluate` prints and the window shows. Shares are 0..1 and
 * null where nothing was there to be counted. docs/evaluate.md says what each number means.
 */

/** What somebody (or a simulation) says of a frame. Of a `borderline` frame every verdict that gives a reason is right. */
export type LabelTruth = "clean" | "contaminated" | "borderline";

/** `undecided`: a frame with a clear label was sent to review. */
export type Outcome = "right" | "undecided" | "wrong";

export interface OutcomeTally {
  frames: number;
  right: number;
  undecided: number;
  wrong: number;
  /** right / frames */
  accuracy: number | null;
  /** Integration time of the same, minutes. */
  minutes: { frames: number; right: number; undecided: number; wrong: number };
  /** Frames labelled clean; of them called contaminated, and sent to review. */
  good: { frames: number; lost: number; review: number };
  /** Frames labelled contaminated; of them called clean, and sent to review. */
  bad: { frames: number; kept: number; review: number };
}

export interface NamedTally extends OutcomeTally {
  name: string;
}

/** Frames by label (rows) and verdict (columns); `notGraded`: not-light or unreadable. */
export type Confusion = Record<LabelTruth, Record<"clean" | "review" | "contaminated" | "notGraded", number>>;

export interface CauseScore {
  code: ReasonCode;
  /** Frames whose label has this cause, and those of them whose verdict names it: recall = found / truth. */
  truth: number;
  found: number;
  recall: number | null;
  /** Frames that were marked down for this cause, and those of them whose label has it: precision = confirmed / named. */
  named: number;
  confirmed: number;
  precision: number | null;
}

/** How many frames do not name the main cause of their label but this one first; `none` for a frame without any reason. */
export interface CauseMixUp {
  truth: ReasonCode;
  named: ReasonCode | "none";
  frames: number;
}

export interface ReliabilityBin {
  frames: number;
  /** Smallest and largest probability in the bin, and their mean. */
  from: number;
  to: number;
  predicted: number;
  /** Share that was labelled contaminated, with its 95 % interval (Wilson). */
  observed: number;
  low: number;
  high: number;
}

/** Of the probability of being contaminated; borderline frames are left out, because no probability is right for them. */
export interface ProbabilityScores {
  frames: number;
  contaminated: number;
  /** Mean squared error of the probability (Brier 1950). */
  brier: number;
  /** Mean -ln of the probability given to what was true. */
  logLoss: number;
  /** Expected calibration error: mean distance of predicted from observed over bins of equal count. */
  ece: number;
  bins: ReliabilityBin[];
  /** Area under the ROC curve; null unless both labels occur. */
  auc: number | null;
  /** Share of good frames flagged and share of bad frames flagged, as the threshold falls from 1 to 0. */
  roc: [good: number, bad: number][];
}

/** How strong a harm must be to be noticed, by a logistic curve over the logarithm of the severity. */
export interface DetectionCurve {
  code: ReasonCode;
  frames: number;
  /** How many of them were not called clean (of a trail: in how many it was named). */
  noticed: number;
  /** Severity (1 stands at the limit) of which half is noticed, and its 1-sigma factor; null where the data do not tell. */
  half: number | null;
  factor: number | null;
  /** Weakest noticed and strongest overlooked severity. */
  weakestNoticed: number | null;
  strongestMissed: number | null;
}

export interface WrongFrame {
  path: string;
  outcome: "undecided" | "wrong";
  truth: LabelTruth;
  truthCauses: ReasonCode[];
  severity: number | null;
  verdict: VerdictKind;
  probability: number | null;
  /** The verdict's reasons in words. */
  why: string[];
}

export interface Evaluation {
  schema: 1;
  kind: "evaluation";
  app: string;
  /** The graded folder, and where the labels came from. */
  input: string;
  sources: string[];
  matched: number;
  /** Frames of the report without a label, and labels without a frame of the report. */
  withoutLabel: number;
  withoutFrame: number;
  /** Labels that fit several frames or contradict one another: left out. */
  ambiguous: number;
  overall: OutcomeTally;
  nights: NamedTally[];
  groups: NamedTally[];
  confusion: Confusion;
  causes: CauseScore[];
  mixUps: CauseMixUp[];
  /** Null when no frame has both a clear label and a probability. */
  probability: ProbabilityScores | null;
  detection: DetectionCurve[];
  /** Wrong ones first, the surest mistakes at the top. */
  mistakes: WrongFrame[];
}
