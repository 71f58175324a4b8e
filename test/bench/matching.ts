import type { SkyTruth, TruthStars } from "./skies.ts";

export interface Positions {
  x: readonly number[];
  y: readonly number[];
}

/** Pairs of a detection and a true star, nearest first, each used once. */
export interface Match {
  /** Index of the matched detection per true star, -1 for none. */
  detectionOf: Int32Array;
  /** Detections that belong to no star. */
  unmatched: number[];
}

export const BANDS = [
  { name: "SNR 10-20", from: 10, to: 20 },
  { name: "SNR 20-50", from: 20, to: 50 },
  { name: "SNR > 50", from: 50, to: Number.POSITIVE_INFINITY },
] as const;

export interface Score {
  detections: number;
  /** Share of true, unsaturated stars found, per band and for all above SNR 10; null where there are none. */
  completeness: (number | null)[];
  completenessAbove10: number | null;
  /** True stars in each band. */
  stars: number[];
  falseDetections: number;
  /** Of these, on a hot pixel. */
  falseOnHotPixels: number;
  /** 1.4826 MAD of x and y about their medians over unsaturated stars above SNR 50, px: conventions of origin drop out. */
  centroid: number | null;
  /** Median of detection - truth: the tool's own origin. */
  origin: [x: number, y: number] | null;
}

/** px; of soft stars a share of their FWHM, since a faint one's centroid is uncertain by that: FWHM / (2.35 SNR) at best. */
const RADIUS = 2;
const RADIUS_IN_FWHM = 0.4;
/** Stars nearer to the border are not asked for. */
const BORDER = 10;

/**
 * One to one within `radius` px, nearest pairs first. Pairs are looked up in a grid of cells as wide as the radius.
 */
export function matchStars(detected: Positions, truth: Positions, radius = RADIUS): Match {
  const cells = new Map<number, number[]>();
  const key = (x: number, y: number) => Math.floor(y / radius) * 1_000_003 + Math.floor(x / radius);
  for (let i = 0; i < detected.x.length; i++) {
    const place = key(detected.x[i], detected.y[i]);
    const cell = cells.get(place);
    if (cell) cell.push(i);
    else cells.set(place, [i]);
  }
  const pairs: { star: number; detection: number; distance: number }[] = [];
  for (let star = 0; star < truth.x.length; star++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        for (const detection of cells.get(key(truth.x[star] + dx * radius, truth.y[star] + dy * radius)) ?? []) {
          const distance = Math.hypot(detected.x[detection] - truth.x[star], detected.y[detection] - truth.y[star]);
          if (distance <= radius) pairs.push({ star, detection, distance });
        }
      }
    }
  }
  pairs.sort((a, b) => a.distance - b.distance);
  const detectionOf = new Int32Array(truth.x.length).fill(-1);
  const used = new Uint8Array(detected.x.length);
  for (const { star, detection } of pairs) {
    if (detectionOf[star] >= 0 || used[detection]) continue;
    detectionOf[star] = detection;
    used[detection] = 1;
  }
  const unmatched: number[] = [];
  used.forEach((taken, detection) => {
    if (!taken) unmatched.push(detection);
  });
  return { detectionOf, unmatched };
}

/**
 * Scores detections against truth. A tool's constant offset (counting pixels from 1, or corners instead of centres) is
 * found from its bright stars first and taken out, so that it neither helps nor hurts.
 */
export function scoreDetections(
  detected: Positions,
  truth: Pick<SkyTruth, "stars" | "hot" | "fwhm">,
  width: number,
  height: number,
): Score {
  const { stars: asked, hot } = truth;
  return scoreAgainst(detected, asked, hot, Math.max(RADIUS, RADIUS_IN_FWHM * truth.fwhm), width, height);
}

function scoreAgainst(detected: Positions, truth: TruthStars, hot: Positions, radius: number, width: number, height: number): Score {
  const origin = originOf(detected, truth);
  const moved = origin === null ? detected : { x: detected.x.map((x) => x - origin[0]), y: detected.y.map((y) => y - origin[1]) };
  const match = matchStars(moved, truth, radius);
  const found = BANDS.map(() => 0);
  const asked = BANDS.map(() => 0);
  const [dx, dy]: [number[], number[]] = [[], []];
  for (let star = 0; star < truth.x.length; star++) {
    if (truth.saturated[star] || !inside(truth.x[star], truth.y[star], width, height)) continue;
    const band = BANDS.findIndex(({ from, to }) => truth.snr[star] >= from && truth.snr[star] < to);
    if (band < 0) continue;
    asked[band]++;
    const detection = match.detectionOf[star];
    if (detection < 0) continue;
    found[band]++;
    if (band < BANDS.length - 1) continue;
    dx.push(moved.x[detection] - truth.x[star]);
    dy.push(moved.y[detection] - truth.y[star]);
  }
  const strays = { x: match.unmatched.map((i) => moved.x[i]), y: match.unmatched.map((i) => moved.y[i]) };
  const offHot = matchStars(strays, hot, 1.5).unmatched;
  const share = (a: number, b: number) => (b > 0 ? a / b : null);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    detections: detected.x.length,
    completeness: BANDS.map((_, band) => share(found[band], asked[band])),
    completenessAbove10: share(sum(found), sum(asked)),
    stars: asked,
    falseDetections: match.unmatched.length,
    falseOnHotPixels: match.unmatched.length - offHot.length,
    centroid: dx.length >= 10 ? Math.sqrt((scatter(dx) ** 2 + scatter(dy) ** 2) / 2) : null,
    origin,
  };
}

function inside(x: number, y: number, width: number, height: number): boolean {
  return x >= BORDER && y >= BORDER && x <= width - 1 - BORDER && y <= height - 1 - BORDER;
}

function originOf(detected: Positions, truth: TruthStars): [number, number] | null {
  const bright: number[] = [];
  for (let i = 0; i < truth.x.length; i++) if (truth.snr[i] > 30 && !truth.saturated[i]) bright.push(i);
  const stars = { x: bright.map((i) => truth.x[i]), y: bright.map((i) => truth.y[i]) };
  const { detectionOf } = matchStars(detected, stars, 3);
  const [dx, dy]: [number[], number[]] = [[], []];
  detectionOf.forEach((detection, star) => {
    if (detection < 0) return;
    dx.push(detected.x[detection] - stars.x[star]);
    dy.push(detected.y[detection] - stars.y[star]);
  });
  return dx.length >= 5 ? [median(dx), median(dy)] : null;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
}

export function scatter(values: readonly number[]): number {
  const centre = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}
