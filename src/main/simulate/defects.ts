import type { FieldEffect } from "./field.ts";
import type { FrameDefect, SensorFault, TrailPlan } from "./frame-plan.ts";
import type { Motion, PsfShape } from "./psf.ts";
import type { Random } from "./random.ts";
import type { DefectKind, DefectSpec, ObstructionLook } from "./spec.ts";
import { planAeroplane, planSatellite, planTrain } from "./trail-plan.ts";

/** What faults may change in a frame. */
export interface FrameConditions {
  width: number;
  height: number;
  psf: PsfShape;
  halo: { share: number; scale: number };
  effects: FieldEffect[];
  trails: TrailPlan[];
  fault: SensorFault | null;
  offset: [x: number, y: number];
  leak: number;
  /** Over the number that is usual. */
  cosmicRays: number;
  shutterClosed: boolean;
  /** Seconds. */
  exposure: number;
  /** Direction of right ascension on the sensor, degrees. */
  rightAscensionAngle: number;
  /** Noise of the clear sky per pixel, e-, and the full well. */
  skyNoise: number;
  fullWell: number;
  defects: FrameDefect[];
}

/** From barely visible (strength 0) to gross (1), growing evenly in the logarithm as eyes and stacks see it. */
const amount = (faintest: number, gross: number, strength: number): number => faintest * (gross / faintest) ** strength;

/**
 * Applies a fault to one frame. `position` is where the frame stands in the fault's span, 0..1; `course` draws what stays
 * the same over the span (which cloud, which border), `moment` what is new in each frame.
 */
export function applyDefect(frame: FrameConditions, defect: DefectSpec, position: number, course: Random, moment: Random): void {
  const apply = APPLY[defect.kind];
  const lasts = defect.to > defect.from;
  const usual = (defect.course ?? "usual") === "usual";
  const at = lasts || GROWING.includes(defect.kind) ? position : 0.5;
  const ramp = usual ? rampOf(defect.kind, at, moment) : (defect.course === "growing" ? position : 1) * unrest(defect.kind, moment);
  if (apply === undefined || ramp <= 0.01) return;
  apply(frame, { strength: defect.strength, ramp, position, course, moment, look: defect.look ?? null });
  frame.defects.push({ kind: defect.kind, strength: Math.min(1, defect.strength * ramp) });
}

/** Faults that grow until somebody ends them; the others come and go. */
const GROWING: readonly DefectKind[] = ["dew", "obstruction", "focus"];

function rampOf(kind: DefectKind, position: number, moment: Random): number {
  switch (kind) {
    case "cloud":
      return Math.min(1, 4 * Math.min(position + 0.06, 1.06 - position)) * unrest(kind, moment);
    case "veil":
      return Math.min(1, 4 * Math.min(position + 0.08, 1.08 - position)) * unrest(kind, moment);
    case "dew":
    case "obstruction":
    case "focus":
      return 0.04 + 0.96 * position;
    default:
      return unrest(kind, moment);
  }
}

/** How much a fault differs from frame to frame of its own. */
function unrest(kind: DefectKind, moment: Random): number {
  if (kind === "cloud") return moment.range(0.45, 1.25);
  if (kind === "veil") return moment.range(0.9, 1.1);
  if (kind === "wind") return moment.range(0.5, 1.2);
  return 1;
}

interface Hit {
  strength: number;
  ramp: number;
  position: number;
  course: Random;
  moment: Random;
  look: ObstructionLook | null;
}

type Apply = (frame: FrameConditions, hit: Hit) => void;

