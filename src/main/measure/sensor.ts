import type { SensorMeasurement } from "../../shared/domain.ts";
import { measureBanding, type SurveyTile } from "./banding.ts";
import { meshAt } from "./grid.ts";
import { TILE_TALLIES } from "./kernels/sensor-kernels.ts";
import type { PreparedFrame } from "./prepared.ts";

/** What the header tells about the ceiling; null where it does not. */
export interface CeilingHints {
  saturation: number | null;
  bitDepth: number | null;
}

const TILE = 64;
/** Every tile is looked at up to this many pixels; larger frames by every 2nd, 3rd or 4th tile, in diagonals. */
const SURVEY_PIXELS = 7_000_000;
const SPARSEST = 4;
/** A hot pixel stands this many sigma above the sky; stars are told apart by their neighbours (see the kernel). */
const HOT_SIGMA = 15;
/** Sums are over counts held within this many sigma of the sky: nearly as robust as a median (Huber's k). */
const HELD_SIGMA = 1;
/** What stands higher is a star and says nothing about rows and columns. */
const STAR_SIGMA = 4;
/** The ceiling in counts stops short of the nominal one by up to this share (see count-coding.ts). */
const CEILING_SLACK = 1 / 512;

/**
 * What is wrong with the sensor, from a survey of tiles of 64 x 64 measured pixels: all of them on small frames, every
 * 4th at most on large ones, laid out so that every row and column is seen equally; fractions and counts are extrapolated
 * to the whole frame. Saturation is what `frame.ceilingCount` says; where that comes from is found by comparison.
 */
export function measureSensor(frame: PreparedFrame, hints: CeilingHints): SensorMeasurement {
  const survey = surveyTiles(frame);
  const banding = measureBanding(survey.tiles, frame.width, frame.height);
  const share = survey.pixels > 0 ? (frame.width * frame.height) / survey.pixels : 0;
  return {
    ...ceilingOf(frame, hints),
    saturatedFraction: survey.pixels > 0 ? survey.saturated / survey.pixels : 0,
    hotPixels: Math.round(survey.hot * share * rimShare()),
    deadColumns: banding.defectiveColumns + lostColumns(frame),
    rowBanding: banding.rows,
    columnBanding: banding.columns,
  };
}

/** Tiles are not searched for hot pixels on their rim, where neighbours would be missing. */
function rimShare(): number {
  return (TILE / (TILE - 2)) ** 2;
}

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
  tiles: SurveyTile[];
  pixels: number;
  saturated: number;
  hot: number;
}

function surveyTiles(frame: PreparedFrame): Survey {
  const { kernels, width, height, mesh, black, step } = frame;
  const survey: Survey = { tiles: [], pixels: 0, saturated: 0, hot: 0 };
  // Widths down to whole vectors; what is left over at the right and bottom goes unseen.
  const tileWidth = Math.min(TILE, width & ~7);
  const tileHeight = Math.min(TILE, height);
  if (tileWidth === 0) return survey;
  const across = Math.floor(width / tileWidth);
  const down = Math.floor(height / tileHeight);
  const every = Math.min(SPARSEST, Math.max(1, Math.ceil((width * height) / SURVEY_PIXELS)));
  const mark = kernels.mark();
  const rows = kernels.take(TILE * 4);
  const columns = kernels.take(TILE * 4);
  const tallies = kernels.take(TILE_TALLIES.length * 8);
  const clampCount = (count: number) => Math.min(65534, Math.max(1, Math.round(count)));
  for (let row = 0; row < down; row++) {
    for (let column = (every - (row % every)) % every; column < across; column += every) {
      const x = column * tileWidth;
      const y = row * tileHeight;
      const middle = [x + tileWidth / 2 - 0.5, y + tileHeight / 2 - 0.5] as const;
      const level = (meshAt(mesh, mesh.level, ...middle, width, height) - black) / step;
      const noise = meshAt(mesh, mesh.noise, ...middle, width, height) / step;
      if (!Number.isFinite(level) || !Number.isFinite(noise)) continue;
      const held = Math.max(1, Math.round(HELD_SIGMA * noise));
      const sky = clampCount(level);
      const low = Math.max(0, sky - held);
      const span = Math.min(2 * held, 65535 - low);
      const bright = clampCount(level + STAR_SIGMA * Math.max(0.5, noise));
      const hot = clampCount(level + HOT_SIGMA * Math.max(1, noise));
      const at = frame.pixels + 2 * (y * width + x);
      kernels.call.sensorTile(at, width, tileWidth, tileHeight, low, span, sky, bright, hot, frame.ceilingCount, rows, columns, tallies);
      const tally = new Float64Array(kernels.memory.buffer, tallies, TILE_TALLIES.length);
      const pixels = tileWidth * tileHeight;
      survey.pixels += pixels;
      survey.saturated += tally[TILE_TALLIES.saturated];
      survey.hot += tally[TILE_TALLIES.hot];
      // A tile half without data would compare its own mask, not the sensor's rows.
      if (tally[TILE_TALLIES.holes] * 2 > pixels) continue;
      survey.tiles.push({
        x,
        y,
        span,
        squares: tally[TILE_TALLIES.squares],
        rows: kernels.i32(rows, tileHeight).slice(),
        columns: kernels.i32(columns, tileWidth).slice(),
      });
    }
  }
  kernels.release(mark);
  return survey;
}

/** Rows looked at for columns that are lost, spread over the frame, and pixels along a row that share one sky. */
const PROBES = 64;
const SKY_RUN = 32;
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
    for (let from = 0; from < width; from += SKY_RUN) {
      const middle = from + SKY_RUN / 2;
      const level = meshAt(mesh, mesh.level, middle, y, width, height);
      const bright = (level + STAR_SIGMA * meshAt(mesh, mesh.noise, middle, y, width, height) - black) / step;
      const to = Math.min(width, from + SKY_RUN);
      for (let x = from; x < to; x++) {
        const count = plane[y * width + x];
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
