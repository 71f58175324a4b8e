/** A stretch of rows in which every star is gone that should be there. */
export interface StarlessRows {
  /** First and last row of the missing stars, px. */
  from: number;
  to: number;
  /** How many are missing there, one row after another. */
  missing: number;
}

/** So many in a row are no accident of blends, and chance must not explain them in any of a night's frames. */
const LEAST = 6;
const BY_CHANCE = 1e-4;

/**
 * The longest run of expected stars that are missing, ordered by row, if chance does not explain it: with a share q of the other
 * stars missing, n stars have such a run of length k with probability below n q^k. A download that slipped moves whole rows
 * sideways, where no star is found any more, and leaves sky and noise as they were.
 */
export function starlessRows(rows: ArrayLike<number>, missing: ArrayLike<number>): StarlessRows | null {
  const order = Array.from({ length: rows.length }, (_, i) => i).sort((a, b) => rows[a] - rows[b]);
  let best = { at: 0, length: 0 };
  let length = 0;
  let all = 0;
  order.forEach((star, i) => {
    length = missing[star] ? length + 1 : 0;
    all += missing[star] ? 1 : 0;
    if (length > best.length) best = { at: i - length + 1, length };
  });
  if (best.length < LEAST) return null;
  const others = order.length - best.length;
  const q = (all - best.length + 1) / (others + 2);
  if (order.length * q ** best.length > BY_CHANCE) return null;
  return { from: rows[order[best.at]], to: rows[order[best.at + best.length - 1]], missing: best.length };
}
