import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeFits } from "../../src/main/formats/fits-write.ts";
import { planNight } from "../../src/main/simulate/plan.ts";
import { nightSpec } from "../../src/main/simulate/presets.ts";
import { psfTruth } from "../../src/main/simulate/psf-truth.ts";
import { renderFrame } from "../../src/main/simulate/render.ts";
import { hotPixelsOf } from "../../src/main/simulate/sensor.ts";
import type { DefectSpec, NightSpec } from "../../src/main/simulate/spec.ts";
import { placeStars, sceneOf } from "../../src/main/simulate/star-field.ts";
import { shapeAt } from "../../src/main/simulate/zones.ts";

/** A frame of the bench: what it is to look like. */
export interface BenchSky {
  name: string;
  seed: number;
  /** Of the stars, px. */
  fwhm: number;
  /** Stars per square degree brighter than magnitude 15. */
  density: number;
  defects: DefectSpec[];
  /** Whether completeness and shapes count towards the goals: not where the stars are out of focus or behind cloud. */
  judged: boolean;
}

/** Seeds used nowhere else in the project. */
export const SKIES: readonly BenchSky[] = [
  { name: "sparse 2.2 px", seed: 90011, fwhm: 2.2, density: 4, defects: [], judged: true },
  { name: "medium 3 px", seed: 90023, fwhm: 3, density: 110, defects: [], judged: true },
  { name: "dense 4 px", seed: 90031, fwhm: 4, density: 600, defects: [], judged: true },
  { name: "medium 6 px", seed: 90053, fwhm: 6, density: 200, defects: [], judged: true },
  { name: "dense 2.5 px", seed: 90059, fwhm: 2.5, density: 380, defects: [], judged: true },
  { name: "soft 8 px", seed: 90067, fwhm: 8, density: 250, defects: [], judged: true },
  {
    name: "trail 3.2 px",
    seed: 90071,
    fwhm: 3.2,
    density: 120,
    defects: [{ kind: "satellite", from: 0, to: 0, strength: 0.65 }],
    judged: true,
  },
  {
    name: "cloud 3.5 px",
    seed: 90073,
    fwhm: 3.5,
    density: 300,
    defects: [{ kind: "cloud", from: 0, to: 0, strength: 0.8 }],
    judged: false,
  },
  { name: "defocus 3 px", seed: 90089, fwhm: 3, density: 150, defects: [{ kind: "focus", from: 0, to: 0, strength: 0.65 }], judged: false },
];

/** Truth of a bench frame; positions as the project counts them, (0, 0) the centre of the first stored pixel. */
export interface SkyTruth {
  fwhm: number;
  hfr: number;
  noiseArea: number;
  stars: TruthStars;
  /** Hot pixels that stand out: what a program takes for stars when it does not know them. */
  hot: { x: number[]; y: number[] };
}

export interface TruthStars {
  x: number[];
  y: number[];
  /**
   * F / sqrt(F + A (sky + read noise^2)) in electrons, with A the noise-equivalent area 1/sum(p^2) of the image on pixels:
   * what an optimal (PSF-weighted) measurement reaches, King 1983 (PASP 95, 163).
   */
  snr: number[];
  /** 1 where the brightest pixel is beyond the full well. */
  saturated: number[];
}

export interface BenchFrame {
  sky: BenchSky;
  path: string;
  width: number;
  height: number;
  truth: SkyTruth;
}

const WIDTH = 6248;
const HEIGHT = 4176;
/** Arcsec between faint stars of interest and nothing: only these are written into the truth. */
const FAINTEST_SNR = 1.5;

