import { KEPT_SCENES } from "./scenes-kept.ts";
import { LOST_SCENES, SHORT_SCENES, SLOW_SCENES, SWEEP_SCENES } from "./scenes-spoilt.ts";
import type { NightSpec, PresetOptions } from "./spec.ts";

/** Nights that each ask one question of the judgement, by name; docs/simulate.md lists them. */
const SCENES = { ...KEPT_SCENES, ...LOST_SCENES, ...SLOW_SCENES, ...SWEEP_SCENES, ...SHORT_SCENES };
export type SceneName = keyof typeof SCENES;

export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];

/** The same options and seed give the same night. */
export const sceneNight = (name: SceneName, options: PresetOptions, seed: number): NightSpec => SCENES[name](options, seed);

/** Scenes by what they ask: is all of it kept, is all of it refused, is a slow decline seen, where does seeing begin? */
export const keptScenes = Object.keys(KEPT_SCENES) as (keyof typeof KEPT_SCENES)[];
export const lostScenes = Object.keys(LOST_SCENES) as (keyof typeof LOST_SCENES)[];
export const slowScenes = Object.keys(SLOW_SCENES) as (keyof typeof SLOW_SCENES)[];
export const sweepScenes = Object.keys(SWEEP_SCENES) as (keyof typeof SWEEP_SCENES)[];
