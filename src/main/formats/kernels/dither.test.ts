import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DITHER_COUNT } from "./dither-kernels.ts";
import { FormatKernels } from "./kernels.ts";

interface Case {
  stored: number[];
  start: number;
  dither: number;
  scale: number;
  zero: number;
  blank: number;
  bytes: 4 | 8;
}

function run(kernels: FormatKernels, { stored, start, dither, scale, zero, blank, bytes }: Case): number[] {
  const mark = kernels.mark();
  const source = kernels.take(stored.length * 4);
  const target = kernels.take(stored.length * bytes);
  kernels.release(mark);
  kernels.i32(source, stored.length).set(stored);
  kernels.call.dequantise(source, target, stored.length, start, dither, scale, zero, blank, bytes);
  const { buffer } = kernels.memory;
  return Array.from(bytes === 4 ? new Float32Array(buffer, target, stored.length) : new Float64Array(buffer, target, stored.length));
}

const compiled = FormatKernels.load();
const plain = FormatKernels.reference();

/** Reads the random numbers back: of stored 0, scale -1 and zero 0.5 nothing is left but them. */
function sequence(kernels: FormatKernels, start: number, count: number): number[] {
  return run(kernels, { stored: new Array(count).fill(0), start, dither: 1, scale: -1, zero: 0.5, blank: 2 ** 40, bytes: 8 });
}

describe("quantised floats", () => {
  it("use the standard's random sequence, whose last seed is 1043618065", () => {
    for (const kernels of [compiled, plain]) {
      const all = new Set<number>();
      for (let start = 0; start < DITHER_COUNT; start += 97) for (const value of sequence(kernels, start, DITHER_COUNT)) all.add(value);
      expect(all.has(Math.fround(16807 / 2147483647))).toBe(true);
      expect(all.has(Math.fround(1043618065 / 2147483647))).toBe(true);
    }
  });

  it("come out the same in WASM and in TypeScript, blank and zero pixels too, for tiles longer than the sequence", () => {
    const special = [-2147483647, -2147483646, -2147483648, 0, 1, 2147483647];
    const cases = fc.record({
      stored: fc
        .array(fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(...special)), { minLength: 1, maxLength: 90 })
        .chain((values) => fc.constantFrom(1, 1, 1, 300).map((times) => new Array<number[]>(times).fill(values).flat())),
      start: fc.integer({ min: 0, max: DITHER_COUNT - 1 }),
      dither: fc.constantFrom(0, 1, 2),
      scale: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      zero: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      blank: fc.constantFrom(2 ** 40, -2147483647, -2147483648, 5),
      bytes: fc.constantFrom<(4 | 8)[]>(4, 8),
    });
    fc.assert(
      fc.property(cases, (one) => {
        expect(run(compiled, one)).toEqual(run(plain, one));
      }),
      { numRuns: 250, seed: 31 },
    );
  });

  it("are scale * stored + zero without dithering, NaN where blank, 0 where kept", () => {
    const one: Case = { stored: [1, -2147483646, 7, 3, 2], start: 0, dither: 0, scale: 0.5, zero: 10, blank: 7, bytes: 8 };
    for (const kernels of [compiled, plain]) {
      expect(run(kernels, one)).toEqual([10.5, -1073741813, Number.NaN, 11.5, 11]);
      expect(run(kernels, { ...one, dither: 2 })[1]).toBe(0);
      expect(run(kernels, { ...one, dither: 1 })[1]).not.toBe(0);
    }
  });
});
