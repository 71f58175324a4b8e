import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toNebuliftError } from "../../shared/errors.ts";
import { openFrame } from "./index.ts";
import { FormatKernels } from "./kernels/kernels.ts";

const INPUT = 4096;
const OUTPUT = 8192;

/**
 * Runs the decoding kernels and their plain TypeScript over the same bytes; what differs, or null. Any bytes will do: where
 * they are no valid code, both must say so in the same way.
 */
export function formatKernelsDiffer(): string | null {
  const compiled = FormatKernels.load();
  const plain = FormatKernels.reference();
  const input = Uint8Array.from({ length: INPUT }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 13) & 255);
  const tasks: [name: string, (kernels: FormatKernels, from: number, to: number) => number][] = [
    ["RICE_1", ({ call }, from, to) => call.riceDecode(from, INPUT, to, 1500, 32, 2)],
    ["RICE_1, 32 bits", ({ call }, from, to) => call.riceDecode(from, INPUT, to, 500, 32, 4)],
    ["LZ4", ({ call }, from, to) => call.lz4Decode(from, INPUT, to, OUTPUT)],
    [
      "unshuffle",
      ({ call }, from, to) => {
        call.unshuffle(from, INPUT / 4, 3, 1000, 4, to);
        return 0;
      },
    ],
    [
      "rows of colours",
      ({ call }, from, to) => {
        call.addLine16(from, 1000, 1, 0x8000, to);
        return 0;
      },
    ],
  ];
  for (const [name, task] of tasks) {
    const [ours, theirs] = [compiled, plain].map((kernels) => {
      const mark = kernels.mark();
      const from = kernels.take(INPUT + 64);
      const to = kernels.take(OUTPUT + 64);
      kernels.u8(from, INPUT + 64).fill(0);
      kernels.u8(from, INPUT).set(input);
      kernels.u8(to, OUTPUT).fill(0);
      const code = task(kernels, from, to);
      const bytes = Buffer.from(kernels.u8(to, OUTPUT));
      kernels.release(mark);
      return { code, bytes };
    });
    // What a refused input leaves behind is nobody's business.
    if (ours.code !== theirs.code || (ours.code === 0 && !ours.bytes.equals(theirs.bytes))) return name;
  }
  return null;
}

/**
 * Whether the reader that a file needs can be started here: null when it can, else why not. The file is opened from a folder
 * of its own below `scratch`.
 */
export async function readerMissing(scratch: string, bytes: Uint8Array): Promise<string | null> {
  const folder = mkdtempSync(join(scratch, "nebulift-reader-"));
  try {
    const path = join(folder, "frame");
    writeFileSync(path, bytes);
    const frame = await openFrame(path);
    await frame.prepare().finally(() => frame.close());
    return null;
  } catch (error) {
    const { code, detail } = toNebuliftError(error);
    return code === "feature-missing" || code === "internal" ? detail : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
