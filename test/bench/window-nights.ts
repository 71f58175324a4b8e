import { existsSync } from "node:fs";
import { link, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { planNight, writeNight } from "../../src/main/simulate/index.ts";
import { nightSpec } from "../../src/main/simulate/presets.ts";

export interface LongNight {
  /** Frames of this many different skies; the others are further names of the same files. */
  skies: number;
  frames: number;
  width: number;
  height: number;
}

/**
 * A folder of many frames that takes the room and the time of a few: names are hard links to a handful of simulated frames,
 * so a night of 10 000 is made in seconds and every frame of it is read, judged and shown like any other. Made once.
 */
export async function longNight(parent: string, { skies, frames, width, height }: LongNight): Promise<string> {
  const folder = join(parent, `${frames} frames of ${width}x${height}`);
  if (existsSync(folder)) return folder;
  await mkdir(parent, { recursive: true });
  const scratch = await mkdtemp(join(parent, "making-"));
  const source = join(scratch, "source");
  await writeNight(planNight(nightSpec("demo", { frames: skies, width, height }, 7), 7), source);
  const files = (await readdir(source)).filter((name) => name.endsWith(".fits")).sort();
  const night = join(scratch, "night");
  await mkdir(night);
  for (let frame = 0; frame < frames; frame++)
    await link(join(source, files[frame % files.length] ?? ""), join(night, `Light_${String(frame + 1).padStart(5, "0")}.fits`));
  await rename(night, folder);
  await rm(scratch, { recursive: true });
  return folder;
}
