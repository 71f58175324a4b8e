/** Kernels that flatten planes and find peaks in them. Offsets are bytes, sizes pixels of the plane at hand. */
export interface DetectKernels {
  /**
   * Sky of each group of 16 pixels and band of 8 rows, from `mesh` (f32 counts, columns x rows, tiles of `tile` pixels):
   * pairs of u16, whole counts and the rest times 2^amplify.
   */
  skyTable(mesh: number, columns: number, rows: number, tile: number, width: number, height: number, amplify: number, table: number): void;
  /** Twice the mean of 2x2 pixels, at most 65535. */
  halve(plane: number, width: number, height: number, out: number): void;
  /**
   * Local maxima at or above `threshold` of the plane filtered with [1 2 1]^2 / 16, as four u16: x, y, value, 0. With a
   * `table` rows are flattened first: ((count - whole) << amplify) - rest, and kept at `flat` unless it is 0, halved at `half` unless
   * that is 0. `scratch` holds
   * 9 rows of width + 40 u16. Returns how many there are; those beyond `capacity` are not written.
   */
  scanPeaks(
    plane: number,
    width: number,
    height: number,
    table: number,
    amplify: number,
    flat: number,
    half: number,
    threshold: number,
    peaks: number,
    capacity: number,
    scratch: number,
  ): number;
  /** Rows first..last - 1 of the plane filtered as above; `column` is scratch of width + 40 u16, `out` has 16 bytes to spare. */
  smoothRows(plane: number, width: number, height: number, first: number, last: number, column: number, out: number): void;
}

const GROUP = 16;
const BAND = 8;

function roundedMean(a: number, b: number): number {
  return (a + b + 1) >> 1;
}

/** [1 2 1] / 4 across three samples with the two roundings up that vector averages have. */
function smooth(a: number, b: number, c: number): number {
  return roundedMean(roundedMean(a, c), b);
}

/** The plane filtered with [1 2 1]^2 at one pixel, edges repeated. */
export function filteredSample(pixels: Uint16Array, width: number, height: number, x: number, y: number): number {
  const column = (cx: number): number => {
    const xx = Math.min(Math.max(cx, 0), width - 1);
    return smooth(pixels[Math.max(y - 1, 0) * width + xx], pixels[y * width + xx], pixels[Math.min(y + 1, height - 1) * width + xx]);
  };
  return smooth(column(x - 1), column(x), column(x + 1));
}

/** One pixel with its sky taken off, as the flattening kernel does. */
function flattened(count: number, whole: number, rest: number, amplify: number): number {
  const above = Math.max(count - whole, 0);
  if (amplify < 0) return Math.max((above >> -amplify) - rest, 0);
  return Math.max(Math.min(above * 2 ** amplify, 65535) - rest, 0);
}

function flattenPlane(
  memory: WebAssembly.Memory,
  plane: number,
  width: number,
  height: number,
  table: number,
  amplify: number,
): Uint16Array {
  const pixels = new Uint16Array(memory.buffer, plane, width * height);
  if (table === 0) return pixels;
  const groups = Math.ceil(width / GROUP);
  const parts = new Uint16Array(memory.buffer, table, groups * Math.ceil(height / BAND) * 2);
  const flat = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * (Math.floor(y / BAND) * groups + Math.floor(x / GROUP));
      flat[y * width + x] = flattened(pixels[y * width + x], parts[at], parts[at + 1], amplify);
    }
  }
  return flat;
}

/** Whether a sample is a peak: none before it in reading order is higher, all after it are lower. */
function isPeak(filtered: Uint16Array, width: number, height: number, x: number, y: number): boolean {
  const value = filtered[y * width + x];
  const at = (px: number, py: number) => (px < 0 || py < 0 || px >= width || py >= height ? 0 : filtered[py * width + px]);
  const before = Math.max(at(x - 1, y - 1), at(x, y - 1), at(x + 1, y - 1), at(x - 1, y));
  const after = Math.max(at(x + 1, y), at(x - 1, y + 1), at(x, y + 1), at(x + 1, y + 1));
  return value >= before && value > after;
}

/** The same in plain TypeScript: what the kernels are tested against, and the fallback without WebAssembly SIMD. */
export function referenceDetect(memory: WebAssembly.Memory): DetectKernels {
  const halve: DetectKernels["halve"] = (plane, width, height, out) => {
    const [columns, rows] = [width >> 1, height >> 1];
    const pixels = new Uint16Array(memory.buffer, plane, width * height);
    const half = new Uint16Array(memory.buffer, out, columns * rows);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const at = 2 * y * width + 2 * x;
        half[y * columns + x] = Math.min(65535, (pixels[at] + pixels[at + 1] + pixels[at + width] + pixels[at + width + 1] + 1) >> 1);
      }
    }
  };
  return {
    skyTable(mesh, columns, rows, tile, width, height, amplify, table) {
      const groups = Math.ceil(width / GROUP);
      const bands = Math.ceil(height / BAND);
      const values = new Float32Array(memory.buffer, mesh, columns * rows);
      const parts = new Uint16Array(memory.buffer, table, groups * bands * 2);
      const scale = amplify > 0 ? 2 ** amplify : 1;
      const place = (centre: number, count: number): [low: number, high: number, share: number] => {
        const u = Math.min(Math.max(centre / tile - 0.5, -0.5), count - 0.5);
        const low = Math.max(0, Math.min(count - 2, Math.floor(u)));
        return [low, Math.min(low + 1, count - 1), count > 1 ? u - low : 0];
      };
      for (let b = 0; b < bands; b++) {
        const [r, r1, fy] = place((b + 0.5) * BAND, rows);
        for (let g = 0; g < groups; g++) {
          const [c, c1, fx] = place((g + 0.5) * GROUP, columns);
          const top = values[r * columns + c] * (1 - fx) + values[r * columns + c1] * fx;
          const low = values[r1 * columns + c] * (1 - fx) + values[r1 * columns + c1] * fx;
          const level = Math.floor(Math.max(0, Math.min(65535 * scale, (top * (1 - fy) + low * fy) * scale + 0.5)));
          parts[2 * (b * groups + g)] = Math.floor(level / scale);
          parts[2 * (b * groups + g) + 1] = level % scale;
        }
      }
    },
    halve,
    scanPeaks(plane, width, height, table, amplify, flat, half, threshold, peaks, capacity, _scratch) {
      const pixels = flattenPlane(memory, plane, width, height, table, amplify);
      if (flat !== 0) new Uint16Array(memory.buffer, flat, width * height).set(pixels);
      if (half !== 0) halve(flat, width, height, half);
      const filtered = new Uint16Array(width * height);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) filtered[y * width + x] = filteredSample(pixels, width, height, x, y);
      const list = new Uint16Array(memory.buffer, peaks, capacity * 4);
      let found = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          if (filtered[y * width + x] < threshold || !isPeak(filtered, width, height, x, y)) continue;
          if (found < capacity) list.set([x, y, filtered[y * width + x], 0], 4 * found);
          found++;
        }
      }
      return found;
    },
    smoothRows(plane, width, height, first, last, _column, out) {
      const pixels = new Uint16Array(memory.buffer, plane, width * height);
      const rows = new Uint16Array(memory.buffer, out, width * (last - first));
      for (let y = first; y < last; y++) {
        for (let x = 0; x < width; x++) rows[(y - first) * width + x] = filteredSample(pixels, width, height, x, y);
      }
    },
  };
}
