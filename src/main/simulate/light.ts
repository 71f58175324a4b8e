import { nebulaPeak, nebulaShape } from "./diffuse.ts";
import { skyLightAt, transmissionAt } from "./field.ts";
import type { FramePlan, NightPlan } from "./frame-plan.ts";
import { type Channels, channelsOf, instrumentOf, surfaceElectrons } from "./instrument.ts";
import { Lattice } from "./lattice.ts";
import { Random } from "./random.ts";
import type { TelescopeSpec } from "./spec.ts";

/** Smooth light over a frame. */
export interface FrameLight {
  channels: Channels;
  /** Expected e- per pixel of sky and nebula, per channel, vignetting and all effects on it. */
  diffuse: Lattice[];
  /** Share of a star's light that arrives: effects and vignetting, not the clear air. */
  transmission: Lattice;
}

const STEP = 16;

export function frameLight(plan: NightPlan, frame: FramePlan): FrameLight {
  const { spec } = plan;
  const { width, height } = spec.sensor;
  const instrument = instrumentOf(spec);
  const channels = channelsOf(spec, frame.filter);
  const aspect = height / width;
  const shade = vignetting(spec.telescope, width, height, new Random(plan.seed).fork("dust"));
  const transmission = new Lattice(
    width,
    height,
    STEP,
    (x, y) => shade(x, y) * transmissionAt(frame.effects, x / width, y / height, aspect),
  );
  const { nebula } = spec.targets[frame.target];
  const seed = new Random(plan.seed).fork(`nebula/${frame.target}`).seed;
  const sign = frame.flipped ? -1 : 1;
  const arcsec = (pixel: number, side: number, offset: number) => sign * (pixel - side / 2 - offset) * instrument.scale;
  const glow =
    nebula === null
      ? null
      : new Lattice(width, height, STEP / 2, (x, y) =>
          nebulaShape(nebula, seed, arcsec(x, width, frame.offset[0]), arcsec(y, height, frame.offset[1])),
        );
  const diffuse = channels.bands.map((band, channel) => {
    const sky = frame.sky[channel];
    const peak = nebula === null ? 0 : surfaceElectrons(instrument, nebulaPeak(nebula, band), frame.exposure) * frame.clearAir;
    const electrons = surfaceElectrons(instrument, sky.level, frame.exposure);
    const cloud = surfaceElectrons(instrument, sky.cloud, frame.exposure);
    // Nebulae are sharper than clouds: with one, the lattice is twice as fine.
    return new Lattice(width, height, glow === null ? STEP : STEP / 2, (x, y) => {
      const u = x / width;
      const v = y / height;
      const clear = electrons * (1 + sky.slope[0] * (u - 0.5) + sky.slope[1] * (v - 0.5));
      const level = skyLightAt(frame.effects, { clear, cloud, reference: electrons }, u, v, aspect);
      return shade(x, y) * level + (glow === null ? 0 : peak * glow.sample(x, y) * transmission.sample(x, y));
    });
  });
  return { channels, diffuse, transmission };
}

/** Light lost towards the corners and behind dust on the sensor's window, as a share passed at (x, y). */
function vignetting(telescope: TelescopeSpec, width: number, height: number, random: Random): (x: number, y: number) => number {
  const motes = Array.from({ length: telescope.dust }, () => ({
    x: random.uniform() * width,
    y: random.uniform() * height,
    radius: random.range(50, 140),
    depth: random.logRange(0.01, 0.08),
  }));
  const corner = (width * width + height * height) / 4;
  return (x: number, y: number) => {
    const square = ((x - width / 2) ** 2 + (y - height / 2) ** 2) / corner;
    let passed = 1 - telescope.vignetting * square * (0.55 + 0.45 * square);
    for (const mote of motes) {
      const distance = Math.hypot(x - mote.x, y - mote.y) / mote.radius;
      // A ring: the hole of the pupil's shadow.
      if (distance < 1.3) passed *= 1 - mote.depth * Math.exp(-(((distance - 0.7) / 0.28) ** 2));
    }
    return passed;
  };
}
