import { type Compared, deviation, type GroupBaseline, widthByAir } from "./group-baseline.ts";
import { differenceTest, type Harm, nearRatio, ratioTest } from "./harm.ts";
import { seenShape } from "./seen-shape.ts";
import type { JudgeSettings } from "./settings.ts";

/** A frame cannot be this much sharper than the good part of its group: what was measured were no stars. */
const TOO_SHARP = 0.6;

/**
 * What was taken for stars matches none of the group's and is far sharper than they are: cosmic rays and noise, because the
 * stars are gone or too few to measure. How bad the frame is cannot be told.
 */
function strangers(compared: Compared, group: GroupBaseline): Harm[] {
  const { fwhm } = seenShape(compared.frame.measurement);
  if (compared.photometry.transparency !== null || fwhm === null || !group.fwhmSeen) return [];
  if (fwhm > TOO_SHARP * group.fwhmSeen.median) return [];
  return [
    {
      code: "no-stars",
      metric: "matchedStars",
      value: compared.photometry.matched,
      unit: "stars",
      baseline: null,
      limit: 3,
      z: null,
      probability: 0.6,
      test: null,
      notable: true,
      where: null,
    },
  ];
}

/** Stars wider or more elongated than the group's. */
export function shapeHarms(compared: Compared, group: GroupBaseline, settings: JudgeSettings): Harm[] {
  const { shape } = compared.frame.measurement;
  const seen = seenShape(compared.frame.measurement);
  const { limits, notable } = settings;
  const out = strangers(compared, group);
  if (out.length > 0) return out;
  // Guiding and wind draw all stars out one way, a rotating field around its axis.
  const coherent = Math.max(shape.angleCoherence ?? 0, -(shape.radialCoherence ?? 0));
  const elongation = seen.eccentricity !== null && group.eccentricitySeen ? seen.eccentricity - group.eccentricitySeen.median : 0;
  const smeared = elongation > 0.15 && coherent > 0.4;
  if (seen.fwhm !== null && group.fwhmSeen && shape.fitted >= 3) {
    // The baseline moves with altitude: what the air does to a low target is no fault of the frame.
    const usual = group.fwhmSeen.median * widthByAir(compared.air);
    const ratio = seen.fwhm / usual;
    const sigma = Math.hypot(0.03, (shape.fwhmScatter ?? 0.2 * seen.fwhm) / seen.fwhm / Math.sqrt(shape.fitted));
    const stands = deviation(seen.fwhm, group.fwhmSeen);
    out.push({
      code: smeared ? "tracking" : "focus",
      metric: "fwhmSeen",
      value: seen.fwhm,
      unit: "px",
      baseline: usual,
      limit: limits.fwhmRatio * usual,
      z: stands,
      ...ratioTest(ratio, limits.fwhmRatio, sigma, "above"),
      notable: (stands > notable && ratio > 1.15) || nearRatio(seen.fwhm / group.fwhmSeen.median, limits.fwhmRatio, sigma, "above"),
      where: null,
    });
  } else if (shape.hfr !== null && group.hfr) {
    const ratio = shape.hfr / group.hfr.median;
    const stands = deviation(shape.hfr, group.hfr);
    out.push({
      code: "focus",
      metric: "hfr",
      value: shape.hfr,
      unit: "px",
      baseline: group.hfr.median,
      limit: limits.fwhmRatio * group.hfr.median,
      z: stands,
      ...ratioTest(ratio, limits.fwhmRatio, 0.08, "above"),
      notable: (stands > notable && ratio > 1.15) || nearRatio(ratio, limits.fwhmRatio, 0.05, "above"),
      where: null,
    });
  }
  if (seen.eccentricity !== null && group.eccentricitySeen && shape.fitted >= 5) {
    const stands = deviation(seen.eccentricity, group.eccentricitySeen);
    const error = 0.015 + 0.15 / Math.sqrt(shape.fitted);
    const applies = group.eccentricitySeen.median < limits.eccentricityGroup;
    out.push({
      code: coherent > 0.4 ? "tracking" : "focus",
      metric: "eccentricitySeen",
      value: seen.eccentricity,
      unit: "",
      baseline: group.eccentricitySeen.median,
      limit: limits.eccentricity,
      z: stands,
      ...differenceTest(seen.eccentricity, limits.eccentricity, error, "above", applies && elongation > 0.06 ? 1 : 0),
      notable:
        (stands > notable && elongation > 0.1) ||
        (applies && elongation > 0.06 && nearRatio(seen.eccentricity, limits.eccentricity, error, "above")),
      where: null,
    });
  }
  return out;
}
