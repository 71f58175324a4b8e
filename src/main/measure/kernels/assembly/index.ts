// The measuring kernels, one file a step. Everything works on byte offsets into the imported memory; nothing allocates.
export * from "./sum";
export * from "./load";
export * from "./background";
export * from "./trail-cells";
export * from "./trail-residual";
export * from "./trail-lines";
export * from "./trail-strips";
export * from "./levels";
export * from "./noise";
export * from "./sensor";
export * from "./preview";
// The first free byte: where the host begins to hand out memory.
export { __heap_base };
export * from "./detect";
export * from "./peaks";
export * from "./stars";
export * from "./moffat";
export { centrePeaks } from "./centre";