const APPLY: Partial<Record<DefectKind, Apply>> = {
  cloud: (frame, { strength, ramp, position, course, moment }) => {
    const speed = course.logRange(0.15, 1.5);
    const direction = course.range(0, 2 * Math.PI);
    const travelled = position * course.range(3, 12);
    frame.effects.push({
      kind: "cloud",
      seed: course.integer(2 ** 31),
      depth: amount(0.05, 2.2, strength) * ramp,
      contrast: course.range(1, 3),
      scale: course.logRange(0.7, 4),
      position: [travelled * Math.cos(direction) + moment.range(-0.1, 0.1), travelled * Math.sin(direction)],
      drift: [speed * Math.cos(direction), speed * Math.sin(direction)],
    });
  },
  veil: (frame, { strength, ramp, course }) => {
    frame.effects.push({
      kind: "veil",
      depth: amount(0.03, 1.5, strength) * ramp,
      slope: [course.range(-0.3, 0.3), course.range(-0.3, 0.3)],
    });
  },
  dew: (frame, { strength, ramp }) => {
    const depth = amount(0.03, 1.2, strength) * ramp;
    frame.effects.push({ kind: "veil", depth, slope: [0, 0] });
    frame.halo = { share: Math.min(0.6, 0.5 * depth + frame.halo.share), scale: 6 * frame.psf.fwhm };
  },
  obstruction: (frame, { strength, ramp, course, moment, look: wanted }) => {
    const drawn = course.pick(["dome", "roof", "tree", "tree", "tree"] as const);
    const look = wanted ?? drawn;
    frame.effects.push({
      kind: "obstruction",
      seed: course.integer(2 ** 31),
      from: course.chance(0.7) ? 90 * course.integer(4) + course.range(-20, 20) : course.range(0, 360),
      reach: amount(0.05, 0.95, strength) * ramp - 0.02,
      softness: look === "dome" ? course.range(0.05, 0.2) : look === "roof" ? course.range(0.01, 0.04) : course.range(0.03, 0.12),
      // Twigs move in the wind; a dome's edge does not.
      roughness: look === "tree" ? course.range(0.03, 0.12) * moment.range(0.8, 1.2) : 0,
      brightness: look === "roof" ? course.logRange(0.03, 0.3) : course.logRange(0.15, 1.3),
    });
  },
  "stray-light": (frame, { strength, course, moment }) => {
    const direction = course.range(0, 2 * Math.PI);
    frame.effects.push({
      kind: "stray-light",
      centre: [0.5 + 0.65 * Math.cos(direction), 0.5 + 0.65 * Math.sin(direction)],
      radius: course.range(0.2, 0.6),
      level: amount(0.05, 6, strength) * moment.range(0.8, 1.2),
    });
  },
  focus: (frame, { strength, ramp }) => {
    frame.psf.defocus += amount(0.6, 8, strength) * ramp * frame.psf.fwhm;
  },
  wind: (frame, { strength, ramp, course, moment }) => {
    const rms = amount(0.08, 1.6, strength) * ramp * frame.psf.fwhm;
    const angle = (course.range(0, 180) * Math.PI) / 180;
    frame.psf.motions = withMotion(frame.psf, gust(rms, angle, moment));
  },
  tracking: (frame, { strength, moment }) => {
    const length = amount(0.25, 9, strength) * frame.psf.fwhm * moment.range(0.8, 1.2);
    const angle = ((frame.rightAscensionAngle + moment.range(-8, 8)) * Math.PI) / 180;
    frame.psf.motions = withMotion(frame.psf, drift(length, angle));
  },
  "periodic-error": (frame, { strength, position, course, moment }) => {
    // A worm turns in some eight minutes: where in its turn a frame begins decides which way and how far its stars run.
    const swing = amount(0.2, 6, strength) * frame.psf.fwhm;
    const turns = frame.exposure / course.range(240, 600);
    const phase = course.uniform() + position * course.range(2, 9);
    const angle = ((frame.rightAscensionAngle + moment.range(-5, 5)) * Math.PI) / 180;
    frame.psf.motions = withMotion(frame.psf, wormSwing(swing, turns, phase, angle));
  },
  rotation: (frame, { strength, moment }) => {
    frame.psf.rotation += amount(0.4, 12, strength) * frame.psf.fwhm * moment.range(0.8, 1.2);
  },
  jump: (frame, { strength, moment }) => {
    const apart = amount(0.5, 12, strength) * frame.psf.fwhm * moment.range(0.8, 1.2);
    const angle = moment.range(0, 2 * Math.PI);
    const share = moment.range(0.2, 0.5);
    const x = apart * Math.cos(angle);
    const y = apart * Math.sin(angle);
    // Standing on the mean of both places.
    frame.psf.motions = withMotion(frame.psf, [
      { x: -share * x, y: -share * y, share: 1 - share },
      { x: (1 - share) * x, y: (1 - share) * y, share },
    ]);
  },
  satellite: (frame, { strength, moment }) => {
    if (moment.chance(0.06)) {
      const apart = frame.width * moment.logRange(0.01, 0.06);
      const peak = amount(0.15, 30, strength);
      frame.trails.push(...planTrain(trailFrame(frame), peak, 3 + moment.integer(4), apart, moment.fork("train")));
      return;
    }
    const count = moment.chance(0.8) ? 1 : 2 + moment.integer(3);
    for (let i = 0; i < count; i++) {
      const peak = amount(0.15, 30, strength) * moment.logRange(0.7, 1.4);
      frame.trails.push(planSatellite(trailFrame(frame), peak, moment.fork(i)));
    }
  },
  aeroplane: (frame, { strength, moment }) => {
    const span = Math.max(3 * frame.psf.fwhm, amount(0.004, 0.05, strength) * frame.width);
    frame.trails.push(...planAeroplane(trailFrame(frame), amount(1, 60, strength), span, moment));
  },
  "cosmic-rays": (frame, { strength }) => {
    frame.cosmicRays *= amount(4, 60, strength);
  },
  "sensor-fault": (frame, { strength, moment }) => {
    const kind = moment.pick(["shifted", "black", "lines"] as const);
    const rows = Math.max(2, Math.round(amount(0.01, 0.6, strength) * frame.height));
    frame.fault = {
      kind,
      row: kind === "lines" ? moment.integer(frame.height - rows) : frame.height - rows,
      rows,
      shift: Math.round(moment.range(0.05, 0.5) * frame.width),
    };
  },
  overexposed: (frame, { strength, moment }) => {
    frame.leak += amount(0.002, 1.6, strength) * frame.fullWell * moment.range(0.9, 1.1);
  },
  shutter: (frame) => {
    frame.shutterClosed = true;
  },
  "off-target": (frame, { strength, course }) => {
    const distance = amount(0.06, 1.2, strength) * Math.min(frame.width, frame.height);
    const direction = course.range(0, 2 * Math.PI);
    frame.offset = [frame.offset[0] + distance * Math.cos(direction), frame.offset[1] + distance * Math.sin(direction)];
  },
};

