import type { CfaPattern } from "../../shared/domain.ts";
import { BYTES_PER_SAMPLE, type PixelSource } from "../../shared/pixels.ts";
import type { Image } from "./frame-file.ts";
import { type HostSamples, hostSamples } from "./samples.ts";

/** A picture in colour: red, green and blue planes of width x height, in the frame's physical units (ADU). */
export interface ColourPicture {
  width: number;
  height: number;
  planes: [red: Float32Array, green: Float32Array, blue: Float32Array];
}

const COLOURS = "RGB";
const STRIP_BYTES = 1 << 20;

/**
 * A small colour picture of a whole prepared frame, about `targetWidth` wide and never enlarged: every output pixel is the
 * mean, per colour, of a square block of the mosaic that holds all three colours (2 x 2 Bayer, 3 x 3 X-Trans, or multiples);
 * colour frames are binned plane by plane, mono frames give three equal planes. The last rows and columns that do not fill
 * a block are left out. Pixels without data do not count; a block of nothing else is NaN.
 */
export function colourPreview(source: PixelSource, targetWidth: number): ColourPicture {
  const step = source.cfa ? (source.cfa.side === 2 ? 2 : 3) : 1;
  const fit = Math.floor(source.width / (step * Math.max(1, targetWidth)));
  const block = step * Math.max(1, fit);
  const width = Math.floor(source.width / block);
  const height = Math.floor(source.height / block);
  if (source.cfa) {
    const planes = emptyPlanes(width * height);
    binPlane(source, 0, block, source.cfa, planes);
    return { width, height, planes };
  }
  const binned = Array.from({ length: source.planes >= 3 ? 3 : 1 }, (_, plane) => {
    const only = new Float32Array(width * height);
    binPlane(source, plane, block, { side: 2, colours: "RRRR" }, [only, only, only]);
    return only;
  });
  return { width, height, planes: [binned[0], binned[1] ?? binned[0], binned[2] ?? binned[0]] };
}

function emptyPlanes(length: number): ColourPicture["planes"] {
  return [new Float32Array(length), new Float32Array(length), new Float32Array(length)];
}

/** Means over blocks of one stored plane, each colour of the pattern into its own output plane. */
function binPlane(source: PixelSource, plane: number, block: number, cfa: CfaPattern, into: ColourPicture["planes"]): void {
  const width = Math.floor(source.width / block);
  const height = Math.floor(source.height / block);
  const rowBytes = source.width * BYTES_PER_SAMPLE[source.coding.type];
  const blocksAtOnce = Math.max(1, Math.floor(STRIP_BYTES / (rowBytes * block)));
  const strip = new Uint8Array(Math.min(blocksAtOnce, height) * block * rowBytes);
  const sums = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  const counts = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  for (let y = 0; y < height; y += blocksAtOnce) {
    const blocks = Math.min(blocksAtOnce, height - y);
    const bytes = strip.subarray(0, blocks * block * rowBytes);
    source.readRows(plane, y * block, blocks * block, bytes);
    const samples = numbers(hostSamples(bytes, source.coding));
    for (let j = 0; j < blocks; j++) {
      for (const array of [...sums, ...counts]) array.fill(0);
      for (let row = 0; row < block; row++) {
        addRow(
          samples,
          (j * block + row) * source.width,
          { cfa, row: (y + j) * block + row, block, blank: source.coding.blank },
          sums,
          counts,
        );
      }
      writeMeans(source, sums, counts, into, (y + j) * width);
    }
  }
}

interface RowPlace {
  cfa: CfaPattern;
  /** Which row of the frame it is: that decides its colours. */
  row: number;
  block: number;
  blank: number | null;
}

type Numbers = Exclude<HostSamples, BigUint64Array | BigInt64Array>;

/** 64-bit integers lose bits beyond 2^53 here: this is for looking at. */
function numbers(samples: HostSamples): Numbers {
  return samples instanceof BigUint64Array || samples instanceof BigInt64Array ? Float64Array.from(samples, Number) : samples;
}

/** Column after column of the pattern: within one the colour is fixed, so that the inner loop only adds. */
function addRow(samples: Numbers, start: number, place: RowPlace, sums: Float64Array[], counts: Float64Array[]): void {
  const { cfa, row, block, blank } = place;
  const { side } = cfa;
  const width = sums[0].length;
  const gaps = blank !== null || samples instanceof Float32Array || samples instanceof Float64Array;
  // A block may begin anywhere in the pattern (3 in 6): every other one then has another colour in the same place.
  const period = block % side === 0 ? 1 : side / gcd(block, side);
  for (let first = 0; first < period; first++) {
    for (let column = 0; column < block; column++) {
      const colour = COLOURS.indexOf(cfa.colours[(row % side) * side + ((first * block + column) % side)]);
      const sum = sums[colour];
      const count = counts[colour];
      const stride = block * period;
      for (let x = first, at = start + first * block + column; x < width; x += period, at += stride) {
        const value = samples[at];
        if (gaps && (value === blank || Number.isNaN(value))) continue;
        sum[x] += value;
        count[x]++;
      }
    }
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function writeMeans(source: PixelSource, sums: Float64Array[], counts: Float64Array[], into: ColourPicture["planes"], at: number): void {
  const { zero, scale } = source.coding;
  const written = new Set<Float32Array>();
  into.forEach((plane, colour) => {
    if (written.has(plane)) return;
    written.add(plane);
    for (let x = 0; x < sums[colour].length; x++) plane[at + x] = zero + (scale * sums[colour][x]) / counts[colour][x];
  });
}

// ---------------------------------------------------------------- at full size

interface Neighbour {
  dx: number;
  dy: number;
  weight: number;
}

/**
 * Full-size colours of a mosaic: a pixel keeps its own colour; the others are means of the same colour around it, bilinear
 * for Bayer (3 x 3), weighted by 1 / distance^2 over 5 x 5 for X-Trans. At the borders what is outside does not count.
 */
export function debayer(image: Image, cfa: CfaPattern): ColourPicture {
  const { width, height } = image;
  const data = numbers(image.data);
  const planes = emptyPlanes(width * height);
  const { side } = cfa;
  const radius = side === 2 ? 1 : 2;
  for (let phase = 0; phase < side * side; phase++) {
    const px = phase % side;
    const py = Math.floor(phase / side);
    planes.forEach((plane, colour) => {
      const around = neighbours(cfa, px, py, colour, radius);
      for (let y = py; y < height; y += side) {
        for (let x = px; x < width; x += side) plane[y * width + x] = weighted(data, width, height, x, y, around);
      }
    });
  }
  return { width, height, planes };
}

function neighbours(cfa: CfaPattern, px: number, py: number, colour: number, radius: number): Neighbour[] {
  const { side, colours } = cfa;
  const colourAt = (x: number, y: number) => COLOURS.indexOf(colours[((y + 2 * side) % side) * side + ((x + 2 * side) % side)]);
  if (colourAt(px, py) === colour) return [{ dx: 0, dy: 0, weight: 1 }];
  const found: Neighbour[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (colourAt(px + dx, py + dy) === colour) found.push({ dx, dy, weight: radius === 1 ? 1 : 1 / (dx * dx + dy * dy) });
    }
  }
  return found;
}

function weighted(data: Numbers, width: number, height: number, x: number, y: number, around: Neighbour[]): number {
  let sum = 0;
  let weights = 0;
  for (const { dx, dy, weight } of around) {
    const nx = x + dx;
    const ny = y + dy;
    if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
    sum += weight * data[ny * width + nx];
    weights += weight;
  }
  return sum / weights;
}
