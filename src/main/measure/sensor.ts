import type { SensorMeasurement } from "../../shared/domain.ts";
import { LineSums } from "./banding.ts";
import { meshAt } from "./grid.ts";
import { LARGEST_SPAN, TILE, TILE_PARAMETERS, TILE_TALLIES } from "./kernels/sensor-kernels.ts";
import type { PreparedFrame } from "./prepared.ts";

/** What the header tells about the ceiling; null where it does not. */
export interface CeilingHints {
  saturation: number | null;
  bitDepth: number | null;
}

/** Every band of 64 rows is looked at up to this many pixels; larger frames by every 2nd to 10th band. */
const SURVEY_PIXELS = 3_000_000;
const SPARSEST = 10;
/** A hot pixel stands this many sigma above the sky; stars are told apart by their neighbours (see the kernel). */
const HOT_SIGMA = 15;
/** Sums are over counts held within this many sigma of the sky: nearly as robust as a median (Huber's k). */
const HELD_SIGMA = 1;
/** What stands higher is a star and says nothing about rows and columns. */
const STAR_SIGMA = 4;
/** The ceiling in counts stops short of the nominal one by up to this share (see count-coding.ts). */
const CEILING_SLACK = 1 / 512;

/**
 * What is wrong with the sensor, from a survey of tiles of 64 x 64 measured pixels in bands across the whole width: all of
 * them on small frames, every 10th band at least on large ones; fractions and counts are extrapolated to the whole frame.
 * Saturation is what `frame.ceilingCount` says; where that comes from is found by comparison.
 */
export function measureSensor(frame: PreparedFrame, hints: CeilingHints): SensorMeasurement {
  const survey = surveyBands(frame);
  const ceiling = ceilingOf(frame, hints);
  const share = survey.pixels > 0 ? (frame.width * frame.height) / survey.pixels : 0;
  return {
    ...ceiling,
    saturatedFraction: survey.pixels > 0 ? survey.saturated / survey.pixels : 0,
    hotPixels: Math.round(survey.hot * share * RIM_SHARE),
    deadColumns: survey.columns.defects() + lostColumns(frame),
    ...lostRows(frame, ceiling.ceilingFrom === "data" ? Number.POSITIVE_INFINITY : frame.ceilingCount),
    rowBanding: survey.rows.ratio(),
    columnBanding: survey.columns.ratio(),
  };
}

/** Tiles are not searched for hot pixels on their rim, where neighbours would be missing. */
const RIM_SHARE = (TILE / (TILE - 2)) ** 2;

function ceilingOf(frame: PreparedFrame, hints: CeilingHints): Pick<SensorMeasurement, "ceiling" | "ceilingFrom"> {
  const ceiling = frame.black + frame.step * frame.ceilingCount;
  const full = frame.step * 65535;
  const near = (nominal: number) => Math.abs(ceiling - nominal) <= CEILING_SLACK * full;
  if (hints.saturation !== null && near(hints.saturation)) return { ceiling: hints.saturation, ceilingFrom: "header" };
  if (hints.bitDepth !== null && near(2 ** hints.bitDepth - 1)) return { ceiling: 2 ** hints.bitDepth - 1, ceilingFrom: "bit-depth" };
  // At the end of the counts it is the range of the file's own coding.
  const coded = 65535 - frame.ceilingCount <= CEILING_SLACK * 65535;
  return coded ? { ceiling: frame.black + full, ceilingFrom: "bit-depth" } : { ceiling, ceilingFrom: "data" };
}

interface Survey {
  rows: LineSums;
  columns: LineSums;
  pixels: number;
  saturated: number;
  hot: number;
}

