import { darkStart, localNoon, rightAscensionAt, startBeforeMoonrise, timeOfSun } from "./almanac.ts";
import { SENSORS, TELESCOPES } from "./equipment.ts";
import { Random } from "./random.ts";
import { randomNight } from "./random-night.ts";
import { SCENE_NAMES, sceneNight } from "./scenes.ts";
import { scheduleDefects } from "./schedule.ts";
import type { DefectSpec, NightSpec, PresetOptions, SiteSpec } from "./spec.ts";

export const PRESETS = ["demo", "random", ...SCENE_NAMES] as const;
export type PresetName = (typeof PRESETS)[number];

/** A night's recipe by name. The same options and seed give the same recipe. */
export function nightSpec(preset: PresetName, options: PresetOptions, seed: number): NightSpec {
  if (preset === "demo") return demoNight(options, seed);
  if (preset === "random") return randomNight(options, seed);
  const spec = sceneNight(preset, options, seed);
  if (!options.defects) return spec;
  const random = new Random(seed).fork(preset);
  return {
    ...spec,
    defects: scheduleDefects(
      options.defects,
      spec.sequence.reduce((sum, block) => sum + block.count, 0),
      random,
    ),
  };
}

const DEMO_SITE: SiteSpec = {
  latitude: 47.2,
  longitude: 9.8,
  elevation: 820,
  zenithSky: 21.1,
  domeAzimuth: 310,
  domeStrength: 2,
  haze: 0,
};

/**
 * A short night with a story: it begins clear, satellites cross, a bank of cloud passes, focus drifts as it cools until
 * somebody refocuses, a gust shakes the mount, the target sinks into a tree, and day breaks.
 */
function demoNight(options: PresetOptions, seed: number): NightSpec {
  const frames = options.frames ?? 28;
  const random = new Random(seed).fork("demo");
  const exposure = 300;
  const overhead = 12;
  const duration = frames * (exposure + overhead) * 1000;
  const noon = localNoon(DEMO_SITE, Date.UTC(2026, 8, 14));
  const wanted = options.defects ?? null;
  const breaksDay = wanted === null || wanted.some((d) => d.kind === "dawn");
  const dawn = timeOfSun(DEMO_SITE, noon, -13.2, true) ?? noon;
  const beforeMoon = wanted?.some((d) => d.kind === "moonrise") ? startBeforeMoonrise(DEMO_SITE, noon, duration, 0.6) : null;
  const start = beforeMoon ?? (breaksDay ? dawn - duration : darkStart(DEMO_SITE, noon, duration, 0.6));
  // Past the meridian from the first frame on, so that the night is one group.
  const hours = duration / 3_600_000;
  const rightAscension = rightAscensionAt(DEMO_SITE, start, Math.max(0.15, 2.2 - hours));
  const telescope = TELESCOPES[6];
  return {
    name: "demo",
    start,
    site: DEMO_SITE,
    telescope: { ...telescope, coma: 0.6, tilt: [0.25, 0.1] },
    sensor: {
      ...SENSORS[0],
      name: "Simulated camera",
      width: options.width ?? 1776,
      height: options.height ?? 1184,
      cfa: options.bayer ? "RGGB" : null,
    },
    mount: { cameraAngle: 12, guiding: 0.45, periodicError: 0.3, dither: 9, pointing: 6, overhead },
    weather: {
      seeing: 2.4,
      seeingScatter: 0.05,
      seeingTrend: 1.03,
      moffatBeta: 3.6,
      transparencyScatter: 0.012,
      temperature: 9,
      cooling: 1.3,
    },
    targets: [
      {
        name: "NGC 1514",
        rightAscension,
        declination: 38,
        starDensity: 900,
        cluster: null,
        galaxies: [],
        faintGalaxies: 1,
        nebula: { peak: 22.2, radius: 420, filaments: 0.5 },
        brightStars: [8.4, 9.6],
      },
    ],
    sequence: [{ target: 0, filter: "L", exposure, count: frames }],
    defects: wanted === null ? demoStory(frames) : scheduleDefects(wanted, frames, random),
  };
}

function demoStory(frames: number): DefectSpec[] {
  const at = (share: number) => Math.round(share * frames);
  return [
    { kind: "satellite", from: at(0.1), to: at(0.1), strength: 0.6 },
    { kind: "satellite", from: at(0.2), to: at(0.2), strength: 0.38 },
    { kind: "cloud", from: at(0.29), to: at(0.43), strength: 0.85 },
    { kind: "satellite", from: at(0.36), to: at(0.36), strength: 0.5 },
    { kind: "focus", from: at(0.5), to: at(0.63), strength: 0.62 },
    { kind: "wind", from: at(0.71), to: at(0.74), strength: 0.75 },
    { kind: "jump", from: at(0.78), to: at(0.78), strength: 0.6 },
    { kind: "obstruction", from: at(0.84), to: frames - 1, strength: 0.85 },
  ];
}
