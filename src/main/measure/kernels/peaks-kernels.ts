import { filteredSample } from "./detect-kernels.ts";

/** Flags of a peak's record. */
export const PEAK = { sharp: 1, line: 2, second: 4, kept: 8, blended: 16 } as const;
/** Bytes of a peak's record: f32 x, y, height above its local sky, local sky, sky of the mesh, noise of the filtered plane; i32 flags, parent. */
export const PEAK_RECORD = 32;

/** Kernels that look at coarse peaks in a finer plane. */
export interface PeaksKernels {
  /** See assembly/peaks.ts. Returns how many records were written. */
  refinePeaks(
    plane: number,
    width: number,
    height: number,
    peaks: number,
    count: number,
    ratio: number,
    noise: number,
    significance: number,
    sharpness: number,
    offsets: number,
    scratch: number,
    records: number,
    capacity: number,
  ): number;
  /** See assembly/peaks.ts. Returns how many records are kept. */
  judgePeaks(
    plane: number,
    width: number,
    height: number,
    records: number,
    order: number,
    count: number,
    significance: number,
    slope: number,
    lump: number,
    alpha: number,
    beta: number,
    ceiling: number,
    heads: number,
    nodes: number,
    capacity: number,
  ): number;
}

const SIDE = 16;
const RING_POINTS = 24;
const SKY_RANK = 8;
const WORDS = PEAK_RECORD / 4;

/** A 16 x 16 patch of the filtered plane. */
interface Patch {
  x0: number;
  y0: number;
  values: Uint16Array;
}

class Plane {
  readonly pixels: Uint16Array;
  readonly width: number;
  readonly height: number;

  constructor(memory: WebAssembly.Memory, plane: number, width: number, height: number) {
    this.pixels = new Uint16Array(memory.buffer, plane, width * height);
    this.width = width;
    this.height = height;
  }

  at(x: number, y: number): number {
    const { width, height } = this;
    return this.pixels[Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)];
  }

  /** Filtered exactly, without roundings: for saddles. */
  filtered(x: number, y: number): number {
    const sides = this.at(x, y - 1) + this.at(x, y + 1) + this.at(x - 1, y) + this.at(x + 1, y);
    const corners = this.at(x - 1, y - 1) + this.at(x + 1, y - 1) + this.at(x - 1, y + 1) + this.at(x + 1, y + 1);
    return (corners + 2 * sides + 4 * this.at(x, y)) / 16;
  }

  patch(cx: number, cy: number): Patch {
    const x0 = Math.min(Math.max(cx - 8, 0), this.width - SIDE);
    const y0 = Math.min(Math.max(cy - 8, 0), this.height - SIDE);
    const values = new Uint16Array(SIDE * SIDE);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) values[y * SIDE + x] = filteredSample(this.pixels, this.width, this.height, x0 + x, y0 + y);
    }
    return { x0, y0, values };
  }
}

function ringSky({ values }: Patch, x: number, y: number, ring: Int8Array): number {
  const clamp = (v: number) => Math.min(Math.max(v, 0), SIDE - 1);
  const samples = Array.from({ length: RING_POINTS }, (_, k) => values[clamp(y + ring[2 * k + 1]) * SIDE + clamp(x + ring[2 * k])]);
  return samples.sort((a, b) => a - b)[SKY_RANK];
}

/** Offset of the vertex of the parabola through three samples, at most half a pixel. */
function vertex(a: number, b: number, c: number): number {
  const bend = a - 2 * b + c;
  if (bend >= 0 || a === 0 || c === 0) return 0;
  return Math.max(-0.5, Math.min(0.5, (0.5 * (a - c)) / bend));
}

/** A local maximum of the patch: at least as high as what comes before in reading order, higher than what comes after. */
function isMaximum({ values }: Patch, x: number, y: number): boolean {
  const v = values[y * SIDE + x];
  for (let j = -1; j <= 1; j++) {
    for (let i = -1; i <= 1; i++) {
      if ((i === 0 && j === 0) || x + i < 0 || y + j < 0 || x + i >= SIDE || y + j >= SIDE) continue;
      const other = values[(y + j) * SIDE + x + i];
      if (j < 0 || (j === 0 && i < 0) ? v < other : v <= other) return false;
    }
  }
  return true;
}

