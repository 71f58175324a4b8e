import { fieldWhere, moonlessStart } from "./almanac.ts";
import { type Horizontal, separation } from "./ephemeris.ts";
import { SENSORS, TELESCOPES } from "./equipment.ts";
import type { FilterName } from "./physics.ts";
import { Random } from "./random.ts";
import { bodiesAt } from "./sky.ts";
import type { NightSpec, PresetOptions, SensorSpec, SiteSpec, TargetSpec, TelescopeSpec } from "./spec.ts";

/** What a scene says about itself; the rest is a sound night on a decent telescope, a little different with each seed. */
export interface Play {
  name: string;
  frames: number;
  telescope: TelescopeSpec;
  sensor?: SensorSpec;
  filter?: FilterName;
  /** Seconds. */
  exposure?: number;
  site?: Partial<SiteSpec>;
  /** Median FWHM at the zenith, arcsec. */
  seeing?: number;
  /** When it begins, given how long it lasts; in the dark, without moon, when left out. */
  start?: (site: SiteSpec, from: number, duration: number) => number | null;
  /**
   * Which field is the better the less it costs, by where it stands at the start and the end and by its distance from the moon,
   * degrees; the default stands high and past the meridian.
   */
  cost?: (start: Horizontal, end: Horizontal, fromMoon: number) => number;
  target: Omit<TargetSpec, "rightAscension" | "declination">;
}

/** At half height, and past the meridian from the first frame on, so that no flip is in the way. */
const highInTheWest = (start: Horizontal, end: Horizontal): number => (start.hourAngle < 2 ? 1000 : 0) + Math.abs(end.altitude - 52);

const SITE: SiteSpec = {
  latitude: 46.4,
  longitude: 8.6,
  elevation: 940,
  zenithSky: 21,
  domeAzimuth: 190,
  domeStrength: 1.6,
  haze: 0,
};

export const scopeNamed = (name: string): TelescopeSpec => TELESCOPES.find((scope) => scope.name === name) ?? TELESCOPES[6];
export const cameraNamed = (name: string): SensorSpec => SENSORS.find((sensor) => sensor.name === name) ?? SENSORS[0];

/** A field with nothing in it but stars and the small galaxies that any field has. */
export const PLAIN_FIELD: Play["target"] = {
  name: "Scene",
  starDensity: 700,
  cluster: null,
  galaxies: [],
  faintGalaxies: 1,
  nebula: null,
  brightStars: [],
};

/** The night of a scene, without faults. */
export function stage(play: Play, options: PresetOptions, seed: number): NightSpec {
  const random = new Random(seed).fork(`scene/${play.name}`);
  const frames = options.frames ?? play.frames;
  const exposure = play.exposure ?? 120;
  const overhead = 10;
  const duration = frames * (exposure + overhead) * 1000;
  const site = { ...SITE, ...play.site };
  const from = Date.UTC(2026, 8, 20) + random.integer(150) * 86_400_000;
  const start = play.start?.(site, from, duration) ?? moonlessStart(site, from, duration, random.uniform());
  const cost = play.cost ?? highInTheWest;
  const { moon } = bodiesAt(start, site);
  const field = fieldWhere(site, start, duration, (first, last, place) => cost(first, last, separation(place, moon)));
  const sensor = play.sensor ?? SENSORS[0];
  return {
    name: play.name,
    start,
    site,
    telescope: play.telescope,
    sensor: {
      ...sensor,
      width: options.width ?? 1800,
      height: options.height ?? 1200,
      cfa: (options.bayer ?? sensor.cfa !== null) ? "RGGB" : null,
    },
    mount: {
      cameraAngle: random.range(-180, 180),
      guiding: random.range(0.35, 0.6),
      periodicError: random.range(0.05, 0.25),
      dither: random.range(4, 15),
      pointing: 8,
      overhead,
    },
    weather: {
      seeing: play.seeing ?? random.range(2, 3),
      seeingScatter: random.range(0.03, 0.06),
      seeingTrend: random.range(0.97, 1.05),
      moffatBeta: random.range(2.8, 4.2),
      transparencyScatter: 0.012,
      temperature: 6,
      cooling: 0.8,
    },
    targets: [{ ...play.target, ...field }],
    sequence: [{ target: 0, filter: play.filter ?? "L", exposure, count: frames }],
    defects: [],
  };
}
