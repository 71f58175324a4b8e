export { flatMeasurements } from "../measure/measurement-codec.ts";
export { type BatchPreview, Engine, type EngineOptions, type MeasureOptions, type Preview, type PreviewOptions } from "./engine.ts";
export { type FileIdentity, identifyFile } from "./identity.ts";
export { beginProgress, frameDone, type Progress, rate, secondsLeft, withTotal } from "./progress.ts";
export type { Crop, DeliveredPreview, SkipRule, StepTimes } from "./protocol.ts";
export type { CachedFrame, EngineSummary, FrameResult, MeasurementMemory } from "./result.ts";
export { isSkipped, SKIP_NOT_LIGHTS, SKIP_NOTHING } from "./skip.ts";
export { RESULT_VERSION } from "./version.ts";
