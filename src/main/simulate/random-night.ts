import { darkStart, localNoon, rightAscensionAt, startBeforeMoonrise, timeOfSun } from "./almanac.ts";
import { daysSince2000, horizontal, siderealTime } from "./ephemeris.ts";
import { SENSORS, TELESCOPES } from "./equipment.ts";
import { BANDS, type FilterName } from "./physics.ts";
import { Random } from "./random.ts";
import { scheduleDefects } from "./schedule.ts";
import {
  type BlockSpec,
  type ClusterSpec,
  DEFECT_KINDS,
  type DefectKind,
  type DefectSpec,
  type GalaxySpec,
  type NightSpec,
  type PresetOptions,
  type SensorSpec,
  type SiteSpec,
  type TargetSpec,
  type TelescopeSpec,
} from "./spec.ts";

/** A night drawn from wide ranges: any telescope on any camera, any sky, any target, anything going wrong. */
export function randomNight(options: PresetOptions, seed: number): NightSpec {
  const random = new Random(seed).fork("random night");
  const site = drawSite(random.fork("site"));
  const telescope = drawTelescope(random.fork("telescope"));
  const sensor = drawSensor(options, random.fork("sensor"));
  const frames = options.frames ?? Math.round(random.logRange(10, 80));
  const overhead = random.range(4, 25);
  const plan = random.fork("plan");
  const filters = drawFilters(sensor, plan);
  const exposure = drawExposure(telescope, filters, site, plan);
  const targetCount = frames >= 24 && plan.chance(0.25) ? 2 : 1;
  const duration = frames * (exposure + overhead) * 1000;
  const wanted = options.defects ?? drawDefects(random.fork("defects"));
  const start = drawStart(site, duration, wanted, random.fork("date"));
  const width = (sensor.width * 206.265 * sensor.pixel) / telescope.focalLength;
  const targets = Array.from({ length: targetCount }, (_, i) =>
    drawTarget(site, start, duration, width, `Field ${String.fromCharCode(65 + i)}${seed}`, random.fork(`target/${i}`)),
  );
  const scheduled = scheduleDefects(wanted, frames, random.fork("schedule"));
  return {
    name: `random ${seed}`,
    start,
    site,
    telescope,
    sensor,
    mount: {
      cameraAngle: plan.range(-180, 180),
      guiding: plan.logRange(0.3, 0.8),
      periodicError: plan.chance(0.7) ? plan.logRange(0.05, 0.4) : 0,
      dither: plan.chance(0.8) ? plan.range(2, 25) : 0.5,
      pointing: plan.range(2, 40),
      overhead,
    },
    weather: {
      seeing: plan.logRange(1.6, 4),
      seeingScatter: plan.range(0.02, 0.08),
      seeingTrend: plan.range(0.93, 1.1),
      moffatBeta: plan.chance(0.15) ? 10 : plan.range(2.6, 4.8),
      transparencyScatter: plan.range(0.004, 0.02),
      temperature: plan.range(-8, 22),
      cooling: plan.range(0.2, 2),
    },
    targets,
    sequence: drawSequence(targets.length, filters, exposure, frames),
    defects: options.defects ? scheduled : combine(scheduled, frames, random.fork("combine")),
  };
}

function drawSite(random: Random): SiteSpec {
  return {
    latitude: random.range(28, 55) * (random.chance(0.2) ? -1 : 1),
    longitude: random.range(-120, 150),
    elevation: Math.round(random.range(0, 1800)),
    zenithSky: random.range(18.2, 21.9),
    domeAzimuth: random.range(0, 360),
    domeStrength: random.range(0.5, 3.5),
    haze: random.range(-0.04, 0.08),
  };
}

