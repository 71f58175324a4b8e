import type { StarList } from "../../../shared/domain.ts";

/** The measured stars as plain numbers, brightest first: what a window draws over a picture. */
export type StarColumns = Record<"x" | "y" | "fwhm" | "hfr" | "eccentricity" | "angle" | "flags", number[]>;

/** Values that could not be measured are 0. */
export function starColumns(list: StarList | null): StarColumns {
  const column = (values: ArrayLike<number> | undefined): number[] =>
    Array.from(values ?? [], (value) => (Number.isFinite(value) ? value : 0));
  return {
    x: column(list?.x),
    y: column(list?.y),
    fwhm: column(list?.fwhm),
    hfr: column(list?.hfr),
    eccentricity: column(list?.eccentricity),
    angle: column(list?.angle),
    flags: column(list?.flags),
  };
}