function surveyBands(frame: PreparedFrame): Survey {
  const { kernels, width, height } = frame;
  const survey: Survey = { rows: new LineSums(height), columns: new LineSums(width), pixels: 0, saturated: 0, hot: 0 };
  // What is left over to the right of the last whole tile and below the last whole band goes unseen.
  const tiles = Math.floor(width / TILE);
  if (tiles === 0) return countSaturated(frame, survey);
  const bands = Math.max(1, Math.floor(height / TILE));
  const every = Math.min(SPARSEST, Math.max(1, Math.ceil((width * height) / SURVEY_PIXELS)));
  const rows = Math.min(TILE, height);
  const mark = kernels.mark();
  const parameters = kernels.take(tiles * TILE_PARAMETERS.length * 4);
  const rowSums = kernels.take(tiles * TILE * 4);
  const columnSums = kernels.take(tiles * TILE * 4);
  const tallies = kernels.take(tiles * TILE_TALLIES.length * 4);
  for (let band = Math.min(bands - 1, every >> 1); band < bands; band += every) {
    const y = band * TILE;
    const spans = setParameters(frame, y + rows / 2, kernels.i32(parameters, tiles * TILE_PARAMETERS.length));
    const at = frame.pixels + 2 * y * width;
    kernels.call.sensorBand(at, width, tiles, rows, frame.ceilingCount, parameters, rowSums, columnSums, tallies);
    const tally = kernels.i32(tallies, tiles * TILE_TALLIES.length);
    const lines = kernels.i32(rowSums, tiles * rows);
    const columns = kernels.i32(columnSums, tiles * TILE);
    for (let tile = 0; tile < tiles; tile++) {
      const counted = tile * TILE_TALLIES.length;
      const squares = tally[counted + TILE_TALLIES.squares];
      survey.pixels += rows * TILE;
      survey.saturated += tally[counted + TILE_TALLIES.saturated];
      survey.hot += tally[counted + TILE_TALLIES.hot];
      // A tile half without data would compare its own mask, not the sensor's rows.
      if (tally[counted + TILE_TALLIES.holes] * 2 > rows * TILE) continue;
      survey.rows.add(y, lines.subarray(tile * rows, (tile + 1) * rows), TILE, squares, spans[tile]);
      survey.columns.add(tile * TILE, columns.subarray(tile * TILE, (tile + 1) * TILE), rows, squares, spans[tile]);
    }
  }
  kernels.release(mark);
  return survey;
}

/** Writes what each tile of a band is judged by, from the mesh at its centre; returns the spans. */
function setParameters(frame: PreparedFrame, y: number, parameters: Int32Array): number[] {
  const { width, height, mesh, black, step } = frame;
  const clampCount = (count: number) => Math.min(65534, Math.max(1, Math.round(count)));
  const spans: number[] = [];
  for (let at = 0; at < parameters.length; at += TILE_PARAMETERS.length) {
    const x = (spans.length + 0.5) * TILE;
    const level = (meshAt(mesh, mesh.level, x, y, width, height) - black) / step;
    const noise = meshAt(mesh, mesh.noise, x, y, width, height) / step;
    // Coarser steps where the noise is wide keep the sums small; half a span stays above a hundred steps then.
    let shift = 0;
    while (2 * HELD_SIGMA * noise > LARGEST_SPAN << shift && shift < 8) shift++;
    const held = Math.min(LARGEST_SPAN / 2, Math.max(1, Math.round((HELD_SIGMA * noise) / 2 ** shift)));
    const sky = clampCount(level);
    parameters[at + TILE_PARAMETERS.low] = Math.max(0, sky - (held << shift));
    parameters[at + TILE_PARAMETERS.shift] = shift;
    parameters[at + TILE_PARAMETERS.span] = 2 * held;
    parameters[at + TILE_PARAMETERS.bright] = clampCount(level + STAR_SIGMA * Math.max(0.5, noise));
    parameters[at + TILE_PARAMETERS.sky] = sky;
    parameters[at + TILE_PARAMETERS.hot] = clampCount(level + HOT_SIGMA * Math.max(1, noise));
    spans.push(2 * held);
  }
  return spans;
}

