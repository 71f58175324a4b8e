import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { LibRawDecoder, LibRawModule } from "libraw-wasm/dist/libraw.js";
import { type ErrorCode, NebuliftError } from "../../shared/errors.ts";

/** 64 KiB pages: what libraw-wasm is linked for, and the most it may grow to (2 GiB holds a 150 Mpix camera's file and mosaic). */
const INITIAL_PAGES = 4096;
const MOST_PAGES = 32768;

interface Engine {
  module: LibRawModule;
  memory: { buffer: ArrayBufferLike };
}

let engine: Promise<Engine> | null = null;

/** LibRaw with one file in it. Its methods throw NebuliftErrors; after a trap the next file gets a fresh LibRaw. */
export class RawDecoder {
  private readonly engine: Engine;
  private decoder: LibRawDecoder | null;

  private constructor(engine: Engine, decoder: LibRawDecoder) {
    this.engine = engine;
    this.decoder = decoder;
  }

  /** Parses the file, decodes nothing yet. Throws `unsupported`, `bad-header`, `bad-data`, `feature-missing`. */
  static async open(bytes: Uint8Array): Promise<RawDecoder> {
    engine ??= load();
    const ready = await engine;
    const raw = new RawDecoder(ready, new ready.module.LibRaw());
    raw.run((decoder) => decoder.open(bytes, {}));
    return raw;
  }

  metadata(): ReturnType<LibRawDecoder["metadata"]> {
    return this.run((decoder) => decoder.metadata(true));
  }

  /** The mosaic with its masked borders; undefined when the sensor's samples are not one 16-bit number a pixel. */
  mosaic(): ReturnType<LibRawDecoder["rawImageData"]> {
    return this.run((decoder) => decoder.rawImageData());
  }

  close(): void {
    const { decoder } = this;
    this.decoder = null;
    if (decoder) decoder.delete();
  }

  private run<T>(step: (decoder: LibRawDecoder) => T): T {
    if (!this.decoder) throw new NebuliftError("internal", "a RAW file was closed while it was read");
    try {
      return step(this.decoder);
    } catch (error) {
      const failure = this.describe(error);
      if (failure) this.close();
      else this.discard();
      throw (
        failure ?? new NebuliftError("bad-data", `LibRaw failed on this file: ${error instanceof Error ? error.message : "trap"}`, error)
      );
    }
  }

  /** A trap leaves LibRaw's memory in an unknown state: nothing of it is used again. */
  private discard(): void {
    this.decoder = null;
    engine = null;
  }

  /** A C++ exception comes as a pointer to a std::runtime_error: virtual table, then its text. Null for anything else. */
  private describe(error: unknown): NebuliftError | null {
    if (typeof error !== "object" || error === null || !("excPtr" in error) || typeof error.excPtr !== "number") return null;
    const view = new DataView(this.engine.memory.buffer);
    const text = error.excPtr + 8 <= view.byteLength ? textAt(view, view.getUint32(error.excPtr + 4, true)) : "";
    const code = Number(/failed with code (-?\d+)/.exec(text)?.[1] ?? 0);
    const [meaning, cause] = LIBRAW_ERRORS[code] ?? ["bad-data", text || "LibRaw gave no reason"];
    return new NebuliftError(meaning, cause, error);
  }
}

/** LibRaw's libraw_const.h, enum LibRaw_errors. */
const LIBRAW_ERRORS: Record<number, [ErrorCode, string]> = {
  [-2]: ["unsupported", "LibRaw does not know this camera's files"],
  [-3]: ["no-image-data", "no such image in the RAW file"],
  [-6]: ["no-image-data", "no image in the RAW file"],
  [-7]: ["unsupported", "this compression of RAW data"],
  [-100007]: ["out-of-memory", "LibRaw"],
  [-100008]: ["bad-data", "the RAW data are damaged"],
  [-100009]: ["truncated", "the RAW data end early"],
  [-100011]: ["bad-header", "impossible crop of the sensor"],
  [-100012]: ["too-large", "LibRaw"],
  [-100013]: ["out-of-memory", "LibRaw"],
};

function textAt(view: DataView, at: number): string {
  let text = "";
  for (let i = at; i < Math.min(view.byteLength, at + 120) && view.getUint8(i) !== 0; i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}

async function load(): Promise<Engine> {
  try {
    const { default: start } = await import("libraw-wasm/dist/libraw.js");
    const wasmBinary = readFileSync(createRequire(import.meta.url).resolve("libraw-wasm/dist/libraw.wasm"));
    const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MOST_PAGES, shared: true });
    const module = await start({ wasmBinary, wasmMemory: memory, print() {}, printErr() {} });
    return { module, memory };
  } catch (error) {
    engine = null;
    throw new NebuliftError("feature-missing", "the reader of camera RAW could not be started", error);
  }
}
