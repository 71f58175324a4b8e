import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOfSystemError, NebuliftError } from "../../shared/errors.ts";
import { encodeFits } from "../formats/fits-write.ts";
import type { NightPlan } from "./frame-plan.ts";
import { renderFrame } from "./render.ts";
import { truthCsv } from "./truth.ts";

export interface WriteOptions {
  signal?: AbortSignal;
  /** After each frame: how many are written, of how many. */
  onProgress?: (written: number, total: number) => void;
}

/**
 * Writes a night as FITS files and truth.csv into a folder, which is made if need be and must be empty: nothing is ever
 * overwritten. A frame appears under its name only once it is whole. truth.csv comes first, so that a night cut short
 * has its truth.
 * Throws `output-exists`, `output-unwritable`, `disk-full`, `cancelled`.
 */
export async function writeNight(plan: NightPlan, folder: string, options: WriteOptions = {}): Promise<void> {
  const { signal, onProgress } = options;
  await writable(folder, async () => {
    await mkdir(folder, { recursive: true });
    const present = await readdir(folder);
    if (present.length > 0) throw new NebuliftError("output-exists", `${folder} holds ${present.length} entries`);
    await writeFile(join(folder, "truth.csv"), truthCsv(plan), { flag: "wx" });
  });
  for (const frame of plan.frames) {
    if (signal?.aborted) throw new NebuliftError("cancelled", `after ${frame.index} of ${plan.frames.length} frames`);
    const { width, height, data, keywords } = renderFrame(plan, frame.index);
    const bytes = encodeFits({ width, height, bitpix: 16, data, keywords });
    const path = join(folder, frame.name);
    await writable(path, async () => {
      try {
        await writeFile(`${path}.part`, bytes, { flag: "wx" });
        await rename(`${path}.part`, path);
      } catch (error) {
        // The part is ours, written a moment ago: on a full disk its space is what the user needs back.
        await rm(`${path}.part`, { force: true });
        throw error;
      }
    });
    onProgress?.(frame.index + 1, plan.frames.length);
  }
}

async function writable(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof NebuliftError) throw error;
    const code = codeOfSystemError(error, "output-unwritable");
    throw new NebuliftError(code === "disk-full" ? code : "output-unwritable", path, error);
  }
}
