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

/** A satellite: thin; steady, tumbling, dashed or flaring. `peakSigma` is its ridge in sigma of the sky noise, on average. */
export function planSatellite(frame: Frame, peakSigma: number, random: Random): TrailPlan {
  const kind = random.uniform();
  const pattern = kind < 0.7 ? "steady" : kind < 0.83 ? "tumbling" : kind < 0.91 ? "dashed" : "flare";
  const [from, to] = chord(frame, random, pattern === "flare" ? "both" : random.chance(0.12) ? "one" : "none");
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return {
    kind: "satellite",
    from,
    to,
    width: frame.fwhm * random.range(1, 1.25),
    peak: peakSigma * frame.noise,
    peakSigma,
    pattern,
    period: pattern === "flare" ? length * random.range(0.15, 0.4) : random.logRange(0.05, 0.6) * frame.width,
    phase: pattern === "flare" ? random.range(0.3, 0.7) : random.uniform(),
  };
}

/** 0 before an edge, 1 behind it: a step seen through a PSF of FWHM `width`. */
export const softEdge = (behind: number, width: number): number => 0.5 + 0.5 * Math.tanh((1.9 * behind) / width);

/** Satellites that were launched together: `count` steady lines side by side, `apart` px from one to the next. */
export function planTrain(frame: Frame, peakSigma: number, count: number, apart: number, random: Random): TrailPlan[] {
  const [from, to] = chord(frame, random, "none");
  const across = acrossOf(from, to);
  const lines: TrailPlan[] = [];
  for (let i = 0; i < count; i++) {
    const moved = clip(shifted(from, across, i * apart), shifted(to, across, i * apart), frame);
    const sigma = peakSigma * random.logRange(0.7, 1.4);
    const width = frame.fwhm * random.range(1, 1.1);
    if (moved === null) continue;
    const [start, end] = moved;
    lines.push({
      kind: "satellite",
      from: start,
      to: end,
      width,
      peak: sigma * frame.noise,
      peakSigma: sigma,
      pattern: "steady",
      period: 1,
      phase: 0,
    });
  }
  return lines;
}

/** Brightness along a trail, by px from its start: 1 on average. */
export function trailRhythm(trail: TrailPlan): (along: number) => number {
  const { pattern, period, phase, width } = trail;
  const turn = (along: number) => along / period + phase - Math.floor(along / period + phase);
  if (pattern === "tumbling") return (along) => 1 + 0.85 * Math.sin(2 * Math.PI * turn(along));
  if (pattern === "dashed" || pattern === "flashing") {
    const lit = pattern === "dashed" ? 0.3 : 0.05;
    // Of the dash that is on and its neighbours: their ends are as soft as the trail is wide.
    return (along) => {
      let light = 0;
      for (const dash of [-1, 0, 1]) {
        const into = (turn(along) - dash) * period;
        light += softEdge(into, width) - softEdge(into - lit * period, width);
      }
      return light / lit;
    };
  }
  if (pattern === "flare") {
    const length = Math.hypot(trail.to[0] - trail.from[0], trail.to[1] - trail.from[1]);
    const shape = (along: number) => 0.1 + Math.exp(-0.5 * ((along - phase * length) / period) ** 2);
    let mean = 0;
    for (let i = 0; i < 64; i++) mean += shape(((i + 0.5) / 64) * length) / 64;
    return (along) => shape(along) / mean;
  }
  return () => 1;
}

/**
 * An aeroplane: two wing lights and a strobe as parallel lines, out of focus because it is near. `span` is their
 * distance in px.
 */
export function planAeroplane(frame: Frame, peakSigma: number, span: number, random: Random): TrailPlan[] {
  const [from, to] = chord(frame, random, "none");
  const across = acrossOf(from, to);
  const width = frame.fwhm * random.range(1.5, 2) + 0.12 * span;
  const period = random.range(0.03, 0.12) * frame.width;
  const lines: TrailPlan[] = [];
  for (const [side, share, pattern] of [
    [-0.5, 1, "steady"],
    [0.5, random.range(0.5, 1), "steady"],
    [0, 1.5, random.chance(0.5) ? "dashed" : "flashing"],
  ] as const) {
    const moved = clip(shifted(from, across, side * span), shifted(to, across, side * span), frame);
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

/** Unit vector across a line. */
function acrossOf(from: Point, to: Point): Point {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
}

const shifted = (point: Point, direction: Point, by: number): Point => [point[0] + direction[0] * by, point[1] + direction[1] * by];

/** A random line through the frame, at least a third of its smaller side long; `broken` ends lie inside. */
function chord(frame: Frame, random: Random, broken: "none" | "one" | "both"): [Point, Point] {
  const smaller = Math.min(frame.width, frame.height);
  for (;;) {
    const middle: Point = [random.uniform() * frame.width, random.uniform() * frame.height];
    const direction = random.range(0, Math.PI);
    const far = frame.width + frame.height;
    const step: Point = [Math.cos(direction) * far, Math.sin(direction) * far];
    const line = clip([middle[0] - step[0], middle[1] - step[1]], [middle[0] + step[0], middle[1] + step[1]], frame);
    if (line === null || Math.hypot(line[1][0] - line[0][0], line[1][1] - line[0][1]) < smaller / 3) continue;
    if (broken === "none") return line;
    const [from, to] = line;
    const at = (share: number): Point => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    return [broken === "both" ? at(random.range(0.05, 0.3)) : from, at(random.range(broken === "both" ? 0.6 : 0.45, 0.9))];
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
