/** The brightest measured stars as parallel columns, in stored sensor pixels (domain.ts, StarList). */
export interface StarColumns {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** px; 0 where it is not known. */
  readonly fwhm: readonly number[];
  readonly eccentricity: readonly number[];
  /** Degrees from +x towards +y of the stored frame. */
  readonly angle: readonly number[];
  readonly flags: readonly number[];
}

export const SATURATED = 1;

/** In FWHM: wide enough that the star itself stays visible inside. */
const RADIUS = 1.5;
/** Screen pixels below which a ring could not be told from the star. */
const LEAST_RADIUS = 5;
/** px; stars whose width is not known get a ring of a usual one. */
const USUAL_FWHM = 3;

/** A ring around each measured star, as elongated as the star; dashed where it is saturated and its width does not count. */
export function StarMarks({ stars, scale }: { stars: StarColumns; scale: number }) {
  const least = LEAST_RADIUS / Math.max(scale, 1e-6);
  return (
    <g className="star-marks">
      {stars.x.map((x, index) => {
        const y = stars.y[index] ?? 0;
        const long = Math.max(RADIUS * (stars.fwhm[index] || USUAL_FWHM), least);
        const eccentricity = Math.min(stars.eccentricity[index] ?? 0, 0.98);
        const short = long * Math.sqrt(1 - eccentricity ** 2);
        const saturated = ((stars.flags[index] ?? 0) & SATURATED) !== 0;
        return (
          <ellipse
            key={`${x},${y}`}
            className={saturated ? "star-mark star-saturated" : "star-mark"}
            rx={long}
            ry={short}
            transform={`translate(${x + 0.5} ${y + 0.5}) rotate(${stars.angle[index] ?? 0})`}
          />
        );
      })}
    </g>
  );
}