function drawTelescope(random: Random): TelescopeSpec {
  const telescope = random.pick(TELESCOPES);
  const tilted = random.chance(0.4);
  return {
    ...telescope,
    tilt: tilted ? [random.range(-0.6, 0.6), random.range(-0.6, 0.6)] : [0, 0],
    coma: telescope.coma * random.range(0, 1.2),
    curvature: telescope.curvature * random.range(0, 1.2),
    vignetting: telescope.vignetting * random.range(0.5, 1.3),
    dust: random.integer(15),
  };
}

function drawSensor(options: PresetOptions, random: Random): SensorSpec {
  const sensor: SensorSpec = random.pick(SENSORS);
  const bayer = options.bayer ?? (sensor.cfa !== null || random.chance(0.3));
  return {
    ...sensor,
    width: options.width ?? sensor.width,
    height: options.height ?? sensor.height,
    cfa: bayer ? random.pick(["RGGB", "BGGR", "GRBG", "GBRG"] as const) : null,
    banding: random.chance(0.3) ? random.range(0.2, 1) * sensor.readNoise : sensor.banding,
    badColumns: random.chance(0.3) ? 1 + random.integer(5) : 0,
    hotPixels: sensor.hotPixels * random.logRange(0.2, 5),
    pedestal: Math.round(random.range(100, 1200)),
  };
}

function drawFilters(sensor: SensorSpec, random: Random): FilterName[] {
  if (sensor.cfa !== null) return [random.chance(0.8) ? "L" : "Ha"];
  return random.pick([["L"], ["L"], ["Ha"], ["OIII"], ["L", "R", "G", "B"], ["Ha", "OIII", "SII"], ["Ha", "OIII"]] as [
    FilterName[],
    ...FilterName[][],
  ]);
}

/** Long enough for the sky to drown the read noise, as people choose it: 10..600 s. */
function drawExposure(telescope: TelescopeSpec, filters: FilterName[], site: SiteSpec, random: Random): number {
  const speed = (telescope.focalLength / telescope.aperture / 5) ** 2;
  const dark = 10 ** (0.4 * (site.zenithSky - 20));
  const narrow = filters.some((filter) => BANDS[filter].width < 20);
  const ideal = 60 * speed * dark * (narrow ? 12 : 1) * random.logRange(0.4, 2);
  const usual = [10, 20, 30, 60, 90, 120, 180, 240, 300, 600] as const;
  return usual.reduce((best, value) => (Math.abs(Math.log(value / ideal)) < Math.abs(Math.log(best / ideal)) ? value : best), 10);
}

function drawStart(site: SiteSpec, duration: number, wanted: readonly { kind: DefectKind }[], random: Random): number {
  const date = Date.UTC(2024, 0, 1) + random.integer(1000) * 86_400_000;
  const noon = localNoon(site, date);
  if (wanted.some((d) => d.kind === "moonrise")) {
    const share = random.range(0.5, 0.8);
    return startBeforeMoonrise(site, date, duration, share) ?? darkStart(site, noon, duration, share);
  }
  if (wanted.some((d) => d.kind === "dawn")) {
    const dawn = timeOfSun(site, noon, random.range(-14, -9), true);
    if (dawn !== null) return dawn - duration;
  }
  return darkStart(site, noon, duration, random.uniform());
}

/** A field that stands above 32 degrees all along; the highest of many tries where none does. */
function drawTarget(site: SiteSpec, start: number, duration: number, width: number, name: string, random: Random): TargetSpec {
  let best = { rightAscension: 0, declination: 0, lowest: -90 };
  for (let tries = 0; tries < 60 && best.lowest < 32; tries++) {
    const rightAscension = rightAscensionAt(site, start, random.range(-4.5, 1.5));
    const declination = Math.max(-75, Math.min(75, site.latitude + random.range(-45, 25) * Math.sign(site.latitude)));
    const altitudeAt = (time: number) =>
      horizontal({ rightAscension, declination }, siderealTime(daysSince2000(time), site.longitude), site.latitude).altitude;
    const lowest = Math.min(altitudeAt(start), altitudeAt(start + duration / 2), altitudeAt(start + duration));
    if (lowest > best.lowest) best = { rightAscension, declination, lowest };
  }
  return {
    name,
    rightAscension: best.rightAscension,
    declination: best.declination,
    starDensity: random.logRange(120, 4000),
    cluster: random.chance(0.35) ? drawCluster(width, random) : null,
    galaxies: random.chance(0.4) ? Array.from({ length: 1 + random.integer(3) }, () => drawGalaxy(width, random)) : [],
    faintGalaxies: 1,
    nebula: random.chance(0.4)
      ? { peak: random.range(20.5, 24), radius: random.range(0.1, 0.6) * width, filaments: random.uniform() }
      : null,
    brightStars: random.chance(0.25) ? [random.range(3, 7)] : [],
  };
}

