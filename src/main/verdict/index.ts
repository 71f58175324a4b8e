export { type CalibrationMap, calibrated, logOdds, uncalibrated } from "./calibration.ts";
export { frameValues } from "./frame-values.ts";
export type { GroupBaseline } from "./group-baseline.ts";
export type { NightFrame } from "./groups.ts";
export { judgeNight } from "./judge.ts";
export type { JudgedFrame, JudgedNight } from "./judged.ts";
export { notLightByHeader } from "./not-light.ts";
export { DEFAULT_SETTINGS, type JudgeSettings, type Limits } from "./settings.ts";
