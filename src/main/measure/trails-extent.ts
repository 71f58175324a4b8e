/**
 * Finds the lit stretches of a row-by-row amplitude by maximum likelihood: a row speaks for "lit at `level`" against "dark" with
 * (v - level/2) level / sigma^2, limited so that no single star decides; the stretch with the highest sum is lit. Then the same
 * on what remains beside it. Stretches shorter than `shortest` rows are stars.
 */
export function litStretches(values: Float32Array, sigma: number, level: number, shortest: number, least: number): [number, number][] {
  const scores = new Float64Array(values.length);
  // A faint trail gains little per row; a star on its path must not count as many rows.
  const most = Math.max(1, Math.min(3, (4 * level * level) / (sigma * sigma)));
  for (let r = 0; r < values.length; r++) {
    const v = Math.max(-3 * sigma, Math.min(values[r], level + 3 * sigma));
    scores[r] = Math.max(-most, Math.min(((v - level / 2) * level) / (sigma * sigma), most));
  }
  const found: [number, number][] = [];
  collect(scores, 0, scores.length, shortest, least, found, 0);
  return found.sort((a, b) => a[0] - b[0]);
}

function collect(
  scores: Float64Array,
  from: number,
  to: number,
  shortest: number,
  least: number,
  found: [number, number][],
  depth: number,
): void {
  if (to - from < shortest || depth > 40) return;
  let [sum, start, best, bestFrom, bestTo] = [0, from, 0, from, from];
  for (let r = from; r < to; r++) {
    if (sum <= 0) {
      sum = 0;
      start = r;
    }
    sum += scores[r];
    if (sum > best) [best, bestFrom, bestTo] = [sum, start, r + 1];
  }
  if (best < least) return;
  if (bestTo - bestFrom >= shortest) found.push([bestFrom, bestTo]);
  collect(scores, from, bestFrom, shortest, least, found, depth + 1);
  collect(scores, bestTo, to, shortest, least, found, depth + 1);
}

/**
 * Extends the outer stretches to the ends of the rows where nothing says that the trail stops before: what lies between is lit by
 * half at least, or too short to tell.
 */
export function reachEnds(stretches: [number, number][], values: Float32Array, sigma: number, level: number): void {
  const goesOn = (from: number, to: number) => {
    const rows = to - from;
    if (rows <= 0) return false;
    let sum = 0;
    for (let r = from; r < to; r++) sum += Math.max(-3 * sigma, Math.min(values[r], level + 3 * sigma));
    const error = sigma / Math.sqrt(rows);
    return error > 0.4 * level ? sum / rows > -error : sum / rows > 0.5 * level && rows < 0.2 * values.length;
  };
  const last = stretches.length - 1;
  if (goesOn(0, stretches[0][0])) stretches[0][0] = 0;
  if (goesOn(stretches[last][1], values.length)) stretches[last][1] = values.length;
}

/** Medians of consecutive blocks of rows within a range. */
export function blockMedians(values: Float32Array, from: number, to: number, rows: number): Float64Array {
  const count = Math.max(1, Math.floor((to - from) / rows));
  const medians = new Float64Array(count);
  for (let b = 0; b < count; b++) {
    const end = b === count - 1 ? to : from + (b + 1) * rows;
    const part = values.slice(from + b * rows, end).sort();
    medians[b] = part.length > 0 ? part[part.length >> 1] : 0;
  }
  return medians;
}

export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = new Float64Array(values).sort();
  return sorted.length > 0 ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : 0;
}
