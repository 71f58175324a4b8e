/**
 * Seeded randomness: xoshiro128** (Blackman & Vigna 2018) seeded through splitmix32, so that one seed gives one night on
 * every platform. A stream forked by a label does not depend on how much was drawn from its parent: adding a draw
 * somewhere leaves everything else of a night as it was.
 */
export class Random {
  private readonly key: number;
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(seed: number | string) {
    this.key = typeof seed === "number" ? mix(seed ^ 0x5bd1e995, Math.floor(seed / 4294967296)) : hashText(seed, 0x811c9dc5);
    let state = this.key;
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      return mix(state, 0x85ebca6b);
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.d = next() | 1;
  }

  fork(label: string | number): Random {
    return new Random(`${this.key >>> 0}/${label}`);
  }

  /** A whole number to seed hashed patterns with. */
  get seed(): number {
    return this.key;
  }

  uint32(): number {
    const times5 = Math.imul(this.b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result >>> 0;
  }

  /** [0, 1) */
  uniform(): number {
    return this.uint32() * 2.3283064365386963e-10;
  }

  range(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform in the logarithm. */
  logRange(low: number, high: number): number {
    return low * (high / low) ** this.uniform();
  }

  /** 0 .. count - 1 */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.integer(items.length)] ?? items[0];
  }

  /** Standard normal deviate: ziggurat of 128 layers (Marsaglia & Tsang 2000, in Doornik's 2005 form). */
  normal(): number {
    for (;;) {
      const bits = this.uint32();
      const layer = bits & 127;
      const u = (bits >>> 7) * 5.960464832810452e-8 - 1;
      if (Math.abs(u) < zigguratRatio[layer]) return u * zigguratEdge[layer];
      if (layer === 0) return this.normalTail(u < 0);
      const x = u * zigguratEdge[layer];
      const outer = Math.exp(-0.5 * (zigguratEdge[layer] ** 2 - x * x));
      const inner = Math.exp(-0.5 * (zigguratEdge[layer + 1] ** 2 - x * x));
      if (inner + this.uniform() * (outer - inner) < 1) return x;
    }
  }

  private normalTail(negative: boolean): number {
    for (;;) {
      const x = Math.log(1 - this.uniform()) / ZIGGURAT_R;
      const y = Math.log(1 - this.uniform());
      if (-2 * y >= x * x) return negative ? x - ZIGGURAT_R : ZIGGURAT_R - x;
    }
  }

  /**
   * Poisson deviate. Exact (inversion of the distribution) below a mean of 30; above, the normal with Cornish-Fisher's
   * term for the skewness, whose first three moments are those of Poisson.
   */
  poisson(mean: number): number {
    if (mean >= 30) {
      const z = this.normal();
      const value = Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6);
      return Math.max(value, 0);
    }
    if (!(mean > 0)) return 0;
    const u = this.uniform();
    let term = Math.exp(-mean);
    let sum = term;
    let k = 0;
    while (u > sum && k < 199) {
      k++;
      term *= mean * reciprocal[k];
      sum += term;
    }
    return k;
  }
}

const ZIGGURAT_R = 3.442619855899;
const ZIGGURAT_V = 9.91256303526217e-3;
const zigguratEdge = new Float64Array(129);
const zigguratRatio = new Float64Array(128);
{
  let f = Math.exp(-0.5 * ZIGGURAT_R * ZIGGURAT_R);
  zigguratEdge[0] = ZIGGURAT_V / f;
  zigguratEdge[1] = ZIGGURAT_R;
  for (let i = 2; i < 128; i++) {
    zigguratEdge[i] = Math.sqrt(-2 * Math.log(ZIGGURAT_V / zigguratEdge[i - 1] + f));
    f = Math.exp(-0.5 * zigguratEdge[i] * zigguratEdge[i]);
  }
  for (let i = 0; i < 128; i++) zigguratRatio[i] = zigguratEdge[i + 1] / zigguratEdge[i];
}
const reciprocal = Float64Array.from({ length: 200 }, (_, k) => 1 / k);

function mix(value: number, salt: number): number {
  let h = Math.imul(value ^ (value >>> 16) ^ salt, 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}

/** FNV-1a over UTF-16 units, finished by `mix`. */
function hashText(text: string, start: number): number {
  let h = start;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h, text.length);
}
