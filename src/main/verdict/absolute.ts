import { GRID_COLUMNS, GRID_ROWS } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import { chanceBeyond, differenceTest, type Harm, type HarmTest, ratioTest } from "./harm.ts";
import { seenShape } from "./seen-shape.ts";
import type { JudgeSettings } from "./settings.ts";

/** Narrower than this many measured pixels, stars are as sharp as the sampling lets them be. */
const WIDEST_PIXELS = 3.5;
/** Angles of this many stars can be trusted to agree or not. */
const ENOUGH_STARS = 8;

/** Harm that shows in one frame alone, whatever the night was like. */
export function absoluteHarms(frame: NightFrame, settings: JudgeSettings): Harm[] {
  return [...starHarms(frame), ...shapeHarms(frame, settings), ...skyHarms(frame, settings), ...sensorHarms(frame)];
}

const CELLS = GRID_COLUMNS * GRID_ROWS;

/** Pixels. */
const SUBFRAME = 300_000;
/** Seconds. */
const SHORT = 5;
/** Where this many were detected and less than this share has the shape of a star, what was detected is not stars. */
const MANY_SPECKS = 20;
const LEAST_FITTED = 0.15;
const MOST_SPREAD = 1.6;
/** Below this many stars nothing can be said of a frame's stars as a whole. */
const FEW_STARS = 5;

function starHarms(frame: NightFrame): Harm[] {
  const { stars, shape, width, height } = frame.measurement;
  if (stars.count < FEW_STARS) {
    // A focusing exposure shows a star or two, by its size or its shortness; a light that does is lost.
    const small = width * height < SUBFRAME || (frame.summary.metadata.exposure ?? SHORT) < SHORT;
    const probability = stars.count === 0 ? 0.97 : small ? 0.6 - 0.03 * stars.count : 0.95 - 0.1 * stars.count;
    return [harm("no-stars", "stars", stars.count, "stars", { limit: FEW_STARS, probability, test: null })];
  }
  // What was detected but cannot be fitted as stars, or is sharper than any star, is hot pixels, cosmic rays or noise.
  const sharp = shape.fwhm !== null && shape.fwhm < SHARPEST * frame.measurement.sampling;
  const specks = stars.count >= MANY_SPECKS && shape.fitted < Math.min(ENOUGH_STARS, LEAST_FITTED * stars.count);
  // Half of a star's light lies within half of its FWHM: light spread wider around cores as sharp is no star's.
  const smeared = (shape.hfr ?? 0) > MOST_SPREAD * (shape.fwhm ?? Number.POSITIVE_INFINITY) && shape.fitted < ENOUGH_STARS;
  if (shape.fitted < 3 || specks || smeared || (sharp && shape.fitted < ENOUGH_STARS)) {
    const impossible = shape.fwhm !== null && shape.fwhm < IMPOSSIBLE * frame.measurement.sampling;
    const nothing =
      shape.fwhm === null || (sharp && shape.fitted === 0) || specks || smeared || (shape.fitted < 3 && stars.count >= ENOUGH_STARS);
    const probability = impossible || (sharp && (shape.eccentricity ?? 0) > 0.8) ? 0.85 : nothing ? 0.5 : 0.3;
    return [harm("no-stars", "starsFitted", shape.fitted, "stars", { limit: 3, probability, test: null })];
  }
  return [];
}

/** Light of a point source spreads over at least this many pixels' FWHM in any telescope (diffraction and seeing). */
const SHARPEST = 0.9;
/** No fit of light that came through a telescope is sharper than this, pixels. */
const IMPOSSIBLE = 0.7;

function shapeHarms(frame: NightFrame, settings: JudgeSettings): Harm[] {
  const { shape } = frame.measurement;
  const { limits } = settings;
  const out: Harm[] = [];
  const enough = shape.fitted >= ENOUGH_STARS;
  const seen = seenShape(frame.measurement);
  // Where the pixels are coarser than the seeing, 8 arcsec is what focus looks like: the limit scales with the pixel.
  const scale = shape.fwhm !== null && shape.fwhmArcsec !== null ? shape.fwhmArcsec / shape.fwhm : null;
  const widest = scale === null ? limits.fwhmArcsec : Math.max(limits.fwhmArcsec, WIDEST_PIXELS * frame.measurement.sampling * scale);
  const error = 0.05 + (shape.fwhm && shape.fwhmScatter ? shape.fwhmScatter / shape.fwhm / Math.sqrt(Math.max(1, shape.fitted)) : 0.1);
  if (shape.fwhmArcsec !== null && shape.fitted >= 3) {
    const tested = ratioTest(shape.fwhmArcsec, widest, error, "above");
    out.push(harm("focus", "fwhmArcsec", shape.fwhmArcsec, "arcsec", { limit: widest, ...tested }));
  }
  if (shape.donuts !== null && shape.donuts > 0.1) {
    const few = 0.2 / Math.sqrt(Math.max(1, frame.measurement.stars.counted));
    const tested = differenceTest(shape.donuts, limits.donuts, 0.06 + few, "above");
    out.push(harm("focus", "donuts", shape.donuts, "share", { limit: limits.donuts, ...tested }));
  }
  if (seen.eccentricity !== null && enough) {
    const coherent = shape.angleCoherence ?? 0;
    const error = 0.015 + 0.15 / Math.sqrt(shape.fitted);
    const oneWay = chanceBeyond(coherent, 0.5, 0.1, "above");
    const tested = differenceTest(seen.eccentricity, limits.eccentricityAbsolute, error, "above", oneWay);
    const code = coherent > 0.5 ? "tracking" : "focus";
    out.push(harm(code, "eccentricitySeen", seen.eccentricity, "", { limit: limits.eccentricityAbsolute, ...tested }));
  }
  if (shape.doubled !== null && frame.measurement.stars.counted >= 12) {
    const tested = differenceTest(shape.doubled, 0.4, 0.07, "above");
    out.push(harm("tracking", "doubled", shape.doubled, "share", { limit: 0.4, ...tested }));
  }
  return out;
}

