import type { Random } from "./random.ts";
import type { ClusterSpec, TargetSpec } from "./spec.ts";

/**
 * The stars of a field, brightest first, at px from the field's centre as an unflipped camera sees them (x right along
 * a row, y along the stored rows).
 */
export interface StarCatalogue {
  count: number;
  x: Float64Array;
  y: Float64Array;
  /** V magnitude. */
  magnitude: Float32Array;
  /** B-V */
  colour: Float32Array;
}

export interface FieldExtent {
  /** Half sides of the catalogue's rectangle, px. */
  halfWidth: number;
  halfHeight: number;
  /** arcsec/px */
  scale: number;
}

const BRIGHTEST = 6;

/**
 * Slope of log10 N(<m) per magnitude: 0.6 would be a uniform, transparent universe; the disk's edge and dust bend it
 * (Bahcall & Soneira 1980, ApJS 44, 73: 0.45 at m = 8 falling to 0.25 at 19). Each pair: up to this magnitude, slope.
 */
const SLOPES: readonly (readonly [to: number, slope: number])[] = [
  [11, 0.44],
  [14, 0.38],
  [17, 0.32],
  [20, 0.27],
  [40, 0.22],
];

/** log10 of the stars per square degree brighter than `magnitude`, given those brighter than 15. */
function logCount(magnitude: number, brighterThan15: number): number {
  return Math.log10(brighterThan15) + integratedSlope(magnitude) - integratedSlope(15);
}

function integratedSlope(magnitude: number): number {
  let sum = 0;
  let from = 0;
  for (const [to, slope] of SLOPES) {
    if (magnitude <= from) break;
    sum += slope * (Math.min(to, magnitude) - from);
    from = to;
  }
  return sum;
}

function magnitudeOfSlope(integral: number): number {
  let sum = 0;
  let from = 0;
  for (const [to, slope] of SLOPES) {
    const whole = slope * (to - from);
    if (sum + whole >= integral) return from + (integral - sum) / slope;
    sum += whole;
    from = to;
  }
  return from;
}

/** Draws a field down to `faintest`, at most `limit` stars (the brightest are kept). */
export function makeCatalogue(target: TargetSpec, extent: FieldExtent, faintest: number, limit: number, random: Random): StarCatalogue {
  const stars: number[][] = [];
  addFieldStars(stars, target, extent, faintest, limit, random.fork("field"));
  if (target.cluster) addCluster(stars, target.cluster, extent, faintest, random.fork("cluster"));
  const bright = random.fork("bright");
  for (const magnitude of target.brightStars) {
    stars.push([bright.range(-0.4, 0.4) * extent.halfWidth, bright.range(-0.4, 0.4) * extent.halfHeight, magnitude, colourOf(bright)]);
  }
  stars.sort((a, b) => a[2] - b[2]);
  const count = Math.min(stars.length, limit);
  const catalogue: StarCatalogue = {
    count,
    x: new Float64Array(count),
    y: new Float64Array(count),
    magnitude: new Float32Array(count),
    colour: new Float32Array(count),
  };
  for (let i = 0; i < count; i++) {
    const [x, y, magnitude, colour] = stars[i];
    catalogue.x[i] = x;
    catalogue.y[i] = y;
    catalogue.magnitude[i] = magnitude;
    catalogue.colour[i] = colour;
  }
  return catalogue;
}

function addFieldStars(stars: number[][], target: TargetSpec, extent: FieldExtent, faintest: number, limit: number, random: Random): void {
  const squareDegrees = (4 * extent.halfWidth * extent.halfHeight * extent.scale * extent.scale) / 3600 ** 2;
  const brighter = (magnitude: number) => squareDegrees * 10 ** logCount(magnitude, target.starDensity);
  const wanted = Math.min(limit, brighter(faintest) - brighter(BRIGHTEST));
  const count = random.poisson(Math.max(0, wanted));
  const top = integratedSlope(magnitudeFor(wanted, brighter, faintest));
  for (let i = 0; i < count; i++) {
    const magnitude = Math.max(BRIGHTEST, magnitudeOfSlope(Math.max(0, top + Math.log10(1 - random.uniform()))));
    const x = random.range(-1, 1) * extent.halfWidth;
    const y = random.range(-1, 1) * extent.halfHeight;
    stars.push([x, y, magnitude, colourOf(random)]);
    // A companion to every tenth star: separations flat in the logarithm (Opik 1924), fainter by up to 4 mag.
    if (!random.chance(0.1)) continue;
    const apart = random.logRange(1.5, 20) / extent.scale;
    const direction = random.range(0, 2 * Math.PI);
    stars.push([x + apart * Math.cos(direction), y + apart * Math.sin(direction), magnitude + random.range(0, 4), colourOf(random)]);
  }
}

/** The magnitude down to which there are `count` stars: the cap on stars makes a dense field shallower, not thinner. */
function magnitudeFor(count: number, brighter: (magnitude: number) => number, faintest: number): number {
  let low = BRIGHTEST;
  let high = faintest;
  for (let i = 0; i < 40; i++) {
    const middle = 0.5 * (low + high);
    if (brighter(middle) > count) high = middle;
    else low = middle;
  }
  return high;
}

function addCluster(stars: number[][], cluster: ClusterSpec, extent: FieldExtent, faintest: number, random: Random): void {
  const radius = cluster.radius / extent.scale;
  // A globular's giants are few and its main sequence many; an open cluster's luminosity function is flat.
  const slope = cluster.kind === "globular" ? 0.5 : 0.22;
  for (let i = 0; i < cluster.stars; i++) {
    const magnitude = cluster.brightest + Math.log10(1 + i * (0.6 + 0.8 * random.uniform())) / slope;
    const u = random.uniform();
    // Projected Plummer sphere (half of the light within its radius); open clusters as a Gaussian.
    const distance =
      cluster.kind === "globular"
        ? Math.min(12, Math.sqrt(u / Math.max(1e-4, 1 - u))) * radius
        : radius * Math.sqrt(-2 * Math.log(1 - u)) * 0.85;
    const direction = random.range(0, 2 * Math.PI);
    const x = cluster.offset[0] / extent.scale + distance * Math.cos(direction);
    const y = cluster.offset[1] / extent.scale + distance * Math.sin(direction);
    const colour = colourOf(random);
    if (magnitude <= faintest && Math.abs(x) < extent.halfWidth && Math.abs(y) < extent.halfHeight) stars.push([x, y, magnitude, colour]);
  }
}

/** B-V of field stars: mostly 0.4..1.1. */
const colourOf = (random: Random): number => Math.max(-0.2, Math.min(1.8, 0.72 + 0.33 * random.normal()));
