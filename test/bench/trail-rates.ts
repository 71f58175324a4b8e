// How many trails are found, how well, and how many are none: by hand, and sparingly, for it takes minutes.
//   node test/bench/trail-rates.ts clean [frames per kind of sky] [seed] [1600x1200]
//   node test/bench/trail-rates.ts trails [frames per row] [seed] [2000x1500] [mono|bayer] [0.2,0.3,0.5,1,3]
//   node test/bench/trail-rates.ts forms [frames per row] [seed]
//   node test/bench/trail-rates.ts nights [nights] [seed]

import { Kernels } from "../../src/main/measure/kernels/kernels.ts";
import { prepareFrame } from "../../src/main/measure/prepare.ts";
import { findTrails } from "../../src/main/measure/trails.ts";
import { planNight } from "../../src/main/simulate/plan.ts";
import { nightSpec } from "../../src/main/simulate/presets.ts";
import { renderFrame } from "../../src/main/simulate/render.ts";
import type { Trail } from "../../src/shared/domain.ts";
import type { PixelSource } from "../../src/shared/pixels.ts";
import { acrossFrame, addTrailTo, type SkyRecipe, type SkyTrail, seeded, sourceOf, trailSky } from "../fixtures/trail-sky.ts";

type Point = [x: number, y: number];

const kernels = Kernels.load();

const skies: Record<string, (random: () => number) => Partial<SkyRecipe>> = {
  stars: (r) => ({ stars: Math.round(30 * 600 ** r()), fwhm: 1.6 + 5 * r() }),
  gradient: (r) => ({ stars: 1500, gradient: [200 * (r() - 0.5), 200 * (r() - 0.5)] }),
  nebula: (r) => ({ stars: 1500 * r(), nebula: 3 * 100 ** r() }),
  cloud: (r) => ({ stars: 1000 * r(), cloud: 3 * 60 ** r() }),
  spikes: (r) => ({ stars: 1500, spikes: 1 + Math.floor(5 * r()), fwhm: 2 + 3 * r() }),
  galaxies: (r) => ({ stars: 600, galaxies: 1 + Math.floor(4 * r()) }),
  columns: (r) => ({ stars: 1500, badColumns: Math.floor(8 * r()), banding: 0.4 * r() }),
  border: (r) => ({ stars: 2000, border: 10 + 80 * r(), gradient: [60 * r(), 0] }),
  drift: (r) => ({ stars: 100 * 20 ** r(), drift: [4 + 100 * r(), 180 * r()], fwhm: 2 + 2 * r() }),
  dense: (r) => ({ stars: 6000 + 10000 * r(), fwhm: 2 + 2 * r() }),
};

function look(source: PixelSource): { trails: Trail[]; ms: number } {
  const frame = prepareFrame(kernels, source, { saturation: null, bitDepth: null });
  const start = process.cpuUsage();
  const trails = findTrails(frame);
  const used = process.cpuUsage(start);
  return { trails, ms: (used.user + used.system) / 1000 };
}

function clean(count: number, first: number, width: number, height: number): void {
  let total = 0;
  for (const [kind, make] of Object.entries(skies)) {
    let [alarms, ms] = [0, 0];
    for (let n = 0; n < count; n++) {
      const seed = first + n;
      const result = look(trailSky({ width, height, seed, ...make(seeded(seed * 7919)) }));
      ms += result.ms;
      if (result.trails.length === 0) continue;
      alarms++;
      for (const trail of result.trails) console.log(`  ${kind} seed ${seed}: ${told(trail)}`);
    }
    total += alarms;
    console.log(`${kind.padEnd(10)} ${alarms} frames of ${count} with a trail, ${(ms / count).toFixed(1)} ms CPU`);
  }
  console.log(`all        ${total} frames of ${count * Object.keys(skies).length}`);
}

const told = ({ from, to, width, peakSigma, significance }: Trail) =>
  `${from.map(Math.round)} - ${to.map(Math.round)} width ${width.toFixed(1)} peak ${peakSigma.toFixed(2)} z ${significance.toFixed(1)}`;

