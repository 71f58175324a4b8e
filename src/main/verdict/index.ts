export type { GroupBaseline } from "./group-baseline.ts";
export type { NightFrame } from "./groups.ts";
export { type JudgedFrame, type JudgedNight, judgeNight } from "./judge.ts";
export { notLightByHeader } from "./not-light.ts";
export { seenShape } from "./seen-shape.ts";
export { DEFAULT_SETTINGS, type JudgeSettings } from "./settings.ts";
