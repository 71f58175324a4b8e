import { NebuliftError } from "../../shared/errors.ts";
import { multipliersOf, transform } from "./jpeg-block.ts";
import { type Codes, codesOf, JpegStream } from "./jpeg-stream.ts";
import { CHROMINANCE_AC, CHROMINANCE_DC, type HuffmanTable, LUMINANCE_AC, LUMINANCE_DC, quantiserSteps, ZIGZAG } from "./jpeg-tables.ts";

/**
 * A picture for the screen. Encoding it is done here instead of by a library: native libvips crashes Electron on Linux
 * and would take the whole process with it anywhere, its WebAssembly build takes seconds and 100 MB per thread to start,
 * and at this size neither is faster.
 */
export interface Picture {
  width: number;
  height: number;
  /** 1: grey; 3: red, green, blue of each pixel side by side. Rows from the top. */
  channels: 1 | 3;
  data: Uint8Array;
}

const MOST_SIDE = 65_535;

/** Baseline JPEG (ITU-T T.81, JFIF 1.01), colour at half resolution (4:2:0). `quality` 1..100 as libjpeg counts it. */
export function encodeJpeg(picture: Picture, quality: number): Uint8Array {
  const { width, height, channels, data } = picture;
  if (width < 1 || height < 1 || width > MOST_SIDE || height > MOST_SIDE || data.length < width * height * channels) {
    throw new NebuliftError("internal", `picture of ${width} x ${height} x ${channels} in ${data.length} bytes`);
  }
  const stream = new JpegStream(4096 + ((width * height) >> 1));
  writeHead(stream, picture, quality);
  if (channels === 1) writeGrey(stream, picture, quality);
  else writeColour(stream, picture, quality);
  return stream.finish();
}

interface Component {
  block: Float32Array;
  coefficients: Int16Array;
  multipliers: Float32Array;
  dc: Codes;
  ac: Codes;
  last: number;
}

function component(kind: "luminance" | "chrominance", quality: number): Component {
  return {
    block: new Float32Array(64),
    coefficients: new Int16Array(64),
    multipliers: multipliersOf(kind, quality),
    dc: codesOf(kind === "luminance" ? LUMINANCE_DC : CHROMINANCE_DC),
    ac: codesOf(kind === "luminance" ? LUMINANCE_AC : CHROMINANCE_AC),
    last: 0,
  };
}

/** Transforms, quantises and writes what is in the component's block. */
function writeBlock(stream: JpegStream, part: Component): void {
  const { block, coefficients, multipliers } = part;
  transform(block);
  for (let k = 0; k < 64; k++) {
    const scaled = block[ZIGZAG[k]] * multipliers[k];
    // Rounds to the nearest: the sum is positive, so that cutting it off is rounding down.
    coefficients[k] = ((scaled + 16384.5) | 0) - 16384;
  }
  part.last = stream.block(coefficients, part.last, part.dc, part.ac);
}

function writeGrey(stream: JpegStream, { width, height, data }: Picture, quality: number): void {
  const grey = component("luminance", quality);
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      const inside = top + 8 <= height && left + 8 <= width;
      for (let y = 0, at = 0; y < 8; y++) {
        const row = (inside ? top + y : Math.min(top + y, height - 1)) * width;
        if (inside) for (let x = 0; x < 8; x++) grey.block[at++] = data[row + left + x] - 128;
        else for (let x = 0; x < 8; x++) grey.block[at++] = data[row + Math.min(left + x, width - 1)] - 128;
      }
      writeBlock(stream, grey);
    }
  }
}

function writeColour(stream: JpegStream, picture: Picture, quality: number): void {
  const luminance = component("luminance", quality);
  const blue = component("chrominance", quality);
  const red = component("chrominance", quality);
  const tile: Tile = { y: new Float32Array(256), cb: blue.block, cr: red.block };
  for (let top = 0; top < picture.height; top += 16) {
    for (let left = 0; left < picture.width; left += 16) {
      readTile(picture, left, top, tile);
      for (let quarter = 0; quarter < 4; quarter++) {
        const y = tile.y.subarray(quarter * 64, quarter * 64 + 64);
        luminance.block.set(y);
        writeBlock(stream, luminance);
      }
      writeBlock(stream, blue);
      writeBlock(stream, red);
    }
  }
}

interface Tile {
  /** Four blocks of 8 x 8: upper left, upper right, lower left, lower right. */
  y: Float32Array;
  cb: Float32Array;
  cr: Float32Array;
}

/** 16 x 16 pixels as luminance and as colour differences averaged over 2 x 2 (JFIF 1.02, ITU-R BT.601), all about zero. */
function readTile({ width, height, data }: Picture, left: number, top: number, tile: Tile): void {
  for (let half = 0; half < 64; half++) {
    const x = (half & 7) * 2;
    const y = (half >> 3) * 2;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let corner = 0; corner < 4; corner++) {
      const dx = x + (corner & 1);
      const dy = y + (corner >> 1);
      const at = (Math.min(top + dy, height - 1) * width + Math.min(left + dx, width - 1)) * 3;
      const r = data[at];
      const g = data[at + 1];
      const b = data[at + 2];
      tile.y[((dy >> 3) << 7) | ((dx >> 3) << 6) | ((dy & 7) << 3) | (dx & 7)] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
      red += r;
      green += g;
      blue += b;
    }
    tile.cb[half] = 0.25 * (-0.168735892 * red - 0.331264108 * green + 0.5 * blue);
    tile.cr[half] = 0.25 * (0.5 * red - 0.418687589 * green - 0.081312411 * blue);
  }
}

function writeHead(stream: JpegStream, { width, height, channels }: Picture, quality: number): void {
  const kinds = channels === 1 ? (["luminance"] as const) : (["luminance", "chrominance"] as const);
  stream.marker(0xd8);
  // JFIF 1.01, square pixels.
  stream.marker(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  kinds.forEach((kind, id) => {
    const steps = quantiserSteps(kind, quality);
    stream.marker(0xdb, [id, ...Array.from(ZIGZAG, (at) => steps[at] ?? 1)]);
  });
  const parts =
    channels === 1
      ? [[1, 0x11, 0]]
      : [
          [1, 0x22, 0],
          [2, 0x11, 1],
          [3, 0x11, 1],
        ];
  stream.marker(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, channels, ...parts.flat()]);
  const tables: [number, HuffmanTable][] = [
    [0x00, LUMINANCE_DC],
    [0x10, LUMINANCE_AC],
    [0x01, CHROMINANCE_DC],
    [0x11, CHROMINANCE_AC],
  ];
  for (const [id, { lengths, symbols }] of tables.slice(0, channels === 1 ? 2 : 4)) stream.marker(0xc4, [id, ...lengths, ...symbols]);
  stream.marker(0xda, [channels, ...parts.flatMap(([id, , table]) => [id ?? 0, table === 0 ? 0x00 : 0x11]), 0, 63, 0]);
}
