export { Kernels } from "./kernels/kernels.ts";
export { measureField, measureFrame, measurePrepared } from "./measure.ts";
export { prepareFrame } from "./prepare.ts";
export type { PreparedFrame } from "./prepared.ts";
export { MEASURE_VERSION } from "./version.ts";
