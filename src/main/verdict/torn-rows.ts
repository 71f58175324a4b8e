/** A stretch of rows in which every star is gone that should be there. */
export interface StarlessRows {
  /** First and last row of the missing stars, px. */
  from: number;
  to: number;
  /** How many are missing there, one row after another. */
  missing: number;
  /** How many stars the frame shows there that belong elsewhere: behind a roof there are none. */
  strangers: number;
}

/** So many in a row are no accident of blends, and chance must not explain them in any of a night's frames. */
const LEAST = 6;
const BY_CHANCE = 1e-4;

/**
 * The longest run of expected stars that are missing, ordered by row, if chance does not explain it: with a share q of the other
 * stars missing, n stars have such a run of length k with probability below n q^k. A download that slipped moves whole rows
 * sideways, where its stars are strangers, and leaves sky and noise as they were. `strangers` are the rows of the frame's stars
 * that match none of the reference.
 */
export function starlessRows(rows: ArrayLike<number>, missing: ArrayLike<number>, strangers: readonly number[] = []): StarlessRows | null {
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
  const [from, to] = [rows[order[best.at]], rows[order[best.at + best.length - 1]]];
  return { from, to, missing: best.length, strangers: strangers.filter((y) => y >= from && y <= to).length };
}
