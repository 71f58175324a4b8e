import { nightSpec, type PresetName } from "../../src/main/simulate/presets.ts";
import { Random } from "../../src/main/simulate/random.ts";
import { keptScenes, lostScenes, slowScenes, sweepScenes } from "../../src/main/simulate/scenes.ts";
import type { NightSpec, PresetOptions } from "../../src/main/simulate/spec.ts";

/** What a night of the exam asks. */
export type ExamPart = "random" | "keep" | "good" | "lost" | "short" | "slow" | "sweep";

export interface ExamNight {
  /** Unique in the exam, and what --scenes picks by. */
  name: string;
  part: ExamPart;
  seed: number;
  spec: NightSpec;
}

export interface ExamOptions {
  /** Of the random nights. */
  seeds: readonly number[];
  quick: boolean;
  /** Only nights whose name holds one of these; all when empty. */
  scenes: readonly string[];
  frames: number | null;
  size: { width: number; height: number } | null;
  /** With a night of 61 megapixels. */
  large: boolean;
}

/** Never looked at while the judgement was being made. */
export const SEEDS = Array.from({ length: 20 }, (_, i) => 31001 + i);
const QUICK_SEEDS = 6;

export function examNights(options: ExamOptions): ExamNight[] {
  const seeds = options.quick ? options.seeds.slice(0, QUICK_SEEDS) : options.seeds;
  const nights = [
    ...seeds.map((seed) => randomNight(seed, options)),
    ...(options.large ? [night("random", "large", "random", 61_061, { frames: 12, width: 9576, height: 6388 }, {})] : []),
    ...keptScenes.map((scene, i) => night("keep", scene, scene, 410 + i, {}, options)),
    ...seeds.slice(0, options.quick ? 2 : 5).map((seed) => goodNight(seed + 5000, options)),
    ...lostScenes.map((scene, i) => night("lost", scene, scene, 430 + i, {}, options)),
    ...[3, 8, 20].map((frames) => night("short", `short-${frames}`, "short", 440 + frames, { frames }, {})),
    ...slowScenes.map((scene, i) => night("slow", scene, scene, 450 + i, {}, { ...options, frames: null })),
    ...sweepScenes.map((scene, i) => night("sweep", scene, scene, 470 + i, {}, { ...options, frames: null })),
  ];
  const wanted = options.scenes;
  return wanted.length === 0 ? nights : nights.filter(({ name, part }) => wanted.some((word) => name.includes(word) || part === word));
}

function night(
  part: ExamPart,
  name: string,
  preset: PresetName,
  seed: number,
  fixed: PresetOptions,
  given: Partial<Pick<ExamOptions, "frames" | "size" | "quick">>,
): ExamNight {
  const options: PresetOptions = {
    frames: given.frames ?? null,
    ...(given.size ?? (given.quick ? { width: 1200, height: 800 } : {})),
    ...fixed,
  };
  return { name, part, seed, spec: nightSpec(preset, options, seed) };
}

function randomNight(seed: number, options: ExamOptions): ExamNight {
  return night(
    "random",
    `random-${seed}`,
    "random",
    seed,
    { frames: options.frames ?? (options.quick ? 40 : 80), ...sizeFor(seed, options) },
    {},
  );
}

/** A random night with nothing going wrong. */
function goodNight(seed: number, options: ExamOptions): ExamNight {
  const fixed = { frames: options.frames ?? (options.quick ? 24 : 40), defects: [], ...sizeFor(seed, options) };
  return night("good", `good-${seed}`, "random", seed, fixed, {});
}

/**
 * The camera that the seed drew, cut to 1..16 megapixels, small ones more often (as many pixels in all from each octave of
 * sizes): what all nights together cost stays bounded. Quick runs end at 2 megapixels.
 */
function sizeFor(seed: number, options: ExamOptions): PresetOptions {
  if (options.size) return options.size;
  const sensor = nightSpec("random", { frames: 10 }, seed).sensor;
  const most = (options.quick ? 2 : 16) / 1;
  const share = new Random(seed).fork("exam size").uniform();
  const pixels = Math.min(sensor.width * sensor.height, 1e6 / (1 - share * (1 - 1 / most)));
  const scale = Math.sqrt(pixels / (sensor.width * sensor.height));
  return { width: 2 * Math.round((sensor.width * scale) / 2), height: 2 * Math.round((sensor.height * scale) / 2) };
}
