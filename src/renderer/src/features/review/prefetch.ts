/** Offsets from the frame before the eyes, the likeliest next one first; most of them lie ahead. */
const AHEAD = [1, 2, -1, 3, 4, 5, -2];

/** Places in the queue whose pictures are made beforehand, the likeliest first; `way` is the direction of travel. */
export function placesToPrefetch(at: number, count: number, way: 1 | -1): number[] {
  return AHEAD.map((offset) => at + offset * way).filter((place) => place >= 0 && place < count);
}
