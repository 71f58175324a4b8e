import type { PixelSource } from "../../shared/pixels.ts";
import { type Kernels, measurePrepared, prepareFrame } from "../measure/index.ts";

const WIDTH = 1536;
const HEIGHT = 1024;
const STARS = 300;
/** Kernels begin in a quickly compiled form and are compiled anew once they have proved to be used. */
const TIMES = 3;
const SKY = 1000;
const NOTHING_SAID = { saturation: null, bitDepth: null, electronsPerAdu: null, pixelScale: null };

/**
 * Measures a made-up sky, for nothing but that measuring has been done once on this thread: code is compiled and memory is
 * there when the first frame of a night comes, which takes half a second less then. `check` throws when that night is there.
 */
export function rehearse(kernels: Kernels, check: () => void): void {
  const source = madeUpSky();
  for (let time = 0; time < TIMES; time++) {
    check();
    measurePrepared(prepareFrame(kernels, source, NOTHING_SAID), source, NOTHING_SAID, check);
  }
}

function madeUpSky(): PixelSource {
  const pixels = new Uint16Array(WIDTH * HEIGHT);
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  // The sum of three is noise enough.
  for (let at = 0; at < pixels.length; at++) pixels[at] = SKY + 40 * (random() + random() + random());
  for (let star = 0; star < STARS; star++)
    addStar(pixels, 10 + random() * (WIDTH - 20), 10 + random() * (HEIGHT - 20), 300 + 20_000 * random() ** 4);
  return {
    width: WIDTH,
    height: HEIGHT,
    planes: 1,
    cfa: null,
    coding: { type: "u16", littleEndian: true, zero: 0, scale: 1, blank: null },
    readRows: (_plane, firstRow, rows, into) => {
      into.set(new Uint8Array(pixels.buffer, firstRow * WIDTH * 2, rows * WIDTH * 2));
    },
  };
}

function addStar(pixels: Uint16Array, x: number, y: number, peak: number): void {
  for (let row = Math.round(y) - 7; row <= Math.round(y) + 7; row++) {
    for (let column = Math.round(x) - 7; column <= Math.round(x) + 7; column++) {
      const at = row * WIDTH + column;
      pixels[at] = Math.min(65_535, pixels[at] + peak * Math.exp(-((column - x) ** 2 + (row - y) ** 2) / 4));
    }
  }
}