function drawCluster(width: number, random: Random): ClusterSpec {
  const globular = random.chance(0.4);
  return {
    kind: globular ? "globular" : "open",
    stars: Math.round(globular ? random.logRange(1500, 15_000) : random.logRange(60, 500)),
    radius: Math.min(0.2 * width, globular ? random.range(60, 240) : random.range(150, 700)),
    brightest: globular ? random.range(11.5, 14) : random.range(7.5, 11),
    offset: [random.range(-0.15, 0.15) * width, random.range(-0.1, 0.1) * width],
  };
}

function drawGalaxy(width: number, random: Random): GalaxySpec {
  const radius = Math.min(0.15 * width, random.logRange(8, 150));
  return {
    // Mean surface brightness within the effective radius: 20.5..22.5 mag/arcsec^2.
    magnitude: random.range(19.5, 21.5) - 2.5 * Math.log10(2 * Math.PI * radius * radius) + 0.75,
    radius,
    sersic: random.pick([1, 1, 2.5, 4]),
    axisRatio: random.range(0.25, 1),
    angle: random.range(0, 180),
    offset: [random.range(-0.3, 0.3) * width, random.range(-0.2, 0.2) * width],
  };
}

function drawSequence(targets: number, filters: FilterName[], exposure: number, frames: number): BlockSpec[] {
  const blocks: BlockSpec[] = [];
  const parts = targets * filters.length;
  let left = frames;
  for (let part = 0; part < parts; part++) {
    const count = Math.round(left / (parts - part));
    left -= count;
    if (count > 0) blocks.push({ target: Math.floor(part / filters.length), filter: filters[part % filters.length], exposure, count });
  }
  return blocks;
}

/** One night in eight is good throughout; the others meet one to six faults. */
function drawDefects(random: Random): { kind: DefectKind; strength: number }[] {
  if (random.chance(0.125)) return [];
  const kinds = DEFECT_KINDS.filter((kind) =>
    random.chance(kind === "satellite" ? 0.5 : kind === "shutter" || kind === "overexposed" ? 0.06 : 0.2),
  );
  return kinds.map((kind) => ({ kind, strength: random.range(0.1, 1) }));
}

/** As scheduled, but now and then two faults at once, and one night in fifteen bad from first to last. */
function combine(defects: DefectSpec[], frames: number, random: Random): DefectSpec[] {
  const lasting: readonly DefectKind[] = ["cloud", "veil", "focus", "wind", "stray-light"];
  if (random.chance(0.07)) {
    const first = defects.find((defect) => lasting.includes(defect.kind));
    if (first) Object.assign(first, { from: 0, to: frames - 1 });
  }
  for (let i = 1; i < defects.length; i++) {
    if (random.chance(0.2)) defects[i] = { ...defects[i], from: Math.max(0, Math.min(defects[i].from, defects[i - 1].to)) };
  }
  const satellites = random.poisson(frames * 0.05);
  for (let i = 0; i < satellites; i++) {
    const at = random.integer(frames);
    defects.push({ kind: "satellite", from: at, to: at, strength: random.uniform() });
  }
  return defects;
}