/** A true trail and the one found on it: largest distance of the ends, px; difference of the directions, degrees. */
interface Match {
  trail: Trail;
  ends: number;
  angle: number;
}

const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The found trail that lies on a true one: its ends within a few px of the line, and lit together for a third at least. */
function matchOf({ from, to, width }: Pick<SkyTrail, "from" | "to" | "width">, trails: readonly Trail[]): Match | null {
  const length = distance(from, to);
  const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const along = ([x, y]: Point) => (x - from[0]) * dx + (y - from[1]) * dy;
  const across = ([x, y]: Point) => Math.abs((x - from[0]) * dy - (y - from[1]) * dx);
  let best: Match | null = null;
  for (const trail of trails) {
    if (Math.max(across(trail.from), across(trail.to)) > 4 + 1.5 * width) continue;
    const [a, b] = [along(trail.from), along(trail.to)];
    const common = Math.min(length, Math.max(a, b)) - Math.max(0, Math.min(a, b));
    if (common < 0.33 * length) continue;
    const ends = Math.min(
      Math.max(distance(trail.from, from), distance(trail.to, to)),
      Math.max(distance(trail.from, to), distance(trail.to, from)),
    );
    const turn = Math.atan2(trail.to[1] - trail.from[1], trail.to[0] - trail.from[0]) - Math.atan2(dy, dx);
    const angle = Math.abs(Math.atan(Math.tan(turn))) * (180 / Math.PI);
    if (!best || ends < best.ends) best = { trail, ends, angle };
  }
  return best;
}

/** What became of a number of true trails of one sort. */
class Tally {
  true = 0;
  extra = 0;
  readonly matches: (Match & { truth: SkyTrail })[] = [];

  add(truths: readonly SkyTrail[], trails: readonly Trail[]): void {
    this.true += truths.length;
    this.extra += trails.length;
    for (const truth of truths) {
      const match = matchOf(truth, trails);
      if (!match) continue;
      this.extra--;
      this.matches.push({ ...match, truth });
    }
  }

  line(): string {
    const share = (count: number) => `${((100 * count) / Math.max(1, this.true)).toFixed(0)}%`.padStart(5);
    const q = (values: number[], at: number, digits: number) =>
      (values.sort((a, b) => a - b)[Math.floor(at * values.length)] ?? Number.NaN).toFixed(digits).padStart(6);
    const ends = this.matches.map((match) => match.ends);
    return [
      `found ${share(this.matches.length)}`,
      `both ends within 20 px ${share(ends.filter((e) => e <= 20).length)}`,
      `worse end ${q(ends, 0.5, 1)} (90% ${q(ends, 0.9, 0)}) px`,
      `angle ${q(
        this.matches.map((match) => match.angle),
        0.5,
        3,
      )}`,
      `width x ${q(
        this.matches.map((match) => match.trail.width / match.truth.width),
        0.5,
        2,
      )}`,
      `peak x ${q(
        this.matches.map((match) => match.trail.peakSigma / match.truth.peak),
        0.5,
        2,
      )}`,
      `others ${this.extra}`,
    ].join("  ");
  }
}

