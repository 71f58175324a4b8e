import type { CfaPattern } from "../../shared/domain.ts";
import { BYTES_PER_SAMPLE, type PixelSource } from "../../shared/pixels.ts";
import { leaseKernels } from "./kernel-lease.ts";
import { hostSamples, type Numbers, numbersOf } from "./samples.ts";

/** A picture in colour: red, green and blue planes of width x height, in the frame's physical units (ADU). */
export interface ColourPicture {
  width: number;
  height: number;
  planes: [red: Float32Array, green: Float32Array, blue: Float32Array];
}

/** The order of a picture's planes. */
export const CFA_COLOURS = "RGB";
const STRIP_BYTES = 1 << 20;

/**
 * A small colour picture of a whole prepared frame, about `targetWidth` wide and never enlarged: every output pixel is the
 * mean, per colour, of a square block of the mosaic that holds all three colours (2 x 2 Bayer, 3 x 3 X-Trans, or multiples);
 * colour frames are binned plane by plane, mono frames give three equal planes. Blocks are never taller than the frame: one
 * that is a hundred times as wide as high stays wider than asked for. The last rows and columns that do not fill a block are
 * left out. Pixels without data do not count; a block of nothing else is NaN.
 */
export function colourPreview(source: PixelSource, targetWidth: number): ColourPicture {
  const side = source.cfa ? (source.cfa.side === 2 ? 2 : 3) : 1;
  // A strip too narrow for a block of the mosaic has no colours to show.
  const cfa = source.width >= side && source.height >= side ? source.cfa : null;
  const step = cfa ? side : 1;
  const fit = Math.floor(source.width / (step * Math.max(1, targetWidth)));
  const block = step * Math.max(1, Math.min(fit, Math.floor(source.height / step)));
  const width = Math.floor(source.width / block);
  const height = Math.floor(source.height / block);
  if (cfa) {
    const planes = emptyPlanes(width * height);
    binPlane(source, 0, block, cfa, planes);
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
  const { type, blank } = source.coding;
  // Sums of a block's 16-bit samples fit 32 bits up to this size.
  if ((type === "u16" || type === "i16") && blank === null && block <= 256) binPlane16(source, plane, block, cfa, into);
  else binPlaneOfAny(source, plane, block, cfa, into);
}

/** The kernels' way, for what nearly all cameras write. */
function binPlane16(source: PixelSource, plane: number, block: number, cfa: CfaPattern, into: ColourPicture["planes"]): void {
  const { width, coding } = source;
  const columns = Math.floor(width / block);
  const rows = Math.floor(source.height / block);
  const atOnce = Math.min(rows, Math.max(1, Math.floor(STRIP_BYTES / (2 * width * block))));
  const swap = coding.littleEndian ? 0 : 1;
  const flip = coding.type === "i16" ? 0x8000 : 0;
  const { kernels, giveBack } = leaseKernels();
  try {
    const strip = kernels.take(2 * width * block * atOnce);
    const lines = kernels.take(4 * width * cfa.side);
    const sums = kernels.take(4 * columns);
    for (let y = 0; y < rows; y += atOnce) {
      const blocks = Math.min(atOnce, rows - y);
      source.readRows(plane, y * block, blocks * block, kernels.u8(strip, 2 * width * block * blocks));
      for (let j = 0; j < blocks; j++) {
        kernels.u8(lines, 4 * width * cfa.side).fill(0);
        for (let row = j * block; row < (j + 1) * block; row++) {
          const line = lines + 4 * width * ((y * block + row) % cfa.side);
          kernels.call.addLine16(strip + 2 * width * row, width, swap, flip, line);
        }
        for (const kind of kindsOfBlock(cfa, block, (y + j) * block)) {
          kernels.u8(sums, 4 * columns).fill(0);
          const count = Math.ceil((columns - kind.first) / kind.period);
          for (const { phase, first, step } of kind.runs) {
            const line = lines + 4 * (width * phase + kind.first * block);
            kernels.call.addBlocks(line, count, block * kind.period, block, first, step, sums);
          }
          const totals = kernels.i32(sums, count);
          const target = into[kind.colour];
          const at = (y + j) * columns + kind.first;
          for (let i = 0; i < count; i++)
            target[at + i * kind.period] = coding.zero + coding.scale * ((totals[i] >>> 0) / kind.pixels - flip);
        }
      }
    }
  } finally {
    giveBack();
  }
}

/** The pixels of one colour in blocks of one kind. */
interface KindOfBlock {
  colour: number;
  /** Such blocks are `period` columns of blocks apart, from the `first` on. */
  first: number;
  period: number;
  /** How many pixels of the colour are in one. */
  pixels: number;
  /** Columns with the colour in the sums of rows of one phase of the pattern: every `step`-th from `first` on. */
  runs: { phase: number; first: number; step: number }[];
}

/** A block may begin anywhere in the pattern (3 in 6): as many kinds of block follow one another. */
function kindsOfBlock(cfa: CfaPattern, block: number, firstRow: number): KindOfBlock[] {
  const period = block % cfa.side === 0 ? 1 : cfa.side / gcd(block, cfa.side);
  return CFA_COLOURS.split("").flatMap((letter, colour) => {
    if (!cfa.colours.includes(letter)) return [];
    return Array.from({ length: period }, (_, first) => {
      const places = sameColour(cfa, letter, first * block, block, firstRow);
      const runs = places.flatMap(({ phase, offsets }) => {
        const step = offsets.length > 1 ? offsets[1] - offsets[0] : block;
        const even =
          offsets.every((offset, i) => offset === offsets[0] + i * step) && offsets.length === Math.ceil((block - offsets[0]) / step);
        return even ? [{ phase, first: offsets[0], step }] : offsets.map((offset) => ({ phase, first: offset, step: block }));
      });
      return { colour, first, period, pixels: places.reduce((sum, place) => sum + place.offsets.length * place.rows, 0), runs };
    });
  });
}

/** Any kind of sample, with gaps. */
function binPlaneOfAny(source: PixelSource, plane: number, block: number, cfa: CfaPattern, into: ColourPicture["planes"]): void {
  const columns = Math.floor(source.width / block);
  const rows = Math.floor(source.height / block);
  const rowBytes = source.width * BYTES_PER_SAMPLE[source.coding.type];
  const atOnce = Math.min(rows, Math.max(1, Math.floor(STRIP_BYTES / (rowBytes * block))));
  const strip = new Uint8Array(atOnce * block * rowBytes);
  const lines = Array.from({ length: cfa.side }, () => new Float64Array(source.width));
  for (let y = 0; y < rows; y += atOnce) {
    const bytes = strip.subarray(0, Math.min(atOnce, rows - y) * block * rowBytes);
    source.readRows(plane, y * block, bytes.length / rowBytes, bytes);
    const samples = numbersOf(hostSamples(bytes, source.coding));
    for (let j = 0; y + j < rows && j < atOnce; j++) {
      const place = { samples, start: j * block * source.width, firstRow: (y + j) * block, block, cfa };
      sumRows(place, lines);
      writeMeans(source, place, lines, columns, into, (y + j) * columns);
    }
  }
}

/** A row of blocks: its samples begin at `start`, and are those of the frame's rows from `firstRow` on. */
interface BlockRow {
  samples: Numbers;
  start: number;
  firstRow: number;
  block: number;
  cfa: CfaPattern;
}

/** Adds up the rows that have the same colours, column by column: what remains is a fraction of the work. */
function sumRows(place: BlockRow, lines: Float64Array[]): void {
  for (const line of lines) line.fill(0);
  const width = lines[0].length;
  for (let row = 0; row < place.block; row++) {
    addLine(place.samples, place.start + row * width, lines[(place.firstRow + row) % place.cfa.side]);
  }
}

function addLine(samples: Numbers, start: number, line: Float64Array): void {
  for (let x = 0; x < line.length; x++) line[x] += samples[start + x];
}

function writeMeans(
  source: PixelSource,
  place: BlockRow,
  lines: Float64Array[],
  columns: number,
  into: ColourPicture["planes"],
  at: number,
): void {
  const { block, cfa, firstRow } = place;
  const { zero, scale, blank } = source.coding;
  // A block may begin anywhere in the pattern (3 in 6): as many kinds of block follow one another.
  const period = block % cfa.side === 0 ? 1 : cfa.side / gcd(block, cfa.side);
  CFA_COLOURS.split("").forEach((colour, index) => {
    if (!cfa.colours.includes(colour)) return;
    const plane = into[index];
    for (let first = 0; first < period; first++) {
      const runs = sameColour(cfa, colour, first * block, block, firstRow);
      const count = runs.reduce((sum, run) => sum + run.offsets.length * run.rows, 0);
      for (let x = first; x < columns; x += period) {
        let sum = 0;
        for (const { phase, offsets } of runs) {
          const line = lines[phase];
          for (let i = 0; i < offsets.length; i++) sum += line[x * block + offsets[i]];
        }
        const mean = blank === null && !Number.isNaN(sum) ? sum / count : meanOfPresent(place, lines[0].length, x * block, colour, blank);
        plane[at + x] = zero + scale * mean;
      }
    }
  });
}

/** Where a colour stands in a block that begins at column `left` of the pattern: which lines, and which columns of them. */
function sameColour(
  cfa: CfaPattern,
  colour: string,
  left: number,
  block: number,
  firstRow: number,
): { phase: number; rows: number; offsets: number[] }[] {
  const { side, colours } = cfa;
  return Array.from({ length: side }, (_, phase) => ({
    phase,
    rows: Array.from({ length: block }, (_row, i) => (firstRow + i) % side).filter((other) => other === phase).length,
    offsets: Array.from({ length: block }, (_column, i) => i).filter((i) => colours[phase * side + ((left + i) % side)] === colour),
  })).filter((run) => run.rows > 0 && run.offsets.length > 0);
}

/** The mean of one colour over one block, pixel by pixel, where some of them have no data. */
function meanOfPresent(place: BlockRow, width: number, left: number, colour: string, blank: number | null): number {
  const { samples, start, firstRow, block, cfa } = place;
  let sum = 0;
  let count = 0;
  for (let row = 0; row < block; row++) {
    for (let column = left; column < left + block; column++) {
      const value = samples[start + row * width + column];
      if (cfa.colours[((firstRow + row) % cfa.side) * cfa.side + (column % cfa.side)] !== colour) continue;
      if (value === blank || Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  }
  return sum / count;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
