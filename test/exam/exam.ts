import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type GradedNight, gradeNight, openExamServices } from "./graded.ts";
import { type Line, lineText } from "./lines.ts";
import { keepLines, lostLines, randomLines, shortLines } from "./night-scores.ts";
import { type ExamNight, type ExamOptions, type ExamPart, examNights, SEEDS } from "./nights.ts";
import { slowLines } from "./occlusion.ts";
import { rejudgingLines } from "./rejudging.ts";
import { isRight } from "./rightness.ts";
import { openShelf, type Shelf } from "./shelf.ts";
import { sweepLines } from "./sweeps.ts";
import { trailLines } from "./trail-scores.ts";
import { wrongFrames } from "./wrong-frames.ts";

const HELP = `npm run exam -- [--quick] [--seeds A,B,C] [--scenes A,B] [--frames N] [--size WxH] [--large] [--keep DIR] [--json FILE]

Simulates nights whose truth is known, grades them as the program does, and prints each number that the judgement is held to.
  --quick     six random nights of 40 frames, everything small
  --seeds     of the random nights (twenty of them)
  --scenes    only these nights or parts: random, keep, good, lost, short, slow, sweep, or names such as globular,random-31004
  --frames    frames a night (80, 30 in most scenes)
  --size      of every night's frames, e.g. 1600x1200 (drawn by the seeds)
  --large     with a night of 61 megapixels
  --keep      a folder for nights and measurements: they are found again there, so that the next run only judges (some 15 GB)
  --json      write the numbers and every frame's truth and verdict
  --threads   rendering and measuring threads (as many as cores, at most 4)
  --wrong     frames judged wrongly to list per night (12)
Exit code 1 when a goal is missed.`;

const { values: given } = parseArgs({
  options: {
    quick: { type: "boolean" },
    seeds: { type: "string" },
    scenes: { type: "string" },
    frames: { type: "string" },
    size: { type: "string" },
    large: { type: "boolean" },
    keep: { type: "string" },
    json: { type: "string" },
    threads: { type: "string" },
    wrong: { type: "string" },
    help: { type: "boolean" },
  },
});

async function exam(): Promise<number> {
  const nights = examNights(examOptions());
  if (nights.length === 0) throw new WrongUse(`--scenes ${given.scenes}: no night of the exam is called that`);
  const threads = given.threads === undefined ? Math.min(4, availableParallelism()) : whole("--threads", given.threads);
  const shelf = await openShelf(given.keep === undefined ? null : resolve(given.keep));
  process.once("SIGINT", () => {
    void shelf.close().finally(() => process.exit(130));
  });
  try {
    const graded = await gradeAll(nights, shelf, threads);
    const lines = linesOf(graded);
    process.stdout.write(`\n${lines.map(lineText).join("\n")}\n`);
    if (given.json !== undefined) await writeFile(given.json, `${JSON.stringify({ lines, nights: graded.map(recordOf) }, null, 1)}\n`);
    const missed = lines.filter(({ met }) => met === false).length;
    process.stdout.write(`\n${lines.filter(({ met }) => met === true).length} goals met, ${missed} missed\n`);
    return missed > 0 ? 1 : 0;
  } finally {
    await shelf.close();
  }
}

function examOptions(): ExamOptions {
  const size = /^(\d{3,5})x(\d{3,5})$/.exec(given.size ?? "640x480");
  if (size === null) throw new WrongUse(`--size ${given.size}: it takes WIDTHxHEIGHT, e.g. 1600x1200`);
  return {
    seeds: given.seeds === undefined ? SEEDS : list(given.seeds).map((seed) => whole("--seeds", seed)),
    quick: given.quick === true,
    scenes: list(given.scenes ?? ""),
    frames: given.frames === undefined ? null : whole("--frames", given.frames),
    size: given.size === undefined ? null : { width: Number(size[1]), height: Number(size[2]) },
    large: given.large === true,
  };
}

class WrongUse extends Error {}

function whole(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new WrongUse(`${name} ${text}: it takes whole numbers above 0`);
  return Number(text);
}

const list = (text: string): string[] => text.split(",").filter((word) => word !== "");

/** Renders nights on threads of their own, one or two ahead, and grades them one after another as they come. */
async function gradeAll(nights: readonly ExamNight[], shelf: Shelf, threads: number): Promise<GradedNight[]> {
  const services = openExamServices(shelf.home, threads);
  const graded = new Map<string, GradedNight>();
  const waiting = [...nights];
  let turn: Promise<void> = Promise.resolve();
  const lane = async (): Promise<void> => {
    for (let night = waiting.shift(); night !== undefined; night = waiting.shift()) {
      const here = night;
      const folder = await shelf.fetch(here);
      const mine = turn.then(async () => {
        const began = performance.now();
        const result = await gradeNight(services, here, folder);
        graded.set(here.name, result);
        say(result, performance.now() - began);
      });
      turn = mine.catch(() => {});
      await mine;
      await shelf.release(folder);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, threads) }, lane));
  } finally {
    await services.close();
  }
  return nights.flatMap((night) => graded.get(night.name) ?? []);
}

function say(result: GradedNight, milliseconds: number): void {
  const { night, frames, groups } = result;
  const { sensor, telescope } = night.spec;
  const right = frames.filter(isRight).length;
  process.stdout.write(
    `${night.name.padEnd(22)} ${String(right).padStart(3)}/${String(frames.length).padEnd(3)} right   ${sensor.width}x${sensor.height}${sensor.cfa ? " CFA" : ""}, ${telescope.focalLength} mm, groups of ${groups.map((group) => group.frames).join(",")}, graded in ${(milliseconds / 1000).toFixed(1)} s\n`,
  );
  for (const line of wrongFrames(result, Number(given.wrong ?? 12))) process.stdout.write(`    ${line}\n`);
}

function linesOf(graded: readonly GradedNight[]): Line[] {
  const of = (part: ExamPart) => graded.filter(({ night }) => night.part === part);
  const asked = <T>(nights: readonly T[], lines: (nights: readonly T[]) => Line[]): Line[] => (nights.length === 0 ? [] : lines(nights));
  return [
    ...asked(of("random"), randomLines),
    ...asked(of("keep"), (nights) => keepLines("keep", nights)),
    ...asked(of("good"), (nights) => keepLines("good", nights)),
    ...asked(of("lost"), lostLines),
    ...asked(of("short"), shortLines),
    ...asked(of("slow"), slowLines),
    ...asked(graded, trailLines),
    ...asked(of("sweep"), sweepLines),
    ...asked(of("random"), rejudgingLines),
  ];
}

function recordOf({ night, frames, groups }: GradedNight) {
  return {
    night: night.name,
    part: night.part,
    seed: night.seed,
    groups,
    frames: frames.map(({ truth, frame, found }) => ({ truth, frame, trails: found })),
  };
}

if (given.help) process.stdout.write(`${HELP}\n`);
else {
  process.exitCode = await exam().catch((error: unknown) => {
    if (!(error instanceof WrongUse)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  });
}
