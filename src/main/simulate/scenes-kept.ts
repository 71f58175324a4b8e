import { fieldWhere, rightAscensionAt, startUnderMoon } from "./almanac.ts";
import { Random } from "./random.ts";
import type { GalaxySpec, NightSpec, PresetOptions } from "./spec.ts";
import { cameraNamed, PLAIN_FIELD, type Play, scopeNamed, stage } from "./stage.ts";

type MakeNight = (options: PresetOptions, seed: number) => NightSpec;

const play =
  (part: Play): MakeNight =>
  (options, seed) =>
    stage(part, options, seed);

const field = (more: Partial<Play["target"]>): Play["target"] => ({ ...PLAIN_FIELD, ...more });

/** Good throughout, and each with something that could be taken for a fault. */
export const KEPT_SCENES = {
  /** As the Orion nebula at half a metre of focus: light of its own over the whole field, many times the sky. */
  nebula: play({
    name: "nebula",
    frames: 30,
    telescope: scopeNamed("Refractor 106 f/5"),
    target: field({ starDensity: 900, nebula: { peak: 18.6, radius: 1100, filaments: 0.6 }, brightStars: [5.2, 6.6] }),
  }),
  /** As M 13: thousands of stars that touch. */
  globular: play({
    name: "globular",
    frames: 30,
    telescope: scopeNamed("Ritchey-Chretien 200 f/8"),
    target: field({
      starDensity: 400,
      cluster: { kind: "globular", stars: 30_000, radius: 100, brightest: 11.7, offset: [40, -25] },
    }),
  }),
  "bright-star": play({
    name: "bright-star",
    frames: 30,
    telescope: scopeNamed("Newton 200 f/4"),
    target: field({ brightStars: [2.4, 7] }),
  }),
  "bright-star-refractor": play({
    name: "bright-star-refractor",
    frames: 30,
    telescope: scopeNamed("Refractor 130 f/7"),
    target: field({ brightStars: [3, 6.4] }),
  }),
  /** A half to gibbous moon some 90 degrees away, all night. */
  moonlit: play({
    name: "moonlit",
    frames: 36,
    telescope: scopeNamed("Refractor 80 f/6"),
    start: (site, from, duration) => startUnderMoon(site, from, duration, 75),
    cost: (first, last, fromMoon) => (first.hourAngle < 0.5 ? 1000 : 0) + Math.abs(fromMoon - 90) + 3 * Math.max(0, 50 - last.altitude),
    target: field({ starDensity: 900 }),
  }),
  /** Sinking from 35 to 25 degrees: dimmer, softer and brighter sky with every frame. */
  low: play({
    name: "low",
    frames: 36,
    exposure: 90,
    telescope: scopeNamed("Refractor 106 f/5"),
    cost: (first, last) => Math.abs(first.altitude - 35) + Math.abs(last.altitude - 25) + (first.hourAngle < 0 ? 100 : 0),
    target: field({ starDensity: 900 }),
  }),
  /** The middle of the Milky Way through a short lens: every pixel has a star near. */
  "milky-way": play({
    name: "milky-way",
    frames: 30,
    exposure: 60,
    telescope: scopeNamed("Refractor 80 f/6"),
    target: field({ starDensity: 16_000, faintGalaxies: 0, nebula: { peak: 20.8, radius: 3500, filaments: 0.35 } }),
  }),
  /** As the Virgo cluster: galaxies of all sizes among few stars. */
  galaxies: (options, seed) =>
    stage(
      {
        name: "galaxies",
        frames: 30,
        telescope: scopeNamed("Refractor 130 f/7"),
        exposure: 180,
        target: field({ starDensity: 130, faintGalaxies: 4, galaxies: galaxyCluster(new Random(seed).fork("galaxies")) }),
      },
      options,
      seed,
    ),
  /** Wide, in H alpha: a nebula ten times as bright as what is left of the sky, and few stars. */
  narrowband: play({
    name: "narrowband",
    frames: 30,
    filter: "Ha",
    exposure: 300,
    telescope: scopeNamed("Refractor 80 f/6"),
    target: field({ starDensity: 180, faintGalaxies: 0.2, nebula: { peak: 22, radius: 1500, filaments: 0.8 } }),
  }),
  /** The same at long focus: a handful of stars before knots and filaments. */
  "narrowband-long": play({
    name: "narrowband-long",
    frames: 30,
    filter: "Ha",
    exposure: 300,
    telescope: scopeNamed("Schmidt-Cassegrain 235 f/6.3"),
    target: field({ starDensity: 250, faintGalaxies: 0.2, nebula: { peak: 22, radius: 700, filaments: 0.8 } }),
  }),
  /** Through the meridian: half of the frames upside down. */
  flip: (options, seed) => {
    const spec = stage(
      { name: "flip", frames: 30, telescope: scopeNamed("Corrected Newton 300 f/4"), target: field({ brightStars: [7.5] }) },
      options,
      seed,
    );
    const hours = (spec.sequence[0].count * (spec.sequence[0].exposure + spec.mount.overhead)) / 3600;
    Object.assign(spec.targets[0], { rightAscension: rightAscensionAt(spec.site, spec.start, -hours / 2), declination: 35 });
    return spec;
  },
  /** Two fields of a mosaic in L, R, G and B, one after another. */
  filters: (options, seed) => {
    const spec = stage({ name: "filters", frames: 64, telescope: scopeNamed("Refractor 80 f/6"), target: field({}) }, options, seed);
    const [{ exposure, count }] = spec.sequence;
    const other = fieldWhere(spec.site, spec.start, count * 130_000, (first, last) => -Math.min(first.altitude, last.altitude));
    spec.targets.push({ ...spec.targets[0], name: "Scene 2", ...other });
    spec.sequence = [0, 1].flatMap((target) =>
      (["L", "R", "G", "B"] as const).map((filter) => ({ target, filter, exposure, count: Math.max(1, Math.round(count / 8)) })),
    );
    return spec;
  },
  /** A pixel and a half across a star. */
  undersampled: play({
    name: "undersampled",
    frames: 30,
    exposure: 60,
    telescope: scopeNamed("RedCat 51"),
    seeing: 2.5,
    target: field({ starDensity: 1500 }),
  }),
  /** Eight pixels across a star. */
  oversampled: play({
    name: "oversampled",
    frames: 30,
    exposure: 180,
    telescope: scopeNamed("Schmidt-Cassegrain 235 f/6.3"),
    sensor: cameraNamed("Simulated IMX183M"),
    seeing: 2.7,
    target: field({ starDensity: 1500 }),
  }),
} as const satisfies Record<string, MakeNight>;

function galaxyCluster(random: Random): GalaxySpec[] {
  return Array.from({ length: 45 }, (_, i) => {
    // Schechter-like: few bright, many faint; sizes follow the light.
    const magnitude = i === 0 ? 9.6 : 10.6 + 5.4 * Math.sqrt(random.uniform());
    const distance = 900 * Math.sqrt(-Math.log(1 - 0.9 * random.uniform()));
    const direction = random.range(0, 2 * Math.PI);
    return {
      magnitude,
      radius: 60 * 10 ** (0.16 * (10 - magnitude)) * random.range(0.7, 1.4),
      sersic: random.chance(0.5) ? 4 : 1,
      axisRatio: random.range(0.2, 1),
      angle: random.range(0, 180),
      offset: [distance * Math.cos(direction), distance * Math.sin(direction)],
    };
  });
}
