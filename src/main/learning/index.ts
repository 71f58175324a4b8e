export type { CalibrationProposal, CalibrationScores } from "./calibrate.ts";
export { DEFAULT_TARGETS, Learning } from "./learning.ts";
export type { BandTargets } from "./review-band.ts";
export type { StoredProposal, Thresholds } from "./thresholds.ts";
