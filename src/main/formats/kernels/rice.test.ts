import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatKernels } from "./kernels.ts";
import { RICE_CODES } from "./rice-kernels.ts";

type Bytes = 1 | 2 | 4;

class BitWriter {
  private readonly bits: number[] = [];

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) this.bits.push(Math.floor(value / 2 ** bit) % 2);
  }

  bytes(): Uint8Array {
    const out = new Uint8Array(Math.ceil(this.bits.length / 8));
    this.bits.forEach((bit, i) => {
      out[i >> 3] |= bit << (7 - (i & 7));
    });
    return out;
  }
}

/** As a signed number of that many bits: differences wrap around. */
function wrap(value: number, bits: number): number {
  const span = 2 ** bits;
  const folded = ((value % span) + span) % span;
  return folded >= span / 2 ? folded - span : folded;
}

/** An encoder after the standard's description, free in its choice of low bits: `low` by block, null for plain samples. */
function encode(values: number[], block: number, bytes: Bytes, low: (block: number) => number | null): Uint8Array {
  const code = RICE_CODES[bytes];
  const { selector, plain } = code;
  const out = new BitWriter();
  const unsigned = (value: number) => (value < 0 ? value + 2 ** plain : value);
  out.write(unsigned(values[0]), plain);
  let last = values[0];
  for (let start = 0; start < values.length; start += block) {
    const part = values.slice(start, start + block);
    const folded = part.map((value) => {
      const difference = wrap(value - last, plain);
      last = value;
      return difference < 0 ? -2 * difference - 1 : 2 * difference;
    });
    const count = low(start / block);
    if (folded.every((value) => value === 0)) {
      out.write(0, selector);
    } else if (count === null || folded.some((value) => value / 2 ** count > 3000)) {
      out.write(code.escape + 1, selector);
      for (const value of folded) out.write(value, plain);
    } else {
      out.write(count + 1, selector);
      for (const value of folded) {
        const high = Math.floor(value / 2 ** count);
        for (let i = 0; i < high; i++) out.write(0, 1);
        out.write(1, 1);
        out.write(value % 2 ** count, count);
      }
    }
  }
  return out.bytes();
}

function decode(
  kernels: FormatKernels,
  coded: Uint8Array,
  pixels: number,
  block: number,
  bytes: Bytes,
): { result: number; values: number[] } {
  const mark = kernels.mark();
  const source = kernels.take(coded.length + 64);
  const target = kernels.take(pixels * bytes);
  kernels.release(mark);
  kernels.u8(source, coded.length + 64).fill(0xa5);
  kernels.u8(source, coded.length).set(coded);
  const result = kernels.call.riceDecode(source, coded.length, target, pixels, block, bytes);
  const view = new DataView(kernels.memory.buffer, target, pixels * bytes);
  const values = Array.from({ length: pixels }, (_, i) =>
    bytes === 1 ? view.getUint8(i) : bytes === 2 ? view.getInt16(i * 2, true) : view.getInt32(i * 4, true),
  );
  return { result, values };
}

const compiled = FormatKernels.load();
const plain = FormatKernels.reference();

describe("RICE_1", () => {
  it("runs as WASM here", () => {
    expect(compiled.compiled).toBe(true);
    expect(plain.compiled).toBe(false);
  });

  const cases = fc.record({
    bytes: fc.constantFrom<Bytes[]>(1, 2, 4),
    block: fc.constantFrom(16, 32, 5, 1),
    seeds: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 150 }),
    spread: fc.integer({ min: 0, max: 31 }),
    low: fc.array(fc.option(fc.integer({ min: 0, max: 24 }), { freq: 8 }), { minLength: 1, maxLength: 5 }),
  });

  it("gives back what was encoded, in WASM and in TypeScript, whatever the low bits, blocks and sample size", () => {
    fc.assert(
      fc.property(cases, ({ bytes, block, seeds, spread, low }) => {
        const width = bytes * 8;
        const most = RICE_CODES[bytes].escape - 1;
        const values = seeds.map((seed) => {
          const value = wrap(Math.trunc(seed / 2 ** spread), width);
          return bytes === 1 && value < 0 ? value + 256 : value;
        });
        const coded = encode(values, block, bytes, (index) => {
          const wanted = low[index % low.length];
          return wanted === null ? null : Math.min(wanted, most);
        });
        for (const kernels of [compiled, plain]) {
          expect(decode(kernels, coded, values.length, block, bytes)).toEqual({ result: 0, values });
        }
      }),
      { numRuns: 400, seed: 11 },
    );
  });

  it("finds that the input ends early, wherever it does", () => {
    const values = Array.from({ length: 96 }, (_, i) => Math.round(1000 * Math.sin(i * i)));
    const coded = encode(values, 32, 2, () => 7);
    for (let length = 0; length < coded.length - 1; length++) {
      for (const kernels of [compiled, plain]) expect(decode(kernels, coded.subarray(0, length), 96, 32, 2).result).toBe(-1);
    }
  });

  it("comes to the same end on noise in both versions", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.constantFrom<Bytes[]>(1, 2, 4),
        fc.integer({ min: 1, max: 200 }),
        (coded, bytes, pixels) => {
          const [ours, theirs] = [compiled, plain].map((kernels) => decode(kernels, coded, pixels, 32, bytes));
          expect(ours.result).toBe(theirs.result);
          if (ours.result === 0) expect(ours.values).toEqual(theirs.values);
        },
      ),
      { numRuns: 500, seed: 12 },
    );
  });
});
