export type { CalibrationProposal, CalibrationScores } from "./calibrate.ts";
export { DEFAULT_TARGETS, Learning } from "./learning.ts";
