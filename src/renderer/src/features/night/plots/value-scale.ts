/** Values at the foot and at the top of a plot. */
export type ValueScale = readonly [low: number, high: number];

/**
 * Spans the night's bulk, so that one ruined frame does not press all others flat: 2.5 times the distance from the median to the
 * 10th and 90th percentile, where values go that far. Limits that lie near are taken in; null without any value.
 */
export function valueScale(values: readonly number[], limits: readonly number[]): ValueScale | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const median = at(0.5);
  let high = Math.min(at(1), median + 2.5 * Math.max(at(0.9) - median, Math.abs(median) * 0.05));
  let low = Math.max(at(0), median - 2.5 * Math.max(median - at(0.1), Math.abs(median) * 0.05));
  const near = Math.max(high - low, Math.abs(median) * 0.1) * 1.5;
  for (const limit of limits) {
    if (limit > high && limit <= high + near) high = limit;
    if (limit < low && limit >= low - near) low = limit;
  }
  const margin = Math.max((high - low) * 0.08, Math.abs(median) * 0.01, Number.MIN_VALUE);
  return [low - margin, high + margin];
}

/** Two or three round values within the scale. */
export function roundValues([low, high]: ValueScale, most: number): number[] {
  const step = roundStep((high - low) / most);
  const values: number[] = [];
  for (let index = Math.ceil(low / step); index * step <= high; index += 1) values.push(Number((index * step).toPrecision(12)));
  return values;
}

/** The next of 1, 2, 5, 10 … times a power of ten. */
export function roundStep(least: number): number {
  if (!(least > 0) || !Number.isFinite(least)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** To a step that is hardly seen on the plot, so that a limit gets a number that people can read out. */
export function tidy(value: number, [low, high]: ValueScale): number {
  const step = roundStep((high - low) / 250);
  return Number((Math.round(value / step) * step).toPrecision(10));
}
