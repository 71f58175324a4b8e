import { fractalNoise } from "./fractal.ts";

/**
 * What changes the light over the field in one frame. Positions are shares of the frame: u along the width, v along the
 * height, both 0..1. `v` is scaled by `aspect` = height / width wherever a shape must not be squeezed.
 */
export type FieldEffect = CloudEffect | VeilEffect | ObstructionEffect | StrayLightEffect;

export interface CloudEffect {
  kind: "cloud";
  seed: number;
  /** Mean optical depth, magnitudes. */
  depth: number;
  /** How patchy: RMS of the depth over its mean is about a third of it. */
  contrast: number;
  /** Cloud features across the frame's width. */
  scale: number;
  /** Where the pattern stands at mid exposure and how far it drifts in it, in widths. */
  position: [u: number, v: number];
  drift: [u: number, v: number];
}

export interface VeilEffect {
  kind: "veil";
  depth: number;
  /** Relative change of the depth from the left to the right edge and from the first to the last row. */
  slope: [u: number, v: number];
}

export interface ObstructionEffect {
  kind: "obstruction";
  seed: number;
  /** Direction from which it comes in, degrees: 0 from the right edge (u = 1), 90 from the last row. */
  from: number;
  /** How far its edge stands inside, as a share of the frame's extent along that direction. */
  reach: number;
  /** Width over which the out-of-focus edge fades, same unit. */
  softness: number;
  /** Waviness of the edge, same unit: 0 a dome slit, 0.1 a tree. */
  roughness: number;
  /** Its own brightness over the clear sky's. */
  brightness: number;
}

export interface StrayLightEffect {
  kind: "stray-light";
  /** Centre (may lie outside) and radius in widths. */
  centre: [u: number, v: number];
  radius: number;
  /** Peak over the clear sky's level. */
  level: number;
}

const DRIFT_STEPS = 6;

/** Share of starlight that passes at (u, v). */
export function transmissionAt(effects: readonly FieldEffect[], u: number, v: number, aspect: number): number {
  let passed = 1;
  for (const effect of effects) {
    if (effect.kind === "cloud") passed *= cloudTransmission(effect, u, v, aspect);
    else if (effect.kind === "veil")
      passed *= 10 ** (-0.4 * effect.depth * (1 + effect.slope[0] * (u - 0.5) + effect.slope[1] * (v - 0.5)));
    else if (effect.kind === "obstruction") passed *= 1 - coverAt(effect, u, v, aspect);
  }
  return passed;
}

export interface SkyLight {
  /** Level of the clear sky here, any unit; the result is in the same. */
  clear: number;
  /** Light that a fully opaque cloud would send down instead. */
  cloud: number;
  /** The clear sky's level in the field's centre: what obstructions and stray light are measured in. */
  reference: number;
}

/** Light of the sky at (u, v) with all effects on it. */
export function skyLightAt(effects: readonly FieldEffect[], light: SkyLight, u: number, v: number, aspect: number): number {
  let level = light.clear;
  for (const effect of effects) {
    if (effect.kind === "cloud" || effect.kind === "veil") {
      const passed = effect.kind === "cloud" ? cloudTransmission(effect, u, v, aspect) : 10 ** (-0.4 * effect.depth);
      // Scattering takes light out of the beam forwards, so that the sky behind is dimmed less than a star is.
      level = level * Math.sqrt(passed) + light.cloud * (1 - passed);
    } else if (effect.kind === "stray-light") {
      const distance = Math.hypot(u - effect.centre[0], (v - effect.centre[1]) * aspect) / effect.radius;
      level += light.reference * effect.level * Math.exp(-0.5 * distance * distance);
    }
  }
  for (const effect of effects) {
    if (effect.kind !== "obstruction") continue;
    const cover = coverAt(effect, u, v, aspect);
    level = level * (1 - cover) + light.reference * effect.brightness * cover;
  }
  return level;
}

function cloudTransmission(cloud: CloudEffect, u: number, v: number, aspect: number): number {
  let sum = 0;
  for (let step = 0; step < DRIFT_STEPS; step++) {
    const along = (step + 0.5) / DRIFT_STEPS - 0.5;
    const x = (u + cloud.position[0] + cloud.drift[0] * along) * cloud.scale;
    const y = (v * aspect + cloud.position[1] + cloud.drift[1] * along) * cloud.scale;
    const depth = cloud.depth * Math.max(0, 1 + cloud.contrast * fractalNoise(cloud.seed, x, y, 4));
    sum += 10 ** (-0.4 * depth);
  }
  return sum / DRIFT_STEPS;
}

/** 0 clear .. 1 covered. */
function coverAt(edge: ObstructionEffect, u: number, v: number, aspect: number): number {
  const cosine = Math.cos((edge.from * Math.PI) / 180);
  const sine = Math.sin((edge.from * Math.PI) / 180);
  // Distance from the border where it comes in, as a share of the frame's extent along that direction.
  const extent = Math.abs(cosine) + Math.abs(sine);
  const inside = 0.5 - ((u - 0.5) * cosine + (v - 0.5) * sine) / extent;
  const along = -(u - 0.5) * sine + (v - 0.5) * aspect * cosine;
  const wave = edge.roughness > 0 ? edge.roughness * 2 * fractalNoise(edge.seed, along * 5 + 3.7, inside * 2, 4) : 0;
  const depth = (edge.reach + wave - inside) / Math.max(1e-3, edge.softness);
  return depth >= 0.5 ? 1 : depth <= -0.5 ? 0 : 0.5 + 0.5 * Math.sin(Math.PI * depth);
}