function skyHarms(frame: NightFrame, settings: JudgeSettings): Harm[] {
  const { background, sensor } = frame.measurement;
  const out: Harm[] = [];
  if (sensor.ceiling > 0) {
    const fill = background.level / sensor.ceiling;
    // The darkest sky of a float frame may be at or below zero: then there is nothing to fill.
    if (sensor.ceilingFrom !== "data" || fill > 0.9) {
      const limit = settings.limits.skyFill * sensor.ceiling;
      const tested = differenceTest(background.level, limit, 0.03 * sensor.ceiling, "above");
      out.push(harm("overexposed", "background", background.level, "ADU", { limit, ...tested }));
    }
  }
  const tested = differenceTest(sensor.saturatedFraction, 0.05, 0.015, "above");
  out.push(harm("overexposed", "saturated", sensor.saturatedFraction, "share", { limit: 0.05, ...tested }));
  return out;
}

/**
 * In 65535ths of the full scale: below it the sky has no noise at all, which is how a sky cut off at black or made up by a
 * decoder looks. What dims and brightens over it cannot be told.
 */
const LEAST_NOISE = 0.6;

function sensorHarms(frame: NightFrame): Harm[] {
  const { sensor, background } = frame.measurement;
  const out: Harm[] = [];
  const flat = background.noise === 0 && background.cells.every((value) => value === null || value === background.level);
  const least = (LEAST_NOISE * sensor.ceiling) / 65535;
  if (flat) out.push(harm("sensor-fault", "noise", 0, "ADU", { limit: 0, probability: 0.98, test: null }));
  else if (background.noise < least)
    out.push(harm("sensor-fault", "noise", background.noise, "ADU", { limit: least, probability: 0.5, test: null }));
  for (const [metric, value] of [
    ["rowBanding", sensor.rowBanding],
    ["columnBanding", sensor.columnBanding],
  ] as const) {
    // Banding far over the noise is a read-out fault; mild banding is a property of many cameras and the stack removes it.
    const tested = ratioTest(Math.max(value, 1e-6), 40, 0.3, "above");
    if (tested.probability > 0.02) out.push(harm("sensor-fault", metric, value, "ratio", { limit: 40, ...tested }));
  }
  // A few dozen rows spoil a strip of the stack; the empty edge that registering leaves does not, half a frame does.
  for (const [metric, value, limit, error] of [
    ["lostRows", sensor.lostRows, 0.02, 0.003],
    ["emptyEdge", sensor.emptyEdge, 0.25, 0.04],
  ] as const) {
    const tested = differenceTest(value, limit, error, "above");
    if (tested.probability > 0.01) out.push(harm("sensor-fault", metric, value, "share", { limit, ...tested }));
  }
  const empty = background.cells.map((value, cell) => (value === null ? cell : -1)).filter((cell) => cell >= 0);
  if (empty.length > 0 && empty.length < background.cells.length) {
    const tested = differenceTest(empty.length, 0.25 * CELLS, 0.06 * CELLS, "above");
    const cells = empty.map((cell): [number, number] => [cell % GRID_COLUMNS, Math.floor(cell / GRID_COLUMNS)]);
    out.push({ ...harm("sensor-fault", "emptyCells", empty.length, "cells", { limit: 0.25 * CELLS, ...tested }), where: { cells } });
  }
  return out;
}

function harm(
  code: Harm["code"],
  metric: string,
  value: number,
  unit: string,
  rest: { limit: number; probability: number; test: HarmTest | null },
): Harm {
  return {
    code,
    metric,
    value,
    unit,
    baseline: null,
    limit: rest.limit,
    z: null,
    probability: rest.probability,
    test: rest.test,
    notable: false,
    where: null,
  };
}
