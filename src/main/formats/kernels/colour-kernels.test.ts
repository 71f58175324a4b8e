import { describe, expect, it } from "vitest";
import { samplePixels } from "../../../../test/fixtures/sample-pixels.ts";
import { FormatKernels } from "./kernels.ts";

const both = [FormatKernels.load(), FormatKernels.reference()];

describe("addLine16 and addBlocks", () => {
  it("add samples of either byte order and sign, and blocks of columns, as plain arithmetic does", () => {
    const bytes = samplePixels(101, 2, 5);
    const view = new DataView(bytes.buffer);
    for (const kernels of both) {
      for (const swap of [0, 1]) {
        for (const flip of [0, 0x8000]) {
          const mark = kernels.mark();
          const source = kernels.take(bytes.length);
          const line = kernels.take(101 * 4);
          const sums = kernels.take(14 * 4);
          kernels.u8(source, bytes.length).set(bytes);
          kernels.u8(line, 101 * 4).fill(0);
          kernels.u8(sums, 14 * 4).fill(0);
          kernels.call.addLine16(source, 101, swap, flip, line);
          kernels.call.addLine16(source, 101, swap, flip, line);
          kernels.call.addBlocks(line, 14, 7, 5, 1, 3, sums);
          const value = (i: number) => 2 * (view.getUint16(2 * i, swap === 0) ^ flip);
          expect(Array.from(kernels.i32(line, 101))).toEqual(Array.from({ length: 101 }, (_, i) => value(i)));
          expect(Array.from(kernels.i32(sums, 14))).toEqual(Array.from({ length: 14 }, (_, x) => value(7 * x + 1) + value(7 * x + 4)));
          kernels.release(mark);
        }
      }
    }
  });
});
