// The decoding kernels, one file a codec. Byte offsets into the imported memory; nothing allocates.
export * from "./colour";
export * from "./heap";
export * from "./dither";
export * from "./hcompress";
export * from "./lz4";
export * from "./rice";
export * from "./shuffle";
