import type { Stretch } from "../../shared/domain.ts";
import type { ColourPicture } from "../formats/index.ts";
import type { Picture } from "./jpeg.ts";

/** Values for a plane's median and MAD: their error is far below what the screen shows. */
const SAMPLED = 5000;

/**
 * Brings colour planes (ADU) to the screen by one stretch: each plane is first moved and scaled so that its sky has the
 * median `sky` and all have the same noise. That takes the sensor's unequal colours out of the sky (as an unlinked
 * screen transfer function does) and leaves how bright the frame is, and the colours of stars against each other. A part of a
 * frame is given the `levels` of the whole, or it would have other colours than the whole has.
 */
export function stretchColours(
  colours: ColourPicture,
  stretch: Stretch,
  sky: number,
  levels: ColourLevels = levelsOfColours(colours),
): Picture {
  const { width, height, planes } = colours;
  const data = new Uint8Array(width * height * 3);
  const noise = levels.reduce((sum, { mad }) => sum + mad, 0) / 3;
  const { shadows, highlights, range } = stretch;
  const [black, white] = range;
  const factor = 1 / ((white - black) * Math.max(1e-12, highlights - shadows));
  const offset = -black * factor - shadows / Math.max(1e-12, highlights - shadows);
  const m = Math.min(1 - 1e-6, Math.max(1e-9, stretch.midtones));
  planes.forEach((plane, colour) => {
    const { median, mad } = levels[colour];
    const gain = mad > 0 && noise > 0 ? noise / mad : 1;
    const slope = gain * factor;
    const start = (sky - gain * median) * factor + offset;
    for (let i = 0, at = colour; i < plane.length; i++, at += 3) {
      const x = plane[i] * slope + start;
      // Midtones transfer function, see measure/stretch.ts. NaN (no data) compares false: such pixels stay black.
      if (x >= 1) data[at] = 255;
      else if (x > 0) data[at] = 0.5 + (255 * (m - 1) * x) / ((2 * m - 1) * x - m);
    }
  });
  return { width, height, channels: 3, data };
}

/** Sky and noise of each plane. */
export type ColourLevels = readonly { median: number; mad: number }[];

export function levelsOfColours({ planes }: ColourPicture): ColourLevels {
  return planes.map(levelsOf);
}

function levelsOf(plane: Float32Array): { median: number; mad: number } {
  const step = Math.max(1, Math.floor(plane.length / SAMPLED)) | 1;
  const values = Float32Array.from({ length: Math.ceil(plane.length / step) }, (_, i) => plane[i * step]).filter((v) => !Number.isNaN(v));
  const median = middle(values);
  return { median, mad: middle(values.map((value) => Math.abs(value - median))) };
}

function middle(values: Float32Array): number {
  if (values.length === 0) return 0;
  values.sort();
  return (values[(values.length - 1) >> 1] + values[values.length >> 1]) / 2;
}

/** Area means: each new pixel is the mean of what it covers, so that noise and stars keep their brightness. Never enlarges. */
export function shrinkTo(colours: ColourPicture, width: number): ColourPicture {
  if (width >= colours.width) return colours;
  const height = Math.max(1, Math.round((colours.height * width) / colours.width));
  const shrink = (plane: Float32Array) => shrinkPlane(plane, colours, width, height);
  const [red, green, blue] = colours.planes;
  return { width, height, planes: [shrink(red), shrink(green), shrink(blue)] };
}

/** What one new pixel covers along one axis: pixels first..last, of these the first and the last perhaps in part. */
interface Cover {
  first: Int32Array;
  last: Int32Array;
  firstShare: Float64Array;
  lastShare: Float64Array;
}

function coverOf(from: number, to: number): Cover {
  const scale = from / to;
  const cover = { first: new Int32Array(to), last: new Int32Array(to), firstShare: new Float64Array(to), lastShare: new Float64Array(to) };
  for (let i = 0; i < to; i++) {
    const start = i * scale;
    const end = Math.min(from, start + scale);
    const first = Math.floor(start);
    const last = Math.min(from, Math.ceil(end)) - 1;
    cover.first[i] = first;
    cover.last[i] = last;
    cover.firstShare[i] = (Math.min(first + 1, end) - start) / (end - start);
    cover.lastShare[i] = last > first ? (end - last) / (end - start) : 0;
  }
  return cover;
}

function shrinkPlane(plane: Float32Array, from: { width: number; height: number }, width: number, height: number): Float32Array {
  const small = new Float32Array(width * height);
  const band = new Float64Array(from.width);
  const rows = coverOf(from.height, height);
  const columns = coverOf(from.width, width);
  const [whole, wholeColumn] = [height / from.height, width / from.width];
  for (let row = 0; row < height; row++) {
    band.fill(0);
    for (let y = rows.first[row]; y <= rows.last[row]; y++) {
      const share = y === rows.first[row] ? rows.firstShare[row] : y === rows.last[row] ? rows.lastShare[row] : whole;
      const start = y * from.width;
      for (let x = 0; x < band.length; x++) band[x] += share * plane[start + x];
    }
    for (let column = 0, at = row * width; column < width; column++, at++) {
      const first = columns.first[column];
      const last = columns.last[column];
      let sum = 0;
      for (let x = first + 1; x < last; x++) sum += band[x];
      small[at] = wholeColumn * sum + columns.firstShare[column] * band[first] + columns.lastShare[column] * band[last];
    }
  }
  return small;
}
