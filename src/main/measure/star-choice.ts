import { cellOf } from "./grid.ts";

/**
 * Picks at most `most` of the candidates at (x, y), given brightest first, spread over the 8 x 6 grid: the brightest of every cell up
 * to an even share, then the brightest of the rest. Returns indices in ascending order, which is brightest first.
 */
export function spreadChoice({ x, y }: { x: Float32Array; y: Float32Array }, most: number, width: number, height: number): number[] {
  const count = x.length;
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  const share = Math.ceil(most / 48 / 1.5);
  const used = new Int32Array(48);
  const chosen: number[] = [];
  const rest: number[] = [];
  for (let i = 0; i < count; i++) {
    const cell = cellOf(x[i], y[i], width, height);
    if (used[cell] < share && chosen.length < most) {
      used[cell]++;
      chosen.push(i);
    } else rest.push(i);
  }
  chosen.push(...rest.slice(0, most - chosen.length));
  return chosen.sort((a, b) => a - b);
}
