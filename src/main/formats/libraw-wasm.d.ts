// The part of libraw-wasm that the RAW reader uses: the plain Emscripten module behind the package's browser worker.
declare module "libraw-wasm/dist/libraw.js" {
  import type { CanonMetadata, ColorData, LensInfo, MetadataCommon, RawSensorData } from "libraw-wasm";

  /** The parts of libraw-wasm's `Metadata` that are used; sizes are of the visible picture turned by `flip`. */
  export interface LibRawMetadata {
    width: number;
    height: number;
    raw_width: number;
    raw_height: number;
    top_margin: number;
    left_margin: number;
    /** 0 upright, 3 upside down, 5 and 6 on its sides. */
    flip: number;
    camera_make: string;
    camera_model: string;
    iso_speed: number;
    /** Seconds. */
    shutter: number;
    /** mm */
    focal_len: number;
    /** Seconds since 1970 with the camera's clock taken for local time. */
    timestamp: number;
    software?: string;
    filters?: number;
    cdesc?: string;
    color_data?: ColorData;
    lens?: LensInfo;
    metadata_common?: MetadataCommon;
    canon?: CanonMetadata;
  }

  export interface LibRawDecoder {
    /** Parses a file that lies whole in `bytes`; decodes nothing. */
    open(bytes: Uint8Array, settings: Record<string, never>): void;
    metadata(full: boolean): LibRawMetadata;
    /** Undefined for sensors that do not store one 16-bit sample per pixel. */
    rawImageData(): RawSensorData | undefined;
    delete(): void;
  }

  export interface LibRawModule {
    LibRaw: new () => LibRawDecoder;
  }

  // biome-ignore lint/style/noDefaultExport: it is how the package exports its module
  export default function load(options: {
    wasmBinary: Uint8Array;
    wasmMemory: unknown;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<LibRawModule>;
}
