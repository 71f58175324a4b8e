// The measuring kernels, one file a step. Everything works on byte offsets into the imported memory; nothing allocates.
export * from "./sum";
