// False alarms on clean skies and detection of known trails, by hand: node test/bench/trail-rates.ts [clean|trails] [frames] [seed]
import { Kernels } from "../../src/main/measure/kernels/kernels.ts";
import { prepareFrame } from "../../src/main/measure/prepare.ts";
import { findTrails } from "../../src/main/measure/trails.ts";
import { acrossFrame, type SkyRecipe, seeded, trailSky } from "../fixtures/trail-sky.ts";

const [what = "clean", count = "200", first = "1"] = process.argv.slice(2);
const kernels = Kernels.load();
const [width, height] = [1600, 1200];

const kinds: Record<string, (random: () => number) => Partial<SkyRecipe>> = {
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

function look(recipe: SkyRecipe) {
  const frame = prepareFrame(kernels, trailSky(recipe), { saturation: null, bitDepth: null });
  const start = process.cpuUsage();
  const trails = findTrails(frame);
  const used = process.cpuUsage(start);
  return { trails, ms: (used.user + used.system) / 1000 };
}

function clean(): void {
  for (const [kind, make] of Object.entries(kinds)) {
    let [alarms, ms] = [0, 0];
    for (let n = 0; n < Number(count); n++) {
      const seed = Number(first) + n;
      const result = look({ width, height, seed, ...make(seeded(seed * 7919)) });
      ms += result.ms;
      if (result.trails.length === 0) continue;
      alarms++;
      const [t] = result.trails;
      console.log(
        `  ${kind} seed ${seed}: ${t.from.map(Math.round)} - ${t.to.map(Math.round)} width ${t.width.toFixed(1)} peak ${t.peakSigma.toFixed(2)} z ${t.significance.toFixed(1)}`,
      );
    }
    console.log(`${kind.padEnd(10)} ${alarms} false alarms in ${count}, ${(ms / Number(count)).toFixed(1)} ms CPU`);
  }
}

function trails(): void {
  for (const [share, peaks] of [
    [1, [0.15, 0.2, 0.3, 1, 50]],
    [0.5, [0.3, 0.5, 1, 5]],
    [1 / 3, [0.3, 0.5, 1, 5]],
    [0.15, [0.5, 1, 3, 10]],
  ] as const) {
    for (const peak of peaks) {
      let [found, extra] = [0, 0];
      const errors: number[] = [];
      const widths: number[] = [];
      const bright: number[] = [];
      for (let n = 0; n < Number(count); n++) {
        const seed = Number(first) + n;
        const random = seeded(seed * 104729);
        let ends = acrossFrame(width, height, 180 * random(), width * (0.25 + 0.5 * random()), height * (0.25 + 0.5 * random()));
        const whole = Math.hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]);
        const part = share === 1 ? 1 : Math.min(1, (share * Math.hypot(width, height)) / whole);
        const begin = (1 - part) * random();
        const at = (t: number): [number, number] => [
          ends[0][0] + (ends[1][0] - ends[0][0]) * t,
          ends[0][1] + (ends[1][1] - ends[0][1]) * t,
        ];
        ends = [at(begin), at(begin + part)];
        const fwhm = 1.5 + 4 * random() ** 2;
        const result = look({ width, height, seed, stars: 800, trails: [{ from: ends[0], to: ends[1], width: fwhm, peak }] });
        const error = (t: (typeof result.trails)[0]) =>
          Math.min(
            Math.max(distance(t.from, ends[0]), distance(t.to, ends[1])),
            Math.max(distance(t.from, ends[1]), distance(t.to, ends[0])),
          );
        const best = result.trails.map((t) => ({ t, e: error(t) })).sort((a, b) => a.e - b.e)[0];
        if (!best || best.e > 0.5 * whole * part) {
          if (peak >= 0.3) console.log(`  missed seed ${seed} peak ${peak} fwhm ${fwhm.toFixed(1)}: ${ends.map((e) => e.map(Math.round))}`);
          continue;
        }
        found++;
        extra += result.trails.length - 1;
        errors.push(best.e);
        widths.push(best.t.width / fwhm);
        bright.push(best.t.peakSigma / peak);
      }
      const q = (values: number[], share: number) => values.sort((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN;
      console.log(
        `length ${share.toFixed(2)} peak ${String(peak).padEnd(4)} found ${found}/${count} extra ${extra} end error median ${q(errors, 0.5).toFixed(1)} 90% ${q(errors, 0.9).toFixed(1)} px, within 20 px ${errors.filter((e) => e <= 20).length}, width ${q(widths, 0.5).toFixed(2)}, peak ${q(bright, 0.5).toFixed(2)}`,
      );
    }
  }
}

const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0] - b[0], a[1] - b[1]);

if (what === "clean") clean();
else trails();
