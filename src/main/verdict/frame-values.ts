import type { FrameSummary, Measurement } from "../../shared/domain.ts";
import { flatMeasurements } from "../../shared/flat-measurements.ts";
import type { AnyMetricName } from "../../shared/night-metrics.ts";
import type { JudgedFrame } from "./judged.ts";
import { seenShape } from "./seen-shape.ts";

/**
 * Every number of a frame under its one name: reports print these, rules of users compare these. Each is finite or null;
 * what only the night tells is null while `judged` is.
 */
export function frameValues(
  summary: FrameSummary,
  measurement: Measurement,
  judged: JudgedFrame | null,
): Record<AnyMetricName, number | null> {
  const seen = seenShape(measurement);
  return {
    ...flatMeasurements(measurement, summary.metadata.pixelScale),
    fwhmSeen: seen.fwhm,
    eccentricitySeen: seen.eccentricity,
    transparency: judged?.transparency ?? null,
    matchedStars: judged?.photometry.matched ?? null,
    weight: judged?.weight ?? null,
    cellsWithoutStars: judged?.found.cellsWithoutStars ?? null,
    cellTransparency: judged?.found.cellTransparency ?? null,
    gradient: judged?.found.gradient ?? null,
    tornRows: judged?.found.tornRows ?? null,
    shift: judged?.found.shift ?? null,
    shiftX: judged?.photometry.shift?.[0] ?? null,
    shiftY: judged?.photometry.shift?.[1] ?? null,
    rotation: judged?.photometry.rotation ?? null,
  };
}
