import { GRID_COLUMNS, GRID_ROWS } from "../../shared/domain.ts";
import type { StarCatalogue } from "./catalogue.ts";
import type { MeasuredConditions } from "./conditions.ts";
import { channelsOf, type Instrument, mosaicMean, starElectrons } from "./instrument.ts";
import type { NightSpec } from "./spec.ts";
import { placement } from "./star-field.ts";

/** SNR from which a star's shape can be measured. */
const USABLE_SNR = 10;
/** A catalogue is sorted by V; in another band a star may be brighter than its neighbours by so many magnitudes. */
const COLOUR_SPAN = 1.5;

/**
 * How many stars of a frame have SNR >= 10, where SNR = F / sqrt(F + A (sky + dark + read noise^2)) with A the image's
 * noise-equivalent area. A nebula's own noise and vignetting are left out.
 */
export function usableStars(spec: NightSpec, instrument: Instrument, catalogue: StarCatalogue, frame: MeasuredConditions): number {
  const { plan, psf, truth } = frame;
  if (plan.shutterClosed) return 0;
  const { width, height, electronsPerAdu } = spec.sensor;
  const channels = channelsOf(spec, plan.filter);
  const electronsOf = (star: number, passed: number) =>
    mosaicMean(
      channels,
      channels.bands.map((band) =>
        starElectrons(instrument, band, catalogue.magnitude[star], catalogue.colour[star], plan.exposure * passed),
      ),
    );
  const noise = psf.noiseArea * (truth.skyNoise * electronsPerAdu) ** 2;
  // F^2 = SNR^2 (F + noise)
  const needed = 0.5 * USABLE_SNR * (USABLE_SNR + Math.sqrt(USABLE_SNR ** 2 + 4 * noise));
  const clear = plan.clearAir * (1 - plan.halo.share);
  const placeOf = placement(catalogue, spec.sensor, plan);
  let count = 0;
  for (let star = 0; star < catalogue.count; star++) {
    const brightest = electronsOf(star, clear);
    if (brightest < needed * 10 ** (-0.4 * COLOUR_SPAN)) break;
    const [x, y] = placeOf(star);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const cell = Math.floor((y / height) * GRID_ROWS) * GRID_COLUMNS + Math.floor((x / width) * GRID_COLUMNS);
    if (brightest * truth.cells[cell] >= needed) count++;
  }
  return count;
}
