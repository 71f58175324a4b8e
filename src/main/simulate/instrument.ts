import { BANDS, type Band, collectingArea, type FilterName, plateScale } from "./physics.ts";
import type { NightSpec } from "./spec.ts";

/** What turns light into electrons: one value a night. */
export interface Instrument {
  /** arcsec/px */
  scale: number;
  /** e- per photon/m^2 at the aperture. */
  area: number;
  /** FWHM of the diffraction image at 550 nm, arcsec. */
  diffraction: number;
}

export function instrumentOf(spec: NightSpec): Instrument {
  const { telescope, sensor } = spec;
  return {
    scale: plateScale(sensor.pixel, telescope.focalLength),
    area: collectingArea(telescope.aperture, telescope.obstruction) * telescope.throughput * sensor.quantumEfficiency,
    // 1.03 lambda / D for an open aperture.
    diffraction: ((1.03 * 550e-9) / (telescope.aperture / 1000)) * 206264.8,
  };
}

/** Which band each pixel sees: one channel for a mono sensor, red, green and blue for a mosaic. */
export interface Channels {
  bands: Band[];
  /** Channel of the pixel at [(y & 1) * 2 + (x & 1)]. */
  mosaic: [number, number, number, number];
}

const MONO: Channels["mosaic"] = [0, 0, 0, 0];

/** Behind a line filter a mosaic sees H alpha in red and O III in green and blue, as a dual-band filter passes them. */
export function channelsOf(spec: NightSpec, filter: FilterName): Channels {
  const { cfa } = spec.sensor;
  if (cfa === null) return { bands: [BANDS[filter]], mosaic: MONO };
  const narrow = BANDS[filter].width < 20;
  const bands = narrow ? [BANDS.Ha, BANDS.OIII, BANDS.OIII] : [BANDS.R, BANDS.G, BANDS.B];
  const mosaic: Channels["mosaic"] = [0, 0, 0, 0];
  for (let i = 0; i < 4; i++) mosaic[i] = "RGB".indexOf(cfa[i]);
  return { bands, mosaic };
}

/** Electrons from a star of V magnitude and B-V above the atmosphere in `seconds`. */
export function starElectrons(instrument: Instrument, band: Band, magnitude: number, colour: number, seconds: number): number {
  return band.zeroPoint * band.width * 10 ** (-0.4 * (magnitude + band.colour * colour)) * instrument.area * seconds;
}

/** Electrons per pixel from a surface of `photons` per s, m^2 and arcsec^2. */
export function surfaceElectrons(instrument: Instrument, photons: number, seconds: number): number {
  return photons * instrument.area * instrument.scale ** 2 * seconds;
}

/** Mean over the pixels of a mosaic of a value per channel. */
export function mosaicMean(channels: Channels, values: readonly number[]): number {
  let sum = 0;
  for (const channel of channels.mosaic) sum += values[channel];
  return sum / 4;
}