/** A trail somewhere on the frame: `share` of its diagonal long, or from border to border. */
function someTrail(width: number, height: number, share: number, random: () => number): Pick<SkyTrail, "from" | "to"> {
  const diagonal = Math.hypot(width, height);
  for (;;) {
    const [from, to] = acrossFrame(width, height, 180 * random(), width * (0.1 + 0.8 * random()), height * (0.1 + 0.8 * random()));
    const whole = distance(from, to);
    const part = share >= 1 ? 1 : (share * diagonal) / whole;
    if (part > 1 || whole < 0.5 * diagonal) continue;
    const begin = (1 - part) * random();
    const at = (t: number): Point => [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
    return { from: at(begin), to: at(begin + part) };
  }
}

/** Skies to draw trails on, each rendered once. */
function starrySkies(count: number, first: number, width: number, height: number, bayer: boolean) {
  return Array.from({ length: count }, (_, n) => {
    const seed = first + n;
    const counts = trailSky({ width, height, seed, stars: Math.round((800 * width * height) / 2e6), fwhm: 2 + 2.5 * seeded(seed)() });
    return (trails: readonly SkyTrail[]) => withTrails(counts, trails, bayer);
  });
}

function withTrails(sky: PixelSource, trails: readonly SkyTrail[], bayer: boolean): PixelSource {
  const { width, height } = sky;
  const bytes = new Uint8Array(width * height * 2);
  sky.readRows(0, 0, height, bytes);
  const counts = new Uint16Array(bytes.buffer);
  const signal = new Float32Array(width * height);
  for (const trail of trails) addTrailTo(signal, width, height, trail);
  const random = seeded(Math.round(1000 * (trails[0]?.from[0] ?? 0)));
  for (let n = 0; n < counts.length; n++) {
    if (signal[n] > 0) counts[n] = Math.min(65535, Math.floor(counts[n] + 25 * signal[n] + random()));
  }
  const source = sourceOf(counts, width, height);
  return bayer ? { ...source, cfa: { side: 2, colours: "RGGB" } } : source;
}

function trails(count: number, first: number, width: number, height: number, bayer: boolean, peaks: readonly number[]): void {
  const looks = starrySkies(count, first, width, height, bayer);
  console.log(`${width}x${height} ${bayer ? "mosaic" : "mono"}, ${count} frames each, seed ${first}`);
  for (const peak of peaks) {
    for (const [name, share] of [
      ["1/3", 1 / 3],
      ["1/2", 1 / 2],
      ["whole", 1],
    ] as const) {
      for (const fwhm of [2, 3, 4, 6]) {
        const tally = new Tally();
        const random = seeded(first * 104729 + 1000 * peak + 100 * share + fwhm);
        for (const sky of looks) {
          const truth: SkyTrail = { ...someTrail(width, height, share, random), width: fwhm, peak };
          tally.add([truth], look(sky([truth])).trails);
        }
        console.log(`${peak.toFixed(1)} sigma  ${name.padEnd(5)}  ${fwhm} px  ${tally.line()}`);
      }
    }
  }
}

/** Trails that flash, come in numbers, are wide, or lie along rows and columns. */
const forms: Record<string, (random: () => number, width: number, height: number) => SkyTrail[]> = {
  "dashed 1:1, 1 sigma": (r, w, h) => [{ ...someTrail(w, h, 1, r), width: 3, peak: 1, dash: [40 + 80 * r(), 40 + 80 * r()] }],
  "dashed 1:2, 3 sigma": (r, w, h) => [{ ...someTrail(w, h, 1, r), width: 4, peak: 3, dash: [60, 120] }],
  "dashed 1:2, 10 sigma": (r, w, h) => [{ ...someTrail(w, h, 1, r), width: 4, peak: 10, dash: [60, 120] }],
  "wide 15 px, 0.3 sigma": (r, w, h) => [{ ...someTrail(w, h, 1, r), width: 15, peak: 0.3 }],
  "wide 30 px, 1 sigma": (r, w, h) => [{ ...someTrail(w, h, 1, r), width: 30, peak: 1 }],
  aeroplane: (r, w, h) => {
    const [degrees, x, y] = [180 * r(), w * (0.2 + 0.6 * r()), h * (0.2 + 0.6 * r())];
    const turn = (degrees * Math.PI) / 180;
    return [-18, 18].map((apart) => {
      const [from, to] = acrossFrame(w, h, degrees, x - apart * Math.sin(turn), y + apart * Math.cos(turn));
      return { from, to, width: 8, peak: 5 };
    });
  },
  "six at once, 0.5 to 20 sigma": (r, w, h) =>
    Array.from({ length: 6 }, () => ({ ...someTrail(w, h, r() < 0.5 ? 1 : 0.5, r), width: 2 + 4 * r(), peak: 0.5 * 40 ** r() })),
  "along rows, 0.5 sigma": (r, w, h) => [{ ...alongAxis(w, h, r), width: 3, peak: 0.5 }],
  "along rows, 3 sigma": (r, w, h) => [{ ...alongAxis(w, h, r), width: 3, peak: 3 }],
  "15% long, 1 sigma": (r, w, h) => [{ ...someTrail(w, h, 0.15, r), width: 3, peak: 1 }],
  "15% long, 3 sigma": (r, w, h) => [{ ...someTrail(w, h, 0.15, r), width: 3, peak: 3 }],
};

/** Within a degree and a half of the rows or columns. */
function alongAxis(width: number, height: number, random: () => number): Pick<SkyTrail, "from" | "to"> {
  const degrees = (random() < 0.5 ? 0 : 90) + 3 * (random() - 0.5);
  const [from, to] = acrossFrame(width, height, degrees, width * (0.2 + 0.6 * random()), height * (0.2 + 0.6 * random()));
  return { from, to };
}

function allForms(count: number, first: number): void {
  const [width, height] = [2000, 1500];
  for (const bayer of [false, true]) {
    const looks = starrySkies(count, first, width, height, bayer);
    console.log(`${width}x${height} ${bayer ? "mosaic" : "mono"}, ${count} frames each, seed ${first}`);
    for (const [name, make] of Object.entries(forms)) {
      const tally = new Tally();
      const random = seeded(first * 15485863);
      for (const sky of looks) {
        const truths = make(random, width, height);
        tally.add(truths, look(sky(truths)).trails);
      }
      console.log(`${name.padEnd(28)} ${tally.line()}`);
    }
  }
}

/** Random nights of the project's own simulator: any telescope, camera and sky; trails by their brightness, others on frames without any. */
function nights(count: number, first: number): void {
  const limits = [0, 0.2, 0.3, 0.5, 1, 3, Infinity];
  const tallies = limits.slice(1).map(() => new Tally());
  let [frames, alarms, others] = [0, 0, 0];
  for (let n = 0; n < count; n++) {
    const seed = first + n;
    const bright = 0.05 + 0.9 * seeded(seed)();
    const spec = nightSpec("random", { frames: 6, defects: [{ kind: "satellite", strength: bright }] }, seed);
    const plan = planNight(spec, seed);
    for (const frame of plan.frames) {
      const { width, height, data } = renderFrame(plan, frame.index);
      const source = sourceOf(data, width, height);
      const found = look(spec.sensor.cfa !== null ? { ...source, cfa: { side: 2, colours: "RGGB" } } : source).trails;
      if (frame.trails.length === 0) {
        frames++;
        if (found.length > 0) alarms++;
        for (const trail of found) console.log(`  night ${seed} frame ${frame.index} without a trail: ${told(trail)}`);
        continue;
      }
      const matched = new Set<Trail>();
      for (const trail of frame.trails) {
        const at = limits.findLastIndex((limit) => trail.peakSigma >= limit);
        const truth = { from: trail.from, to: trail.to, width: trail.width, peak: trail.peakSigma };
        const match = matchOf(truth, found);
        if (match) matched.add(match.trail);
        tallies[at].add([truth], match ? [match.trail] : []);
      }
      others += found.length - matched.size;
    }
  }
  tallies.forEach((tally, n) => {
    console.log(`${limits[n]}-${limits[n + 1]} sigma: ${tally.true} trails  ${tally.line()}`);
  });
  console.log(`${alarms} of ${frames} frames without a trail show one; on the others ${others} more than there are`);
}

const [what = "clean", count = "20", first = "1", size, sensor = "mono", peaks = "0.2,0.3,0.5,1,3"] = process.argv.slice(2);
const [width, height] = (size ?? (what === "clean" ? "1600x1200" : "2000x1500")).split("x").map(Number);
if (what === "clean") clean(Number(count), Number(first), width, height);
else if (what === "forms") allForms(Number(count), Number(first));
else if (what === "nights") nights(Number(count), Number(first));
else trails(Number(count), Number(first), width, height, sensor === "bayer", peaks.split(",").map(Number));
