import { NebuliftError } from "../../../shared/errors.ts";
import { type ColourKernels, referenceColour } from "./colour-kernels.ts";
import { DITHER_COUNT, type DitherKernels, referenceDither } from "./dither-kernels.ts";
import { type HcompressKernels, referenceHcompress } from "./hcompress-kernels.ts";
import { type Lz4Kernels, referenceLz4 } from "./lz4-kernels.ts";
import { type RiceKernels, referenceRice } from "./rice-kernels.ts";
import { WASM_BASE64 } from "./wasm.ts";

/** What the decoding kernels offer: functions over byte offsets into one shared memory. */
export interface FormatKernelExports extends RiceKernels, HcompressKernels, DitherKernels, Lz4Kernels, ColourKernels {}

/** What the module needs to be set up with. */
interface Internals {
  heapBase(): number;
  prepareDither(table: number): void;
}

const PAGE = 65536;
const MAXIMUM_PAGES = 65536;

/**
 * One WebAssembly memory with the decoding kernels in it. Offsets are handed out by `take`; a decoder gives its own back
 * by `release(mark)`, so that the memory stays as large as the largest single tile or block that was ever decoded.
 */
export class FormatKernels {
  readonly memory: WebAssembly.Memory;
  readonly call: FormatKernelExports;
  /** False where WASM SIMD is missing and the plain TypeScript runs instead. */
  readonly compiled: boolean;
  private next: number;

  private constructor(memory: WebAssembly.Memory, call: FormatKernelExports, base: number, compiled: boolean) {
    this.memory = memory;
    this.call = call;
    this.next = base;
    this.compiled = compiled;
  }

  static load(): FormatKernels {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM_PAGES });
    const bytes = Buffer.from(WASM_BASE64, "base64");
    if (!WebAssembly.validate(bytes)) return FormatKernels.reference(memory);
    const abort = () => {
      throw new NebuliftError("internal", "kernel abort");
    };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, abort } });
    const exports = instance.exports as unknown as FormatKernelExports & Internals;
    const kernels = new FormatKernels(memory, exports, exports.heapBase(), true);
    exports.prepareDither(kernels.take(DITHER_COUNT * 4));
    return kernels;
  }

  /** The plain TypeScript in place of WASM, on a memory of its own unless one is given. */
  static reference(memory = new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM_PAGES })): FormatKernels {
    const call = {
      ...referenceRice(memory),
      ...referenceHcompress(memory),
      ...referenceDither(memory),
      ...referenceLz4(memory),
      ...referenceColour(memory),
    };
    return new FormatKernels(memory, call, 16, false);
  }

  /** Byte offset of `bytes` fresh bytes, 16-byte aligned; contents are whatever was there before. Throws `out-of-memory`. */
  take(bytes: number): number {
    const offset = Math.ceil(this.next / 16) * 16;
    const end = offset + bytes;
    const missing = end - this.memory.buffer.byteLength;
    if (end > MAXIMUM_PAGES * PAGE) throw new NebuliftError("out-of-memory", `${bytes} bytes for decoding`);
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / PAGE));
      } catch (error) {
        throw new NebuliftError("out-of-memory", `${bytes} bytes for decoding`, error);
      }
    }
    this.next = end;
    return offset;
  }

  mark(): number {
    return this.next;
  }

  release(mark: number): void {
    this.next = mark;
  }

  /** Views are only valid until the next `take`: growing the memory detaches them. */
  u8(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, offset, length);
  }
  i32(offset: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, offset, length);
  }
}

let loaded: FormatKernels | null = null;

/** This thread's kernels, compiled on first use. Decoding is synchronous, so one set serves every open file of a thread. */
export function formatKernels(): FormatKernels {
  loaded ??= FormatKernels.load();
  return loaded;
}
