import { makeCatalogue, type StarCatalogue } from "./catalogue.ts";
import { type MeasuredConditions, measureConditions } from "./conditions.ts";
import { applyDefect, type FrameConditions } from "./defects.ts";
import { daysSince2000, horizontal, siderealTime } from "./ephemeris.ts";
import type { FrameDefect, FramePlan, NightPlan } from "./frame-plan.ts";
import { channelsOf, type Instrument, instrumentOf, mosaicMean, starElectrons, surfaceElectrons } from "./instrument.ts";
import { judgeFrames } from "./judge.ts";
import { airmassAt, seeingAt } from "./physics.ts";
import { Random } from "./random.ts";
import { bodiesAt, type ClearSky, clearSky } from "./sky.ts";
import type { BlockSpec, NightSpec } from "./spec.ts";
import { usableStars } from "./usable-stars.ts";

const STARS_AT_MOST = 400_000;

/**
 * Decides a night: where every frame points, what air, sky and faults it meets, what that makes of its stars, and what it
 * is worth to the stack. Pure: the same spec and seed give the same plan.
 */
export function planNight(spec: NightSpec, seed: number): NightPlan {
  const random = new Random(seed);
  const instrument = instrumentOf(spec);
  const drafts = draftFrames(spec, instrument, random);
  const catalogues = spec.targets.map((_, target) => catalogueOf(spec, instrument, target, drafts, random.fork(`stars/${target}`)));
  const stars = drafts.map((draft) => usableStars(spec, instrument, catalogues[draft.plan.target], draft));
  return { spec, seed, frames: judgeFrames(spec, drafts, stars), catalogues };
}

function draftFrames(spec: NightSpec, instrument: Instrument, random: Random): MeasuredConditions[] {
  const air = random.fork("air");
  const drafts: MeasuredConditions[] = [];
  const total = spec.sequence.reduce((sum, block) => sum + block.count, 0);
  let time = spec.start;
  let swing = air.normal();
  let haze = air.normal();
  let index = 0;
  let flippedBefore: boolean | null = null;
  let pointing: [number, number] = [0, 0];
  for (const block of spec.sequence) {
    for (let i = 0; i < block.count; i++, index++) {
      // Seeing and transparency wander with a memory of a quarter of an hour.
      const memory = Math.exp(-(block.exposure + spec.mount.overhead) / 900);
      swing = memory * swing + Math.sqrt(1 - memory * memory) * air.normal();
      haze = memory * haze + Math.sqrt(1 - memory * memory) * air.normal();
      const trend = spec.weather.seeingTrend ** (index / Math.max(1, total - 1));
      const seeing = spec.weather.seeing * trend * Math.exp(spec.weather.seeingScatter * swing);
      const clear = Math.min(1.05, 1 + spec.weather.transparencyScatter * haze);
      const own = random.fork(`frame/${index}`);
      const flipped = hourAngleAt(spec, block, time) > 0;
      if (flippedBefore !== flipped || i === 0) pointing = [own.normal() * spec.mount.pointing, own.normal() * spec.mount.pointing];
      flippedBefore = flipped;
      const frame = draftFrame(spec, instrument, block, { index, time, seeing, clear, flipped, pointing }, random, own);
      drafts.push(measureConditions(spec, instrument, frame.plan, frame.natural));
      time += (block.exposure + spec.mount.overhead) * 1000;
    }
  }
  return drafts;
}

function hourAngleAt(spec: NightSpec, block: BlockSpec, time: number): number {
  return horizontal(spec.targets[block.target], siderealTime(daysSince2000(time), spec.site.longitude), spec.site.latitude).hourAngle;
}

interface Moment {
  index: number;
  time: number;
  seeing: number;
  clear: number;
  flipped: boolean;
  pointing: [number, number];
}

function draftFrame(spec: NightSpec, instrument: Instrument, block: BlockSpec, moment: Moment, night: Random, own: Random) {
  const middle = moment.time + block.exposure * 500;
  const target = spec.targets[block.target];
  const seen = horizontal(target, siderealTime(daysSince2000(middle), spec.site.longitude), spec.site.latitude);
  const airmass = airmassAt(seen.altitude);
  const channels = channelsOf(spec, block.filter);
  const cameraAngle = spec.mount.cameraAngle + (moment.flipped ? 180 : 0);
  const field = {
    centre: target,
    width: (spec.sensor.width * instrument.scale) / 3600,
    height: (spec.sensor.height * instrument.scale) / 3600,
    angle: cameraAngle,
  };
  const sky: ClearSky[] = channels.bands.map((band) => clearSky(middle, spec.site, field, band));
  const conditions: FrameConditions = {
    width: spec.sensor.width,
    height: spec.sensor.height,
    psf: naturalPsf(spec, instrument, moment.seeing, airmass, channels.bands[0].wavelength, -cameraAngle, own),
    halo: { share: 0, scale: 8 },
    effects: [],
    trails: [],
    fault: null,
    offset: [moment.pointing[0] + own.range(-1, 1) * spec.mount.dither, moment.pointing[1] + own.range(-1, 1) * spec.mount.dither],
    leak: 0,
    cosmicRays: 1,
    exposure: block.exposure,
    shutterClosed: false,
    rightAscensionAngle: -cameraAngle,
    skyNoise: Math.sqrt(
      mosaicMean(
        channels,
        sky.map((s) => surfaceElectrons(instrument, s.level, block.exposure)),
      ) +
        spec.sensor.readNoise ** 2,
    ),
    fullWell: spec.sensor.fullWell,
    defects: nightDefects(spec, middle),
  };
  const natural = { psf: { ...conditions.psf }, sky: sky.map((s) => s.level) };
  spec.defects.forEach((defect, k) => {
    if (moment.index < defect.from || moment.index > defect.to) return;
    const position = defect.to > defect.from ? (moment.index - defect.from) / (defect.to - defect.from) : 1;
    applyDefect(conditions, defect, position, night.fork(`defect/${k}`), own.fork(`defect/${k}`));
  });
  const bands = channels.bands.map((band) => 10 ** (-0.4 * (band.extinction + spec.site.haze) * airmass));
  const hours = (moment.time - spec.start) / 3_600_000;
  const temperature = spec.weather.temperature - spec.weather.cooling * hours + own.normal() * 0.1;
  const plan: Omit<FramePlan, "truth"> = {
    index: moment.index,
    name: frameName(target.name, block, moment),
    group: `${target.name}/${block.filter}/${block.exposure}s`,
    target: block.target,
    filter: block.filter,
    exposure: block.exposure,
    time: moment.time,
    altitude: seen.altitude,
    azimuth: seen.azimuth,
    airmass,
    pierSide: moment.flipped ? "east" : "west",
    flipped: moment.flipped,
    offset: conditions.offset,
    clearAir: mosaicMean(channels, bands) * moment.clear,
    effects: conditions.effects,
    sky,
    leak: conditions.leak,
    cosmicRays: conditions.cosmicRays,
    shutterClosed: conditions.shutterClosed,
    psf: conditions.psf,
    halo: conditions.halo,
    trails: conditions.trails,
    fault: conditions.fault,
    // An autofocus run follows the tube's shrinking; where focus drifts, the position stays behind.
    focuserPosition: Math.round(12000 + 40 * (conditions.defects.some((d) => d.kind === "focus") ? spec.weather.temperature : temperature)),
    temperature,
    defects: conditions.defects,
  };
  return { plan, natural };
}

