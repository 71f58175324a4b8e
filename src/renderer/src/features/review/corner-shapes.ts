import { SATURATED, type StarColumns } from "../../components/StarMarks.tsx";

/** Median shape of the stars in one of nine parts of the upright frame; null where there are too few. */
export interface CornerShape {
  fwhm: number;
  eccentricity: number;
  stars: number;
}

const LEAST_STARS = 3;
/** Saturated, blended or at the border (domain.ts, StarList): their shape is no measure. */
const NO_MEASURE = SATURATED | 2 | 4;

/** Row by row from the upper left: the frame's nine thirds, so that every star counts once. */
export function cornerShapes(stars: StarColumns, frame: { width: number; height: number }, upsideDown: boolean): (CornerShape | null)[] {
  const own: { fwhm: number[]; eccentricity: number[] }[] = Array.from({ length: 9 }, () => ({ fwhm: [], eccentricity: [] }));
  stars.x.forEach((x, index) => {
    const fwhm = stars.fwhm[index] ?? 0;
    if (fwhm <= 0 || ((stars.flags[index] ?? 0) & NO_MEASURE) !== 0) return;
    const stored = stars.y[index] ?? 0;
    const y = upsideDown ? frame.height - 1 - stored : stored;
    const part = own[3 * third(y, frame.height) + third(x, frame.width)];
    part?.fwhm.push(fwhm);
    part?.eccentricity.push(stars.eccentricity[index] ?? 0);
  });
  return own.map(({ fwhm, eccentricity }) =>
    fwhm.length < LEAST_STARS ? null : { fwhm: median(fwhm), eccentricity: median(eccentricity), stars: fwhm.length },
  );
}

function third(place: number, length: number): number {
  return Math.min(2, Math.max(0, Math.floor((3 * place) / length)));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Which part's stars are widest against the centre's, and by what share; null where that cannot be told. */
export function widestPart(shapes: readonly (CornerShape | null)[]): { part: number; share: number } | null {
  const centre = shapes[4];
  if (!centre) return null;
  let widest: { part: number; share: number } | null = null;
  shapes.forEach((shape, part) => {
    const share = shape === null ? 0 : shape.fwhm / centre.fwhm - 1;
    if (shape !== null && part !== 4 && (widest === null || share > widest.share)) widest = { part, share };
  });
  return widest;
}
