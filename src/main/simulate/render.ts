import { type Canvas, drawRidge, drawSpikes, drawStar } from "./canvas.ts";
import { backgroundGalaxies, galaxyDensity, galaxyProfile, visibleReach } from "./diffuse.ts";
import { frameKeywords, type Keyword } from "./frame-keywords.ts";
import type { NightPlan, TrailPlan } from "./frame-plan.ts";
import { channelsOf, instrumentOf, starElectrons } from "./instrument.ts";
import { Random } from "./random.ts";
import { readOut } from "./sensor.ts";
import type { GalaxySpec } from "./spec.ts";
import { type PlacedStars, placeStars, type Scene, sceneOf } from "./star-field.ts";
import { softEdge, trailRhythm } from "./trail-plan.ts";
import { tableAt } from "./zones.ts";

export interface RenderedFrame {
  width: number;
  height: number;
  /** ADU, row by row as stored. */
  data: Uint16Array;
  keywords: Keyword[];
}

/** Renders one frame of a plan. Throws RangeError when there is no such frame. */
export function renderFrame(plan: NightPlan, index: number): RenderedFrame {
  const { width, height } = plan.spec.sensor;
  const expected = expectedElectrons(plan, index);
  const frame = plan.frames[index];
  const random = new Random(plan.seed).fork(`pixels/${index}`);
  const data = readOut(expected.electrons, plan.spec.sensor, frame.exposure, frame.fault, plan.seed, random);
  return { width, height, data, keywords: frameKeywords(plan, frame) };
}

/** Light per pixel of a frame before dark current and noise. */
export function expectedElectrons(plan: NightPlan, index: number): Canvas {
  const { width, height } = plan.spec.sensor;
  const frame = plan.frames[index];
  if (frame === undefined) throw new RangeError(`frame ${index} of ${plan.frames.length}`);
  const scene = sceneOf(plan, index);
  const { mosaic } = scene.light.channels;
  const canvas: Canvas = { width, height, electrons: new Float32Array(width * height), mosaic };
  if (!frame.shutterClosed) {
    fillDiffuse(canvas, scene);
    drawGalaxies(canvas, plan, scene);
    drawStars(canvas, plan, scene, placeStars(plan, scene));
    for (const trail of frame.trails) drawTrail(canvas, trail, scene);
  }
  if (frame.leak > 0) for (let i = 0; i < canvas.electrons.length; i++) canvas.electrons[i] += frame.leak;
  drawCosmicRays(canvas, plan, index);
  return canvas;
}

function fillDiffuse(canvas: Canvas, scene: Scene): void {
  const { width, height, electrons, mosaic } = canvas;
  const { diffuse } = scene.light;
  for (let y = 0; y < height; y++) {
    const line = electrons.subarray(y * width, (y + 1) * width);
    if (diffuse.length === 1) diffuse[0].fillRow(line, width, y, 0, 1);
    else for (let x = 0; x < 2; x++) diffuse[mosaic[(y & 1) * 2 + x]].fillRow(line, width, y, x, 2);
  }
}

/** Light below a thirtieth of the sky's noise cannot be seen, not even in a stack of hundreds. */
const FLOOR = 1 / 30;

const floorOf = (canvas: Canvas, plan: NightPlan, scene: Scene): number =>
  FLOOR * Math.sqrt(scene.light.diffuse[0].sample(canvas.width / 2, canvas.height / 2) + plan.spec.sensor.readNoise ** 2);

function drawStars(canvas: Canvas, plan: NightPlan, scene: Scene, stars: PlacedStars): void {
  const { frame } = scene;
  const { telescope } = plan.spec;
  const floor = floorOf(canvas, plan, scene);
  const halo = { share: frame.halo.share + AUREOLE.share, scale: frame.halo.share > 0 ? frame.halo.scale : AUREOLE.scale * frame.psf.fwhm };
  const arms = telescope.vanes === 3 ? 6 : telescope.vanes;
  const perChannel: number[] = new Array(stars.channels);
  for (let star = 0; star < stars.count; star++) {
    for (let c = 0; c < stars.channels; c++) perChannel[c] = stars.perChannel[star * stars.channels + c];
    const x = stars.x[star];
    const y = stars.y[star];
    drawStar(canvas, tableAt(scene.zones, x / canvas.width, y / canvas.height), x, y, perChannel, halo, floor);
    if (arms === 0) continue;
    const spikes = { arms, angle: 12, share: 0.006, width: frame.psf.fwhm, length: 8 * frame.psf.fwhm };
    drawSpikes(canvas, x, y, perChannel, spikes, floor);
  }
}

/** Light scattered by dust and coatings around every star (King 1971, PASP 83, 199). */
const AUREOLE = { share: 0.006, scale: 10 };

