import { describe, expect, it } from "vitest";
import { lz4Encode } from "../../../../test/fixtures/lz4-writer.ts";
import { samplePixels } from "../../../../test/fixtures/sample-pixels.ts";
import { FormatKernels } from "./kernels.ts";

const compiled = FormatKernels.load();
const reference = FormatKernels.reference();

function decode(kernels: FormatKernels, packed: Uint8Array, room: number): { result: number; bytes: Uint8Array; guard: Uint8Array } {
  const mark = kernels.mark();
  const source = kernels.take(packed.length);
  const target = kernels.take(room + 64);
  kernels.u8(source, packed.length).set(packed);
  kernels.u8(target, room + 64).fill(0xee);
  const result = kernels.call.lz4Decode(source, packed.length, target, room);
  const bytes = kernels.u8(target, Math.max(0, result)).slice();
  const guard = kernels.u8(target + room, 64).slice();
  kernels.release(mark);
  return { result, bytes, guard };
}

/** Bytes that repeat every `period`, in pieces of every length up to 300. */
function repeating(period: number): Uint8Array {
  const parts: number[] = [];
  for (let length = 0; length < 300; length += 7) {
    for (let i = 0; i < length; i++) parts.push((i % period) * 3 + (length & 3));
    parts.push(length & 255, (length * 31) & 255);
  }
  return Uint8Array.from(parts);
}

describe("lz4Decode", () => {
  it("gives back what was packed, at every offset that repeats within 16 bytes and beyond", () => {
    const inputs = [new Uint8Array(0), Uint8Array.of(7), samplePixels(5000, 2), samplePixels(200, 1), new Uint8Array(70_000)];
    for (let period = 1; period <= 40; period++) inputs.push(repeating(period));
    for (const input of inputs) {
      for (const kernels of [compiled, reference]) {
        const { result, bytes } = decode(kernels, lz4Encode(input), input.length);
        expect(result).toBe(input.length);
        expect(Buffer.compare(bytes, input)).toBe(0);
      }
    }
  });

  it("stops where the input ends, the output is full or a match reaches out, as the reference does", () => {
    const cases: [Uint8Array, number, number][] = [
      [new Uint8Array(0), 10, -1],
      [Uint8Array.of(0x50, 1, 2), 10, -1],
      [Uint8Array.of(0xf0), 1000, -1],
      [Uint8Array.of(0xf0, 255, 255), 1000, -1],
      [Uint8Array.of(0x30, 1, 2, 3), 2, -2],
      [Uint8Array.of(0x10, 9, 2, 0, 0x00), 100, -3],
      [Uint8Array.of(0x10, 9, 0, 0, 0x00), 100, -3],
      [Uint8Array.of(0x1f, 9, 1, 0, 200, 0x00), 50, -2],
    ];
    for (const [packed, room, expected] of cases) {
      expect(decode(compiled, packed, room).result).toBe(expected);
      expect(decode(reference, packed, room).result).toBe(expected);
    }
  });

  it("never writes beyond its room, and agrees with the reference on damaged input", () => {
    let state = 12345;
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const whole = lz4Encode(repeating(5));
    const size = repeating(5).length;
    for (let round = 0; round < 600; round++) {
      const packed = whole.slice(0, 1 + next(whole.length));
      for (let i = next(4); i >= 0; i--) packed[next(packed.length)] = next(256);
      const room = next(2) === 0 ? size : next(size);
      const one = decode(compiled, packed, room);
      const two = decode(reference, packed, room);
      expect(one.result).toBe(two.result);
      expect(Buffer.compare(one.bytes, two.bytes)).toBe(0);
      expect(one.guard.every((byte) => byte === 0xee)).toBe(true);
    }
  });
});

describe("unshuffle", () => {
  it("puts items of every size back together, from any first item, as the reference does", () => {
    const bytes = samplePixels(4096, 1, 3);
    for (const size of [2, 3, 4, 8, 16]) {
      const items = Math.floor(bytes.length / size);
      for (const [first, count] of [
        [0, items],
        [5, 33],
        [items - 1, 1],
        [17, 16],
      ]) {
        const results = [compiled, reference].map((kernels) => {
          const mark = kernels.mark();
          const source = kernels.take(bytes.length);
          const target = kernels.take(count * size);
          kernels.u8(source, bytes.length).set(bytes);
          kernels.call.unshuffle(source, items, first, count, size, target);
          const out = kernels.u8(target, count * size).slice();
          kernels.release(mark);
          return out;
        });
        const truth = new Uint8Array(count * size);
        for (let i = 0; i < truth.length; i++) truth[i] = bytes[(i % size) * items + first + Math.floor(i / size)];
        expect(Buffer.compare(results[0], truth)).toBe(0);
        expect(Buffer.compare(results[1], truth)).toBe(0);
      }
    }
  });
});
