/** Where a frame lies between what the night has and what the limit allows, as shares of a bar's length. */
export interface ReasonBarPlaces {
  /** 0..1 from the left. */
  value: number;
  night: number | null;
  limit: number;
  /** On which side of the limit harm lies. */
  harm: "left" | "right" | null;
}

/** Where a limit's harm lies. */
export type Beyond = "above" | "below";

/** The bar's ends stay clear of what is marked, so that marks are whole. */
const MARGIN = 0.08;

/**
 * Places on one bar. It reaches from the least to the largest of the three numbers; where the night has none, zero is the
 * third: most of our metrics have their best or worst there. Without a limit there is nothing to be near or beyond.
 */
export function reasonBar(value: number, night: number | null, limit: number | null, beyond: Beyond | null): ReasonBarPlaces | null {
  if (limit === null) return null;
  const marks = [value, night ?? 0, limit];
  const [least, most] = [Math.min(...marks), Math.max(...marks)];
  const place = (mark: number): number => (most === least ? 0.5 : MARGIN + ((mark - least) / (most - least)) * (1 - 2 * MARGIN));
  // Where nobody says so, harm lies on the limit's far side from the night.
  const side = beyond ?? (night === null || night === limit ? null : limit > night ? "above" : "below");
  const harm = side === null ? null : side === "above" ? "right" : "left";
  return { value: place(value), night: night === null ? null : place(night), limit: place(limit), harm };
}
