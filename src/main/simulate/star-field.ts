import type { StarCatalogue } from "./catalogue.ts";
import type { FramePlan, NightPlan } from "./frame-plan.ts";
import { channelsOf, instrumentOf, mosaicMean, starElectrons } from "./instrument.ts";
import type { Lattice } from "./lattice.ts";
import { type FrameLight, frameLight } from "./light.ts";
import { type PsfZones, psfZones, tableAt } from "./zones.ts";

/** Where the stars of a frame stand and what of their light arrives; only those within reach of the frame. */
export interface PlacedStars {
  count: number;
  /** Centroid, px: exactly where it is drawn. */
  x: Float64Array;
  y: Float64Array;
  /** Expected electrons over the whole image, mean over the mosaic's pixels when there is one. */
  electrons: Float64Array;
  /** The same per channel: [star * channels + channel]. */
  perChannel: Float64Array;
  channels: number;
}

/** What is needed to place and draw the stars of one frame. */
export interface Scene {
  frame: FramePlan;
  light: FrameLight;
  zones: PsfZones;
}

export function sceneOf(plan: NightPlan, index: number): Scene {
  const frame = plan.frames[index];
  return { frame, light: frameLight(plan, frame), zones: psfZones(frame.psf, plan.spec.telescope) };
}

/** px outside the frame from which a star's wings may still reach in. */
const MARGIN = 40;

export function placeStars(plan: NightPlan, scene: Scene): PlacedStars {
  const { frame, light, zones } = scene;
  const { width, height } = plan.spec.sensor;
  const catalogue = plan.catalogues[frame.target];
  const instrument = instrumentOf(plan.spec);
  const channels = channelsOf(plan.spec, frame.filter);
  const many = channels.bands.length;
  const placed: PlacedStars = {
    count: 0,
    x: new Float64Array(catalogue.count),
    y: new Float64Array(catalogue.count),
    electrons: new Float64Array(catalogue.count),
    perChannel: new Float64Array(catalogue.count * many),
    channels: many,
  };
  if (frame.shutterClosed) return placed;
  const placeOf = placement(catalogue, plan.spec.sensor, frame);
  for (let star = 0; star < catalogue.count; star++) {
    const [px, py] = placeOf(star);
    if (px < -MARGIN || py < -MARGIN || px > width + MARGIN || py > height + MARGIN) continue;
    const { oversample } = tableAt(zones, px / width, py / height);
    const x = Math.round(px * oversample) / oversample;
    const y = Math.round(py * oversample) / oversample;
    const passed = frame.clearAir * sampleInside(light.transmission, x, y, width, height);
    const k = placed.count++;
    placed.x[k] = x;
    placed.y[k] = y;
    const perBand = channels.bands.map((band) =>
      starElectrons(instrument, band, catalogue.magnitude[star], catalogue.colour[star], frame.exposure * passed),
    );
    perBand.forEach((electrons, channel) => {
      placed.perChannel[k * many + channel] = electrons;
    });
    placed.electrons[k] = mosaicMean(channels, perBand);
  }
  return placed;
}

const sampleInside = (lattice: Lattice, x: number, y: number, width: number, height: number): number =>
  lattice.sample(Math.max(0, Math.min(width - 1, x)), Math.max(0, Math.min(height - 1, y)));

/**
 * Where a star of the catalogue stands on the sensor, px. A field shifted far off target goes on with the catalogue's other
 * end, as different stars.
 */
export function placement(
  catalogue: StarCatalogue,
  sensor: { width: number; height: number },
  frame: Pick<FramePlan, "flipped" | "offset">,
): (star: number) => [x: number, y: number] {
  let halfWidth = sensor.width / 2 + MARGIN;
  let halfHeight = sensor.height / 2 + MARGIN;
  for (let star = 0; star < catalogue.count; star++) {
    halfWidth = Math.max(halfWidth, Math.abs(catalogue.x[star]));
    halfHeight = Math.max(halfHeight, Math.abs(catalogue.y[star]));
  }
  const sign = frame.flipped ? -1 : 1;
  return (star) => [
    wrap(sign * catalogue.x[star] + frame.offset[0], halfWidth) + sensor.width / 2,
    wrap(sign * catalogue.y[star] + frame.offset[1], halfHeight) + sensor.height / 2,
  ];
}

const wrap = (value: number, half: number): number => value - 2 * half * Math.round(value / (2 * half));
