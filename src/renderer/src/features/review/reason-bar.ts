/** Where a frame lies between what the night has and what the limit allows, as shares of a bar. */
export interface ReasonBarPlaces {
  /** 0..1 from the left. */
  value: number;
  night: number | null;
  limit: number | null;
  /** On which side of the limit harm lies. */
  harm: "left" | "right" | null;
}

/** Where a limit's harm lies. */
export type Beyond = "above" | "below";

/** The bar's ends stay clear of what is marked, so that marks are whole. */
const MARGIN = 0.08;

/**
 * Places on one bar. It reaches from the least to the largest of the three numbers; where there are but value and limit,
 * zero is the third: most of our metrics have their best or worst there.
 */
export function reasonBar(value: number, night: number | null, limit: number | null, beyond: Beyond | null): ReasonBarPlaces | null {
  const marks = [value, night, limit].filter((mark) => mark !== null);
  if (marks.length < 2) return null;
  if (marks.length === 2 && night === null) marks.push(0);
  const [least, most] = [Math.min(...marks), Math.max(...marks)];
  const place = (mark: number): number => (most === least ? 0.5 : MARGIN + ((mark - least) / (most - least)) * (1 - 2 * MARGIN));
  // Where nobody says so, harm lies on the limit's far side from the night.
  const side = beyond ?? (night === null || limit === null || night === limit ? null : limit > night ? "above" : "below");
  const harm = limit === null || side === null ? null : side === "above" ? "right" : "left";
  return { value: place(value), night: night === null ? null : place(night), limit: limit === null ? null : place(limit), harm };
}