function drawGalaxies(canvas: Canvas, plan: NightPlan, scene: Scene): void {
  const { frame, light } = scene;
  const { sensor, targets } = plan.spec;
  const instrument = instrumentOf(plan.spec);
  const channels = channelsOf(plan.spec, frame.filter);
  const halfWidth = 0.55 * sensor.width * instrument.scale;
  const halfHeight = 0.55 * sensor.height * instrument.scale;
  const squareDegrees = (targets[frame.target].faintGalaxies * 4 * halfWidth * halfHeight) / 3600 ** 2;
  const faint = backgroundGalaxies(squareDegrees, halfWidth, halfHeight, new Random(plan.seed).fork(`galaxies/${frame.target}`));
  const sign = frame.flipped ? -1 : 1;
  const floor = floorOf(canvas, plan, scene);
  for (const galaxy of [...targets[frame.target].galaxies, ...faint]) {
    const x = (sign * galaxy.offset[0]) / instrument.scale + frame.offset[0] + canvas.width / 2;
    const y = (sign * galaxy.offset[1]) / instrument.scale + frame.offset[1] + canvas.height / 2;
    if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) continue;
    const passed = frame.clearAir * light.transmission.sample(x, y) * frame.exposure;
    const perChannel = channels.bands.map((band) => starElectrons(instrument, band, galaxy.magnitude, 0.8, passed));
    drawGalaxy(canvas, galaxy, x, y, perChannel, instrument.scale, frame.psf.fwhm, floor);
  }
}

function drawGalaxy(
  canvas: Canvas,
  galaxy: GalaxySpec,
  x: number,
  y: number,
  perChannel: readonly number[],
  scale: number,
  fwhm: number,
  floor: number,
): void {
  const profile = galaxyProfile(galaxy, scale, fwhm);
  const reach = Math.min(visibleReach(profile, Math.max(...perChannel), floor), 1500);
  const cosine = Math.cos((galaxy.angle * Math.PI) / 180);
  const sine = Math.sin((galaxy.angle * Math.PI) / 180);
  const { width, height, electrons, mosaic } = canvas;
  for (let py = Math.max(0, Math.ceil(y - reach)); py <= Math.min(height - 1, y + reach); py++) {
    for (let px = Math.max(0, Math.ceil(x - reach)); px <= Math.min(width - 1, x + reach); px++) {
      const along = (px - x) * cosine + (py - y) * sine;
      const across = ((py - y) * cosine - (px - x) * sine) / galaxy.axisRatio;
      const r = Math.sqrt(along * along + across * across);
      if (r < reach) electrons[py * width + px] += perChannel[mosaic[(py & 1) * 2 + (px & 1)]] * galaxyDensity(profile, r);
    }
  }
}

function drawTrail(canvas: Canvas, trail: TrailPlan, scene: Scene): void {
  const half = trail.width * 3;
  // The line spread of a Moffat profile of beta is a Moffat-like function of beta - 1/2.
  const beta = Math.min(6, scene.frame.psf.beta - 0.5);
  const alpha = trail.width / (2 * Math.sqrt(2 ** (1 / beta) - 1));
  const rhythm = trailRhythm(trail);
  const length = Math.hypot(trail.to[0] - trail.from[0], trail.to[1] - trail.from[1]);
  const beyond = 1.5 * trail.width;
  const step = [(beyond * (trail.to[0] - trail.from[0])) / length, (beyond * (trail.to[1] - trail.from[1])) / length];
  const from = [trail.from[0] - step[0], trail.from[1] - step[1]] as const;
  const to = [trail.to[0] + step[0], trail.to[1] + step[1]] as const;
  drawRidge(canvas, from, to, half, (drawn, across) => {
    const along = drawn - beyond;
    const lit = softEdge(along, trail.width) * softEdge(length - along, trail.width);
    return trail.peak * lit * rhythm(along) * (1 + (across / alpha) ** 2) ** -beta;
  });
}

/** Muons and local radioactivity: about 1.5 per cm^2 and minute, some thousand electrons along short straight tracks. */
function drawCosmicRays(canvas: Canvas, plan: NightPlan, index: number): void {
  const { sensor } = plan.spec;
  const random = new Random(plan.seed).fork(`cosmic/${index}`);
  const area = sensor.width * sensor.height * (sensor.pixel * 1e-4) ** 2;
  const count = random.poisson((1.5 * area * plan.frames[index].exposure * plan.frames[index].cosmicRays) / 60);
  for (let i = 0; i < count; i++) {
    const x = random.uniform() * (canvas.width - 1);
    const y = random.uniform() * (canvas.height - 1);
    const perPixel = random.logRange(150, 2500);
    // Muons run straight, the flatter the farther; electrons knocked loose by radioactivity wriggle.
    let length = random.chance(0.04) ? random.logRange(25, 150) : random.logRange(1, 25);
    let direction = random.range(0, 2 * Math.PI);
    const step = random.chance(0.3) ? 3 : length;
    let from: [number, number] = [x, y];
    for (; length > 0; length -= step) {
      const part = Math.min(step, length);
      const to: [number, number] = [from[0] + part * Math.cos(direction), from[1] + part * Math.sin(direction)];
      drawRidge(canvas, from, to, 0.7, () => perPixel);
      from = to;
      direction += 0.5 * random.normal();
    }
  }
}