/** Flags that pixels alone decide: single hot pixels, defective lines. */
function defects(plane: Plane, x: number, y: number, sky: number, tall: number, rawNoise: number, sharpness: number): number {
  const raw = plane.at(x, y) - sky;
  const across = (plane.at(x - 1, y) + plane.at(x + 1, y)) / 2 - sky;
  const along = (plane.at(x, y - 1) + plane.at(x, y + 1)) / 2 - sky;
  const inLine = Math.min(across, along) + 0.5 * rawNoise < 0.2 * raw && Math.max(across, along) > 0.5 * raw;
  return (raw > sharpness * tall + rawNoise ? PEAK.sharp : 0) | (inLine ? PEAK.line : 0);
}

/** Whether there is a saddle between a peak and a brighter star, deep enough for the noise of the light there. */
function isParted(
  plane: Plane,
  from: { x: number; y: number; top: number; sky: number; variance: number },
  to: { x: number; y: number },
  slope: number,
  lump: number,
): boolean {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const distance = Math.hypot(dx, dy);
  for (let k = 1; k < Math.floor(distance); k++) {
    const t = k / distance;
    const v = plane.filtered(Math.floor(from.x + dx * t + 0.5), Math.floor(from.y + dy * t + 0.5));
    const light = Math.max(v - from.sky, 0);
    const need = Math.max(2.5 * Math.sqrt(from.variance + 0.14 * slope * light), lump * light);
    if (from.top - v >= need) return true;
    if (v > from.top + need) return false;
  }
  return false;
}

const LONGEST_PLATEAU = 24;

/** The middle of a saturated star's plateau, across and along in turn; see assembly/peaks.ts. */
function plateauCentre(plane: Plane, from: { x: number; y: number }, level: number): [x: number, y: number] {
  let { x, y } = from;
  const reach = (px: number, py: number, dx: number, dy: number): number => {
    let k = 0;
    const inside = (n: number) => px + n * dx >= 0 && py + n * dy >= 0 && px + n * dx < plane.width && py + n * dy < plane.height;
    while (k < LONGEST_PLATEAU && inside(k + 1) && plane.at(px + (k + 1) * dx, py + (k + 1) * dy) >= level) k++;
    return k;
  };
  for (let round = 0; round < 3; round++) {
    const [px, py] = [Math.trunc(x + 0.5), Math.trunc(y + 0.5)];
    if (plane.at(px, py) < level) break;
    const [right, left] = [reach(px, py, 1, 0), reach(px, py, -1, 0)];
    if (Math.max(right, left) < LONGEST_PLATEAU) x = px + (right - left) / 2;
    const mx = Math.trunc(x + 0.5);
    const [down, up] = [reach(mx, py, 0, 1), reach(mx, py, 0, -1)];
    if (Math.max(down, up) < LONGEST_PLATEAU) y = py + (down - up) / 2;
  }
  return [x, y];
}

