import { type MeasuredConditions, median } from "./conditions.ts";

/** Medians over the frames that nothing harms; where there are hardly any, over the best third. */
export interface GroupBaseline {
  /** False when next to no frame of the group is sound: then there is nothing to compare with. */
  sound: boolean;
  fwhm: number;
  naturalFwhm: number;
  eccentricity: number;
  snr: number;
  naturalSnr: number;
  gradient: number;
  offset: [x: number, y: number];
}

export function goodPart(group: MeasuredConditions[]): GroupBaseline {
  const unharmed = group.filter(
    (frame) =>
      frame.truth.transparency > 0.9 &&
      Math.min(...frame.truth.cells) > 0.8 &&
      frame.psf.fwhm < 1.15 * frame.naturalFwhm &&
      frame.plan.fault === null &&
      frame.filled < 0.5,
  );
  const enough = unharmed.length >= Math.max(3, 0.2 * group.length);
  const good = enough ? trimmed(unharmed) : [...group].sort((a, b) => b.snr - a.snr).slice(0, Math.ceil(group.length / 3));
  const medianOf = (value: (frame: MeasuredConditions) => number) => median(good.map(value));
  return {
    sound: enough,
    fwhm: medianOf((f) => f.psf.fwhm),
    naturalFwhm: medianOf((f) => f.naturalFwhm),
    eccentricity: medianOf((f) => f.psf.eccentricity),
    snr: medianOf((f) => f.snr),
    naturalSnr: medianOf((f) => f.naturalSnr),
    gradient: medianOf((f) => f.truth.gradient),
    offset: [medianOf((f) => f.plan.offset[0]), medianOf((f) => f.plan.offset[1])],
  };
}

/** Drops what the sky's glow has halved, so that a long dawn or moon does not become the norm. */
function trimmed(frames: MeasuredConditions[]): MeasuredConditions[] {
  const best = [...frames].sort((a, b) => b.snr - a.snr);
  const reference = best[Math.floor(best.length / 4)].snr;
  const kept = best.filter((frame) => frame.snr > 0.6 * reference);
  return kept.length >= 3 ? kept : best;
}