/** Twilight and moon come with the date; they are named so that truth tells what the sky's glow is. */
function nightDefects(spec: NightSpec, time: number): FrameDefect[] {
  const bodies = bodiesAt(time, spec.site);
  const defects: FrameDefect[] = [];
  if (bodies.sunAltitude > -18) defects.push({ kind: "dawn", strength: Math.min(1, (bodies.sunAltitude + 18) / 12) });
  if (bodies.moonAltitude > 0)
    defects.push({
      kind: "moonrise",
      strength: ((1 + Math.cos((bodies.moonPhase * Math.PI) / 180)) / 2) * Math.min(1, bodies.moonAltitude / 20),
    });
  return defects;
}

/** Seeing, guiding, diffraction and the optics' own blur add in quadrature; what guiding leaves of the mount's periodic error is a short path. */
function naturalPsf(
  spec: NightSpec,
  instrument: Instrument,
  seeing: number,
  airmass: number,
  wavelength: number,
  rightAscension: number,
  own: Random,
): FramePlan["psf"] {
  const diffraction = instrument.diffraction * (wavelength / 550);
  const guiding = 2.3548 * spec.mount.guiding;
  const onSky = Math.hypot(seeingAt(seeing, airmass, wavelength), diffraction, guiding) / instrument.scale;
  const width = Math.hypot(onSky, spec.telescope.spot / spec.sensor.pixel);
  const swing = (Math.min(2, Math.abs(own.normal())) * spec.mount.periodicError) / instrument.scale;
  const angle = (rightAscension * Math.PI) / 180;
  const motions =
    swing < 0.05
      ? []
      : [
          Array.from({ length: 8 }, (_, i) => {
            const along = swing * 2.4 * ((i + 0.5) / 8 - 0.5);
            return { x: along * Math.cos(angle), y: along * Math.sin(angle), share: 1 / 8 };
          }),
        ];
  return {
    // The pixel's own response comes in when the profile is integrated.
    fwhm: Math.max(0.9, width),
    beta: spec.weather.moffatBeta,
    axisRatio: Math.max(0.7, 1 - 0.03 * Math.abs(own.normal())),
    angle: own.range(0, 180),
    defocus: Math.abs(own.normal()) * 0.15 * width,
    obstruction: spec.telescope.obstruction,
    rotation: 0,
    motions,
  };
}

function frameName(target: string, block: BlockSpec, moment: Moment): string {
  const stamp = new Date(moment.time).toISOString().slice(0, 19).replaceAll(":", "-").replace("T", "_");
  return `${target.replaceAll(/[^A-Za-z0-9+-]+/g, "")}_${block.filter}_${block.exposure}s_${stamp}_${String(moment.index + 1).padStart(4, "0")}.fits`;
}

/** Down to where a star is lost in the noise of the deepest block on its target. */
function catalogueOf(spec: NightSpec, instrument: Instrument, target: number, drafts: MeasuredConditions[], random: Random): StarCatalogue {
  let faintest = 6;
  for (const { plan } of drafts) {
    if (plan.target !== target) continue;
    const { bands } = channelsOf(spec, plan.filter);
    bands.forEach((band, channel) => {
      const background = surfaceElectrons(instrument, plan.sky[channel].level, plan.exposure) + spec.sensor.readNoise ** 2;
      const noise = Math.sqrt(background * Math.max(4, 2.5 * plan.psf.fwhm ** 2));
      const one = starElectrons(instrument, band, 0, 0.7, plan.exposure) * plan.clearAir;
      faintest = Math.max(faintest, 2.5 * Math.log10(one / (0.7 * noise)));
    });
  }
  const margin = 4 * spec.mount.pointing + spec.mount.dither + 60;
  const extent = { halfWidth: spec.sensor.width / 2 + margin, halfHeight: spec.sensor.height / 2 + margin, scale: instrument.scale };
  return makeCatalogue(spec.targets[target], extent, faintest, STARS_AT_MOST, random);
}
