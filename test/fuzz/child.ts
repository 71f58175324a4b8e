import { mkdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { NebuliftError } from "../../src/shared/errors.ts";
import type { Picture } from "./likeness.ts";
import type { Seed } from "./seeds.ts";
import { Grader, garbageFault, pictureOf } from "./subject.ts";
import { enter, mutantOf } from "./workshop.ts";

/**
 * Grades mutants one after another in one process: `child.ts FOLDER SEED FROM TO STEP`. It says what it begins with before it
 * begins, so that whoever watches knows which file it died of: `begin INDEX NAME`, `graded`, `end {json}`; `ready` at first.
 */
const MOST_HELD = 512 * 1024 * 1024;
const [folder = "", seed = "0", from = "0", to = "0", step = "1"] = process.argv.slice(2);
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const workshop = enter(folder);
const own = join(folder, `child-${process.pid}`);
mkdirSync(own);
const path = join(own, "frame.bin");
const grader = new Grader();
await grader.prepare(workshop.mono, workshop.bayer);

const truths = new Map<string, Picture | null>();
/** What a seed showed before it was damaged; null for one that nobody could read. */
async function pictureOfSeed(seed: Seed): Promise<Picture | null> {
  const known = truths.get(seed.name);
  if (known !== undefined) return known;
  const whole = join(own, `whole-${seed.name.replace(/\W+/g, "-")}.bin`);
  writeFileSync(whole, seed.bytes);
  const picture = await pictureOf(whole).catch((error: unknown) => {
    if (error instanceof NebuliftError) return null;
    throw error;
  });
  truths.set(seed.name, picture);
  return picture;
}
/** What a mutant may show: its seed's picture, and where that only claims to be of some maker, the sky that is in it. */
async function truthsOf(of: Seed): Promise<Picture[]> {
  if (!of.sky) return [];
  const shown = [of, ...(of.family === "raw" ? workshop.seeds.filter(({ name }) => name === "raw dng") : [])].map(pictureOfSeed);
  return (await Promise.all(shown)).filter((picture) => picture !== null);
}
say("ready");

for (let index = Number(from); index < Number(to); index += Number(step)) {
  const { of, bytes } = mutantOf(workshop, Number(seed), index);
  writeFileSync(path, bytes);
  say(`begin ${index} ${of.family} ${of.name}`);
  forgetPeak();
  const began = process.cpuUsage();
  const { result, fault: itself } = await grader.grade(path);
  const { user, system } = process.cpuUsage(began);
  const peak = peakBytes();
  say("graded");
  // A JPEG has no checksum, and its rows of blocks fit any width: what its pixels should have been, nothing in it tells.
  const fault = itself ?? (result === "clean" && of.family !== "jpeg" ? await garbageFault(path, await truthsOf(of)) : null);
  say(`end ${JSON.stringify({ index, family: of.family, name: of.name, result, fault, cpuMs: (user + system) / 1000, peak })}`);
  // As the engine does with its threads.
  if (getHeapStatistics().external_memory > MOST_HELD) break;
}
rmSync(own, { recursive: true });

/** Linux keeps the most memory a process has ever held, and can be told to begin anew. */
function forgetPeak(): void {
  if (process.platform === "linux") writeFileSync("/proc/self/clear_refs", "5");
}

function peakBytes(): number {
  if (process.platform !== "linux") return process.memoryUsage.rss();
  const line = /VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}
