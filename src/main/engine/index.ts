export { aduOfDisplay, displayOf, linkedStretch } from "../measure/stretch.ts";
export { Engine } from "./engine.ts";
export { identifyFile } from "./identity.ts";
export { beginProgress, frameDone, type Progress, rate, secondsLeft } from "./progress.ts";
export type { SkipRule } from "./protocol.ts";
export type { FrameResult } from "./result.ts";
export { RESULT_VERSION } from "./version.ts";
