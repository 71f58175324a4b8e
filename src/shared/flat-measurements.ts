import type { Measurement } from "./domain.ts";
import { METRIC_NAMES, type MetricName } from "./metrics.ts";

/**
 * The flat names of the report (see METRICS), each finite or null. `pixelScale` in arcsec per sensor pixel serves
 * measurements that were made before the scale was known.
 */
export function flatMeasurements(m: Measurement, pixelScale: number | null): Record<MetricName, number | null> {
  const { background: sky, stars, shape, sensor, weights, trails } = m;
  const fwhmArcsec = shape.fwhmArcsec ?? (shape.fwhm !== null && pixelScale !== null ? shape.fwhm * pixelScale : null);
  const flat: Record<MetricName, number | null> = {
    stars: stars.count,
    starsSaturated: stars.saturated,
    starsBlended: stars.blended,
    starsFitted: shape.fitted,
    starFlux: stars.totalFlux,
    fwhm: shape.fwhm,
    fwhmArcsec,
    fwhmScatter: shape.fwhmScatter,
    hfr: shape.hfr,
    eccentricity: shape.eccentricity,
    eccentricityCentre: shape.eccentricityCentre,
    angle: shape.angle,
    angleCoherence: shape.angleCoherence,
    radialCoherence: shape.radialCoherence,
    halo: shape.halo,
    donuts: shape.donuts,
    doubled: shape.doubled,
    moffatBeta: shape.moffatBeta,
    background: sky.level,
    skyFill: sensor.ceiling > 0 ? sky.level / sensor.ceiling : null,
    noise: sky.noise,
    noiseMrs: sky.noiseMrs,
    slopeX: sky.slope[0],
    slopeY: sky.slope[1],
    radial: sky.radial,
    residual: sky.residual,
    cornerRatio: sky.cornerRatio,
    snrWeight: weights.snrWeight,
    psfSignalWeight: weights.psfSignalWeight,
    psfSnr: weights.psfSnr,
    saturated: sensor.saturatedFraction,
    hotPixels: sensor.hotPixels,
    deadColumns: sensor.deadColumns,
    lostRows: sensor.lostRows,
    emptyEdge: sensor.emptyEdge,
    rowBanding: sensor.rowBanding,
    columnBanding: sensor.columnBanding,
    trails: trails.length,
    trailPeakSigma: largest(trails.map((trail) => trail.peakSigma)),
    trailWidth: largest(trails.map((trail) => trail.width)),
    trailArea: trails.reduce((sum, trail) => sum + trail.area, 0),
  };
  for (const name of METRIC_NAMES) if (flat[name] !== null && !Number.isFinite(flat[name])) flat[name] = null;
  return flat;
}

/** null for none: "no trail" is not "a trail of zero brightness". */
function largest(values: number[]): number | null {
  return values.length > 0 ? Math.max(...values) : null;
}
