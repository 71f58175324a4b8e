import { NebuliftError } from "../../../shared/errors.ts";
import { type BackgroundKernels, referenceBackground } from "./background-kernels.ts";
import { type CentreKernels, referenceCentre } from "./centre-kernels.ts";
import { type DetectKernels, referenceDetect } from "./detect-kernels.ts";
import { type LevelsKernels, referenceLevels } from "./levels-kernels.ts";
import { type LoadKernels, referenceLoad } from "./load-kernels.ts";
import { type MoffatKernels, referenceMoffat } from "./moffat-kernels.ts";
import { type NoiseKernels, referenceNoise } from "./noise-kernels.ts";
import { type PeaksKernels, referencePeaks } from "./peaks-kernels.ts";
import { type PreviewKernels, referencePreview } from "./preview-kernels.ts";
import { referenceSensor, type SensorKernels } from "./sensor-kernels.ts";
import { referenceStars, type StarKernels } from "./stars-kernels.ts";
import { referenceTrailCells, type TrailCellKernels } from "./trails-cells-kernels.ts";
import { referenceTrailLines, type TrailLineKernels } from "./trails-lines-kernels.ts";
import { referenceTrailStrips, type TrailStripKernels } from "./trails-strip-kernels.ts";
import { WASM_BASE64 } from "./wasm.ts";

/** What every kernel module exports: functions over byte offsets into the shared memory. Each is declared beside its reference. */
export interface KernelExports
  extends LoadKernels,
    BackgroundKernels,
    TrailCellKernels,
    TrailLineKernels,
    TrailStripKernels,
    LevelsKernels,
    NoiseKernels,
    SensorKernels,
    PreviewKernels,
    DetectKernels,
    PeaksKernels,
    CentreKernels,
    StarKernels,
    MoffatKernels {}

/** The kernels in plain TypeScript: slower, for where WebAssembly has no SIMD, and to test the others against. */
export function referenceKernels(memory: WebAssembly.Memory): KernelExports {
  return {
    ...referenceLoad(memory),
    ...referenceBackground(memory),
    ...referenceTrailCells(memory),
    ...referenceTrailLines(memory),
    ...referenceTrailStrips(memory),
    ...referenceLevels(memory),
    ...referenceNoise(memory),
    ...referenceSensor(memory),
    ...referencePreview(memory),
    ...referenceMoffat(memory),
    ...referenceStars(memory),
    ...referencePeaks(memory),
    ...referenceCentre(memory),
    ...referenceDetect(memory),
  };
}

const PAGE = 65536;

/**
 * One WebAssembly memory with the measuring kernels in it. Offsets are handed out by `take` and all given back by
 * `reset` before the next frame, so a worker's memory grows to its largest frame and then stays.
 */
export class Kernels {
  readonly memory: WebAssembly.Memory;
  readonly call: KernelExports;
  private next: number;
  private readonly base: number;

  private constructor(memory: WebAssembly.Memory, call: KernelExports, base: number) {
    this.memory = memory;
    this.call = call;
    this.base = base;
    this.next = base;
  }

  static load(): Kernels {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
    const bytes = Buffer.from(WASM_BASE64, "base64");
    if (!WebAssembly.validate(bytes)) return new Kernels(memory, referenceKernels(memory), 1024);
    const module = new WebAssembly.Module(bytes);
    const instance = new WebAssembly.Instance(module, {
      env: {
        memory,
        abort: () => {
          throw new NebuliftError("internal", "kernel abort");
        },
      },
    });
    const exports = instance.exports as unknown as KernelExports & { __heap_base: WebAssembly.Global };
    return new Kernels(memory, exports, Number(exports.__heap_base.value));
  }

  /** The same machinery over the plain TypeScript kernels. */
  static reference(): Kernels {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
    return new Kernels(memory, referenceKernels(memory), 1024);
  }

  /** Byte offset of `bytes` fresh bytes, 16-byte aligned; contents are whatever was there before. */
  take(bytes: number): number {
    const offset = (this.next + 15) & ~15;
    const end = offset + bytes;
    if (end > 65536 * PAGE) throw new NebuliftError("out-of-memory", `${bytes} bytes for measuring`);
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / PAGE));
      } catch (error) {
        throw new NebuliftError("out-of-memory", `${bytes} bytes for measuring`, error);
      }
    }
    this.next = end;
    return offset;
  }

  /** Position to which `release` can return: scratch of one step is given back before the next. */
  mark(): number {
    return this.next;
  }

  release(mark: number): void {
    this.next = mark;
  }

  reset(): void {
    this.next = this.base;
  }

  /** Views are only valid until the next `take`: growing the memory detaches them. */
  u8(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, offset, length);
  }
  u16(offset: number, length: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, offset, length);
  }
  i16(offset: number, length: number): Int16Array {
    return new Int16Array(this.memory.buffer, offset, length);
  }
  i32(offset: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, offset, length);
  }
  f32(offset: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, offset, length);
  }
}