/** The same in plain TypeScript: what the kernels are tested against, and the fallback without WebAssembly SIMD. */
export function referencePeaks(memory: WebAssembly.Memory): PeaksKernels {
  return {
    refinePeaks(plane, width, height, peaks, count, ratio, noise, significance, sharpness, offsets, _scratch, records, capacity) {
      const source = new Plane(memory, plane, width, height);
      const coarse = new Uint16Array(memory.buffer, peaks, count * 4);
      const ring = new Int8Array(memory.buffer, offsets, 2 * RING_POINTS);
      const values = new Float32Array(memory.buffer, records, capacity * WORDS);
      const words = new Int32Array(memory.buffer, records, capacity * WORDS);
      const reach = ratio === 1 ? 3 : 6;
      let found = 0;
      const write = (patch: Patch, x: number, y: number, sky: number, flags: number, parent: number): boolean => {
        if (found >= capacity) return false;
        const at = (i: number, j: number) => (i < 0 || j < 0 || i >= SIDE || j >= SIDE ? 0 : patch.values[j * SIDE + i]);
        const v = at(x, y);
        const [gx, gy] = [patch.x0 + x, patch.y0 + y];
        if (gx === 0 || gy === 0 || gx === width - 1 || gy === height - 1) return true;
        const all = flags | defects(source, gx, gy, sky, v - sky, noise / 0.375, sharpness);
        const record = [gx + vertex(at(x - 1, y), v, at(x + 1, y)), gy + vertex(at(x, y - 1), v, at(x, y + 1)), v - sky, sky, 0, noise];
        values.set(record, found * WORDS);
        words.set([all, parent], found * WORDS + 6);
        found++;
        return true;
      };
      for (let i = 0; i < count; i++) {
        const cx = Math.min(coarse[4 * i] * ratio + (ratio >> 1), width - 1);
        const cy = Math.min(coarse[4 * i + 1] * ratio + (ratio >> 1), height - 1);
        const patch = source.patch(cx, cy);
        const [px, py] = [cx - patch.x0, cy - patch.y0];
        let [bx, by, best] = [-1, -1, -1];
        for (let y = Math.max(py - 3, 0); y <= Math.min(py + 2, SIDE - 1); y++) {
          for (let x = Math.max(px - 3, 0); x <= Math.min(px + 2, SIDE - 1); x++) {
            if (patch.values[y * SIDE + x] > best) [bx, by, best] = [x, y, patch.values[y * SIDE + x]];
          }
        }
        const sky = ringSky(patch, bx, by, ring);
        const least = sky + Math.trunc(significance * noise);
        for (let y = Math.max(py - reach, 0); y <= Math.min(py + reach - 1, SIDE - 1); y++) {
          for (let x = Math.max(px - reach, 0); x <= Math.min(px + reach - 1, SIDE - 1); x++) {
            const main = x === bx && y === by;
            const v = patch.values[y * SIDE + x];
            if (!main && (v < least || !isMaximum(patch, x, y))) continue;
            const local = main ? sky : ringSky(patch, x, y, ring);
            if (!main && v - local < significance * noise) continue;
            if (!write(patch, x, y, local, main ? 0 : PEAK.second, i)) return found;
          }
        }
      }
      return found;
    },
    judgePeaks(plane, width, height, records, order, count, significance, slope, lump, alpha, beta, ceiling, heads, nodes, capacity) {
      const source = new Plane(memory, plane, width, height);
      const across = (width + 15) >> 4;
      const indices = new Int32Array(memory.buffer, order, count);
      const most = indices.reduce((a, b) => Math.max(a, b), -1) + 1;
      const values = new Float32Array(memory.buffer, records, most * WORDS);
      const words = new Int32Array(memory.buffer, records, most * WORDS);
      const first = new Int32Array(memory.buffer, heads, across * ((height + 15) >> 4));
      const links = new Int32Array(memory.buffer, nodes, capacity * 2);
      let [used, kept] = [0, 0];
      for (const self of indices) {
        const at = self * WORDS;
        if (words[at + 6] & (PEAK.sharp | PEAK.line)) continue;
        const [x, y, tall, local, sky, noise] = values.subarray(at, at + 6);
        const variance = noise * noise;
        if (tall < significance * Math.sqrt(variance + 0.14 * slope * Math.max(local - sky, 0))) continue;
        const cell = (Math.min(Math.floor(y), height - 1) >> 4) * across + (Math.min(Math.floor(x), width - 1) >> 4);
        let alone = true;
        for (let node = first[cell]; node >= 0 && alone; node = links[2 * node + 1]) {
          const other = links[2 * node] * WORDS;
          const distance = Math.hypot(values[other] - x, values[other + 1] - y);
          if (distance < 1.5) {
            alone = false;
            break;
          }
          const wing = values[other + 2] * (1 + (distance / alpha) ** 2) ** -beta;
          if (wing < 0.25 * noise) continue;
          alone = isParted(source, { x, y, top: local + tall, sky, variance }, { x: values[other], y: values[other + 1] }, slope, lump);
          if (!alone) break;
          if (wing > 0.02 * tall && distance < 3 * alpha) words[at + 6] |= PEAK.blended;
          if (tall > 0.1 * values[other + 2] && distance < 3 * alpha) words[other + 6] |= PEAK.blended;
        }
        if (!alone) {
          words[at + 6] &= ~PEAK.blended;
          continue;
        }
        words[at + 6] |= PEAK.kept;
        kept++;
        const full = local + 4 * tall >= ceiling && source.at(Math.trunc(x + 0.5), Math.trunc(y + 0.5)) >= ceiling;
        if (full) values.set(plateauCentre(source, { x, y }, Math.trunc(0.9 * ceiling)), at);
        const rise = (local + tall >= ceiling ? tall * 4 : tall) / (0.5 * noise);
        const reach = rise > 1 ? Math.min(alpha * Math.sqrt(rise ** (1 / beta) - 1), 240) : 0;
        for (let r = Math.max(Math.trunc(y - reach), 0) >> 4; r <= Math.min(Math.trunc(y + reach), height - 1) >> 4; r++) {
          for (let c = Math.max(Math.trunc(x - reach), 0) >> 4; c <= Math.min(Math.trunc(x + reach), width - 1) >> 4; c++) {
            if (used >= capacity) break;
            links[2 * used] = self;
            links[2 * used + 1] = first[r * across + c];
            first[r * across + c] = used++;
          }
        }
      }
      return kept;
    },
  };
}
