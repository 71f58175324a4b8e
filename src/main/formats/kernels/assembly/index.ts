// The decoding kernels, one file a codec. Byte offsets into the imported memory; nothing allocates.
export * from "./probe";
