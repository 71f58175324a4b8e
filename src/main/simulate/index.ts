export type { FramePlan, FrameTruth, Harm, NightPlan, TrailPlan, TruthLabel } from "./frame-plan.ts";
export { LIMITS } from "./label.ts";
export { type SimulateArguments, simulateOptions } from "./options.ts";
export { planNight } from "./plan.ts";
export { nightSpec, PRESETS, type PresetName, type PresetOptions } from "./presets.ts";
export { type RenderedFrame, renderFrame } from "./render.ts";
export { DEFECT_KINDS, type DefectKind, type DefectSpec, type NightSpec } from "./spec.ts";
export { parseTrails, parseTruth, TRUTH_COLUMNS, type TruthRow, truthCsv } from "./truth.ts";
export { type WriteOptions, writeNight } from "./write.ts";