/** Frames narrower than a tile are only asked for saturation. */
function countSaturated(frame: PreparedFrame, survey: Survey): Survey {
  survey.pixels = frame.width * frame.height;
  for (const count of frame.kernels.u16(frame.pixels, survey.pixels)) if (count >= frame.ceilingCount) survey.saturated++;
  return survey;
}

/** Rows looked at for those that are lost, and in how many places, so many pixels each. */
const ROWS_SEEN = 2000;
const PLACES = 4;
const RUN = 24;
/** Share of the pixels looked at that must agree. */
const ALIKE = 0.95;
/** Counts. A sky calmer than this may well be one value in all a row's pixels. */
const LEAST_NOISE = 1.5;

/**
 * Rows that hold no data or one value only. A sensor has noise in every row: such rows are a download's. Counts from `full` on may be
 * light that has filled the pixels.
 */
function lostRows(
  { kernels, pixels, width, height, mesh, step }: PreparedFrame,
  full: number,
): Pick<SensorMeasurement, "lostRows" | "emptyEdge"> {
  const plane = kernels.u16(pixels, width * height);
  const run = Math.min(RUN, Math.floor(width / PLACES));
  const noisy = mesh.medianNoise / step > LEAST_NOISE;
  const every = Math.max(1, Math.floor(height / ROWS_SEEN));
  const empty: boolean[] = [];
  let flat = 0;
  for (let y = 0; y < height; y += every) {
    let [holes, same] = [0, 0];
    const first = plane[y * width + Math.floor(width / (2 * PLACES))];
    for (let place = 0; place < PLACES; place++) {
      const from = y * width + Math.floor(((place + 0.5) * width) / PLACES - run / 2);
      for (let at = from; at < from + run; at++) {
        if (plane[at] === 0) holes++;
        else if (plane[at] === first) same++;
      }
    }
    empty.push(holes >= ALIKE * PLACES * run);
    // What light has filled to the ceiling is of one value, too.
    if (noisy && first < full && same >= ALIKE * PLACES * run) flat++;
  }
  const seen = empty.length;
  const top = empty.indexOf(false);
  if (top < 0) return { lostRows: 0, emptyEdge: 1 };
  const bottom = seen - 1 - empty.lastIndexOf(false);
  const inside = empty.filter(Boolean).length - top - bottom;
  return { lostRows: (inside + flat) / seen, emptyEdge: (top + bottom) / seen };
}

/** Rows looked at for columns that are lost, spread over the frame, and pixels along a row that share one sky. */
const PROBES = 24;
const SKY_RUN = 128;
/** Share of the probes that must be lost, that may be lost in the columns beside, and how far beside. */
const LOST = 0.6;
const SOUND = 0.3;
const BESIDE = 4;

/** Columns that hold no data, or nothing but values far above the sky, while those beside them are sound. */
function lostColumns(frame: PreparedFrame): number {
  const { kernels, width, height, mesh, black, step } = frame;
  const probes = Math.min(PROBES, height);
  const plane = kernels.u16(frame.pixels, width * height);
  const lost = new Uint16Array(width);
  for (let i = 0; i < probes; i++) {
    const y = Math.floor(((i + 0.5) * height) / probes);
    const line = y * width;
    for (let from = 0; from < width; from += SKY_RUN) {
      const middle = from + SKY_RUN / 2;
      const bright = (meshAt(mesh, mesh.level, middle, y, width, height) + STAR_SIGMA * mesh.medianNoise - black) / step;
      const to = Math.min(width, from + SKY_RUN);
      for (let x = from; x < to; x++) {
        const count = plane[line + x];
        if (count === 0 || count > bright) lost[x]++;
      }
    }
  }
  let found = 0;
  for (let x = BESIDE; x < width - BESIDE; x++) {
    const sound = lost[x - BESIDE] <= SOUND * probes && lost[x + BESIDE] <= SOUND * probes;
    if (sound && lost[x] >= LOST * probes) found++;
  }
  return found;
}