const trailFrame = (frame: FrameConditions) => ({
  width: frame.width,
  height: frame.height,
  fwhm: frame.psf.fwhm,
  noise: frame.skyNoise,
});

/** A star carried evenly along a straight line, centred. */
function drift(length: number, angle: number): Motion {
  const steps = 48;
  return Array.from({ length: steps }, (_, i) => {
    const along = ((i + 0.5) / steps - 0.5) * length;
    return { x: along * Math.cos(angle), y: along * Math.sin(angle), share: 1 / steps };
  });
}

/** Part of a sine, sampled evenly in time and centred on its mean: a mount's periodic error over `turns` of its worm. */
function wormSwing(amplitude: number, turns: number, phase: number, angle: number): Motion {
  const steps = 48;
  const along = Array.from({ length: steps }, (_, i) => amplitude * Math.sin(2 * Math.PI * (phase + (turns * (i + 0.5)) / steps)));
  const mean = along.reduce((sum, value) => sum + value, 0) / steps;
  return along.map((value) => ({ x: (value - mean) * Math.cos(angle), y: (value - mean) * Math.sin(angle), share: 1 / steps }));
}

/** Swinging about the mean along one direction, a little across: an Ornstein-Uhlenbeck walk with a few slow swings. */
function gust(rms: number, angle: number, random: Random): Motion {
  const steps = 40;
  const points: { along: number; across: number }[] = [];
  let along = random.normal();
  let across = random.normal();
  for (let i = 0; i < steps; i++) {
    along = 0.8 * along + 0.6 * random.normal();
    across = 0.8 * across + 0.6 * random.normal();
    points.push({ along: along * rms, across: across * rms * 0.35 });
  }
  const meanAlong = points.reduce((sum, p) => sum + p.along, 0) / steps;
  const meanAcross = points.reduce((sum, p) => sum + p.across, 0) / steps;
  return points.map((p) => ({
    x: (p.along - meanAlong) * Math.cos(angle) - (p.across - meanAcross) * Math.sin(angle),
    y: (p.along - meanAlong) * Math.sin(angle) + (p.across - meanAcross) * Math.cos(angle),
    share: 1 / steps,
  }));
}

const withMotion = (psf: PsfShape, motion: Motion): Motion[] => [...psf.motions, motion];
