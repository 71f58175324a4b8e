import type { TrailPlan } from "./frame-plan.ts";
import type { Random } from "./random.ts";

interface Frame {
  width: number;
  height: number;
  /** FWHM of the stars, px. */
  fwhm: number;
  /** Sky noise per pixel, e-. */
  noise: number;
}

/** A satellite: thin; steady, tumbling or (rotating beacons) dashed. `peakSigma` is its ridge in sigma of the sky noise. */
export function planSatellite(frame: Frame, peakSigma: number, random: Random): TrailPlan {
  const [from, to] = chord(frame, random, random.chance(0.12));
  const pattern = random.chance(0.75) ? "steady" : random.chance(0.6) ? "tumbling" : "dashed";
  return {
    kind: "satellite",
    from,
    to,
    width: frame.fwhm * random.range(1, 1.25),
    peak: peakSigma * frame.noise,
    peakSigma,
    pattern,
    period: random.logRange(0.05, 0.6) * frame.width,
    phase: random.uniform(),
  };
}

/**
 * An aeroplane: two wing lights and a strobe as parallel lines, out of focus because it is near. `span` is their
 * distance in px.
 */
export function planAeroplane(frame: Frame, peakSigma: number, span: number, random: Random): TrailPlan[] {
  const [from, to] = chord(frame, random, false);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const across: [number, number] = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
  const width = frame.fwhm * random.range(1.5, 2) + 0.12 * span;
  const period = random.range(0.03, 0.12) * frame.width;
  const lines: TrailPlan[] = [];
  for (const [side, share, pattern] of [
    [-0.5, 1, "steady"],
    [0.5, random.range(0.5, 1), "steady"],
    [0, 1.5, "dashed"],
  ] as const) {
    const moved = clip(
      [from[0] + across[0] * side * span, from[1] + across[1] * side * span],
      [to[0] + across[0] * side * span, to[1] + across[1] * side * span],
      frame,
    );
    if (moved === null) continue;
    lines.push({
      kind: "aeroplane",
      from: moved[0],
      to: moved[1],
      width,
      peak: peakSigma * share * frame.noise,
      peakSigma: peakSigma * share,
      pattern,
      period,
      phase: random.uniform(),
    });
  }
  return lines;
}

type Point = [x: number, y: number];

/** A random line through the frame, at least a third of its smaller side long; `broken` ends it inside. */
function chord(frame: Frame, random: Random, broken: boolean): [Point, Point] {
  const smaller = Math.min(frame.width, frame.height);
  for (;;) {
    const middle: Point = [random.uniform() * frame.width, random.uniform() * frame.height];
    const direction = random.range(0, Math.PI);
    const far = frame.width + frame.height;
    const step: Point = [Math.cos(direction) * far, Math.sin(direction) * far];
    const line = clip([middle[0] - step[0], middle[1] - step[1]], [middle[0] + step[0], middle[1] + step[1]], frame);
    if (line === null || Math.hypot(line[1][0] - line[0][0], line[1][1] - line[0][1]) < smaller / 3) continue;
    if (!broken) return line;
    const end = random.range(0.45, 0.9);
    const [from, to] = line;
    return [from, [from[0] + (to[0] - from[0]) * end, from[1] + (to[1] - from[1]) * end]];
  }
}

/** Liang & Barsky 1984: the part of a segment inside the pixel centres' rectangle. */
function clip(from: Point, to: Point, frame: Frame): [Point, Point] | null {
  let start = 0;
  let end = 1;
  const step: Point = [to[0] - from[0], to[1] - from[1]];
  const limits: [number, number][] = [
    [-step[0], from[0]],
    [step[0], frame.width - 1 - from[0]],
    [-step[1], from[1]],
    [step[1], frame.height - 1 - from[1]],
  ];
  for (const [p, q] of limits) {
    if (p === 0 && q < 0) return null;
    if (p < 0) start = Math.max(start, q / p);
    if (p > 0) end = Math.min(end, q / p);
  }
  if (start >= end) return null;
  return [
    [from[0] + start * step[0], from[1] + start * step[1]],
    [from[0] + end * step[0], from[1] + end * step[1]],
  ];
}
