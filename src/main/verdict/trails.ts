import type { Reason, Trail, TrailPolicy } from "../../shared/domain.ts";

/** Wider than this many FWHM of the stars it is an aeroplane or its lights, which rejection does not remove cleanly. */
const WIDE = 6;
/** Sensor pixels: on sharp undersampled frames a trail's edges make a width of their own. */
const LEAST_WIDE = 12;
const MUCH_AREA = 0.02;

/** Light that came through the telescope is never this much narrower than the stars, in their FWHM. */
const NARROW = 0.5;

/** The track of a particle through the sensor: no light, and any stack rejects it. */
function isParticle(trail: Trail, fwhm: number | null): boolean {
  return fwhm !== null && trail.width < NARROW * fwhm;
}

/**
 * What the trails of a frame mean under the policy. A stack of enough frames rejects a trail, so on `auto` it is a soft
 * reason where the group is large enough, hard where it is not or where the trail is very wide or covers much.
 */
export function trailReasons(
  found: readonly Trail[],
  policy: TrailPolicy,
  groupSize: number,
  leastGroup: number,
  fwhm: number | null,
): { reasons: Reason[]; contaminated: boolean } {
  const trails = found.filter((trail) => !isParticle(trail, fwhm));
  if (trails.length === 0 || policy === "ignore") return { reasons: [], contaminated: false };
  const area = trails.reduce((sum, trail) => sum + trail.area, 0);
  const wide = trails.some((trail) => trail.width > Math.max(LEAST_WIDE, WIDE * (fwhm ?? LEAST_WIDE)));
  const contaminated = policy === "strict" || groupSize < leastGroup || wide || area > MUCH_AREA;
  const strongest = Math.max(...trails.map((trail) => trail.peakSigma));
  return {
    contaminated,
    reasons: [
      {
        code: "trail",
        severity: contaminated ? "hard" : "soft",
        metric: "trailPeakSigma",
        value: strongest,
        unit: "sigma",
        baseline: 0,
        z: null,
        limit: null,
        where: { lines: trails.map((trail) => [trail.from[0], trail.from[1], trail.to[0], trail.to[1]]) },
      },
    ],
  };
}
