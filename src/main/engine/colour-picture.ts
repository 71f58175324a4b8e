import type { Stretch } from "../../shared/domain.ts";
import type { ColourPicture } from "../formats/index.ts";
import type { Picture } from "./jpeg.ts";

/** Values for a plane's median and MAD: their error is far below what the screen shows. */
const SAMPLED = 20_000;

/**
 * Brings colour planes (ADU) to the screen by one stretch: each plane is first moved and scaled so that its sky has the
 * median `sky` and all have the same noise. That takes the sensor's unequal colours out of the sky (as an unlinked
 * screen transfer function does) and leaves how bright the frame is, and the colours of stars against each other.
 */
export function stretchColours(colours: ColourPicture, stretch: Stretch, sky: number): Picture {
  const { width, height, planes } = colours;
  const data = new Uint8Array(width * height * 3);
  const levels = planes.map(levelsOf);
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

function shrinkPlane(plane: Float32Array, from: { width: number; height: number }, width: number, height: number): Float32Array {
  const narrow = new Float32Array(width * from.height);
  shrinkLines(plane, { count: from.height, stride: from.width, step: 1, length: from.width }, narrow, {
    stride: width,
    step: 1,
    length: width,
  });
  const small = new Float32Array(width * height);
  shrinkLines(narrow, { count: width, stride: 1, step: width, length: from.height }, small, { stride: 1, step: width, length: height });
  return small;
}

interface Lines {
  /** From one line to the next, and from one sample of a line to the next. */
  stride: number;
  step: number;
  length: number;
}

function shrinkLines(source: Float32Array, from: Lines & { count: number }, target: Float32Array, to: Lines): void {
  const scale = from.length / to.length;
  for (let i = 0; i < to.length; i++) {
    const start = i * scale;
    const end = Math.min(from.length, start + scale);
    const [first, last] = [Math.floor(start), Math.min(from.length, Math.ceil(end)) - 1];
    for (let line = 0; line < from.count; line++) {
      let sum = 0;
      for (let k = first; k <= last; k++) {
        const share = Math.min(k + 1, end) - Math.max(k, start);
        sum += share * source[line * from.stride + k * from.step];
      }
      target[line * to.stride + i * to.step] = sum / (end - start);
    }
  }
}