function specOf(sky: BenchSky, width: number, height: number): NightSpec {
  const spec = nightSpec("demo", { frames: 1, width, height, defects: [] }, sky.seed);
  const scale = (206.265 * spec.sensor.pixel) / 800;
  const diffraction = ((1.03 * 550e-9) / 0.2) * 206265;
  return {
    ...spec,
    name: sky.name,
    // A cooled, fairly clean sensor: some 600 hot pixels on the frame, a third of which stand out.
    sensor: { ...spec.sensor, hotPixels: 25 },
    telescope: { ...spec.telescope, name: "Bench 200/800", focalLength: 800, aperture: 200, spot: 0, coma: 0, curvature: 0, tilt: [0, 0] },
    // The demo's target stands near the zenith, so that the airmass is within 2 % of 1 and the width as ordered.
    weather: {
      ...spec.weather,
      seeing: Math.sqrt(Math.max(0.3, (sky.fwhm * scale) ** 2 - diffraction ** 2)),
      seeingScatter: 0,
      seeingTrend: 1,
    },
    mount: { ...spec.mount, guiding: 0, periodicError: 0.05 },
    targets: [{ ...spec.targets[0], starDensity: sky.density, nebula: null, faintGalaxies: 0, brightStars: [7.5] }],
    sequence: [{ target: 0, filter: "L", exposure: 60, count: 1 }],
    defects: sky.defects,
  };
}

/** Renders a sky into `folder`, or takes it from there when it has been rendered before. */
export async function makeFrame(sky: BenchSky, folder: string, width = WIDTH, height = HEIGHT): Promise<BenchFrame> {
  await mkdir(folder, { recursive: true });
  const stem = join(folder, `${sky.name.replaceAll(/[^a-z0-9.]+/g, "-")}-${sky.seed}-${width}x${height}-v${SKY_VERSION}`);
  const path = `${stem}.fits`;
  const truthPath = `${stem}.json`;
  if (existsSync(path) && existsSync(truthPath)) {
    return { sky, path, width, height, truth: JSON.parse(await readFile(truthPath, "utf8")) as SkyTruth };
  }
  const plan = planNight(specOf(sky, width, height), sky.seed);
  const truth = truthOf(plan);
  const frame = renderFrame(plan, 0);
  await writeFile(truthPath, JSON.stringify(truth));
  await writeFile(`${path}.part`, encodeFits({ ...frame, bitpix: 16 }));
  await rename(`${path}.part`, path);
  return { sky, path, width, height, truth };
}

/** Raised when rendering changes, so that frames kept from before are not used. */
const SKY_VERSION = 4;

function truthOf(plan: ReturnType<typeof planNight>): SkyTruth {
  const frame = plan.frames[0];
  const { sensor, telescope } = plan.spec;
  const scene = sceneOf(plan, 0);
  const placed = placeStars(plan, scene);
  const shape = psfTruth(shapeAt(frame.psf, telescope, 0, 0));
  const stars: TruthStars = { x: [], y: [], snr: [], saturated: [] };
  for (let i = 0; i < placed.count; i++) {
    const [x, y] = [placed.x[i], placed.y[i]];
    if (x < 0 || y < 0 || x > sensor.width - 1 || y > sensor.height - 1) continue;
    const sky = scene.light.diffuse[0].sample(x, y);
    const electrons = placed.electrons[i];
    const snr = electrons / Math.sqrt(electrons + shape.noiseArea * (sky + sensor.readNoise ** 2));
    if (snr < FAINTEST_SNR) continue;
    stars.x.push(x);
    stars.y.push(y);
    stars.snr.push(Number(snr.toPrecision(4)));
    stars.saturated.push(electrons * shape.peak + sky > 0.9 * sensor.fullWell ? 1 : 0);
  }
  const middle = scene.light.diffuse[0].sample(sensor.width / 2, sensor.height / 2);
  const noise = Math.sqrt(middle + sensor.readNoise ** 2);
  const hot = hotPixelsOf(sensor, plan.seed).filter(({ rate }) => rate * frame.exposure > 3 * noise);
  return {
    fwhm: shape.fwhm,
    hfr: shape.hfr,
    noiseArea: shape.noiseArea,
    stars,
    hot: { x: hot.map(({ x }) => x), y: hot.map(({ y }) => y) },
  };
}
