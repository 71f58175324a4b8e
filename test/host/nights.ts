import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planNight, writeNight } from "../../src/main/simulate/index.ts";
import { nightSpec } from "../../src/main/simulate/presets.ts";

/** Writes a simulated night into a fresh folder and returns it. The folder's name is what the window's title says. */
export async function simulatedNight(
  name: string,
  options: { frames: number; width: number; height: number; seed: number },
): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), "night-")), name);
  const { seed, ...size } = options;
  await writeNight(planNight(nightSpec("demo", size, seed), seed), folder);
  return folder;
}

export async function emptyFolder(name: string): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), "night-")), name);
  await mkdir(folder);
  return folder;
}

/** Puts a file beside the frames that begins like a frame and ends too soon. */
export async function addDamagedFrame(folder: string, name: string): Promise<void> {
  const card = (text: string) => text.padEnd(80);
  const header = [
    "SIMPLE  =                    T",
    "BITPIX  =                   16",
    "NAXIS   =                    2",
    "NAXIS1  =                 1000",
    "NAXIS2  =                  800",
    "END",
  ];
  await writeFile(join(folder, name), header.map(card).join("").padEnd(2880));
}
