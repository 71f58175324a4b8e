export { Kernels } from "./kernels/kernels.ts";
export { measurePrepared } from "./measure.ts";
export { prepareFrame } from "./prepare.ts";
export type { PreparedFrame } from "./prepared.ts";
