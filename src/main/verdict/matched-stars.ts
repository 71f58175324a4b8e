import { GRID_COLUMNS, GRID_ROWS, type Measurement, type StarList } from "../../shared/domain.ts";
import { positionsOf, ReferenceField, type Registration, register } from "./registration.ts";

export const SATURATED_OR_BLENDED = 0b11;
const AT_BORDER = 0b100;
const PHOTOMETRIC_SNR = 12;

/** A night is judged again with every batch of frames that arrives; what two lists have in common stays the same. */
const registrations = new WeakMap<StarList, { field: ReferenceField; of: WeakMap<StarList, Registration | null> }>();

function registered(reference: StarList, list: StarList): Registration | null {
  let known = registrations.get(reference);
  if (!known) {
    known = { field: new ReferenceField(positionsOf(reference)), of: new WeakMap() };
    registrations.set(reference, known);
  }
  let found = known.of.get(list);
  if (found === undefined) {
    found = register(known.field, positionsOf(list));
    known.of.set(list, found);
  }
  return found;
}

/** A frame that shows the field, and its matched stars that can be measured, as columns. */
export interface Member {
  index: number;
  measurement: Measurement;
  found: Registration;
  /** Index in the reference, and the cell of the frame's grid. */
  star: Int32Array;
  cell: Uint8Array;
  /** Natural log of ADU, and its error. */
  logFlux: Float64Array;
  error: Float64Array;
}

/** The candidates that show the field of the frame `seed`, itself among them. */
export function registerField(frames: readonly Measurement[], candidates: Set<number>, seed: number): Member[] {
  const { list } = frames[seed];
  const members: Member[] = [];
  for (const index of candidates) {
    const found = index === seed ? identity(list.x.length) : registered(list, frames[index].list);
    if (found) members.push(memberOf(index, frames[index], found, list));
  }
  return members;
}

function identity(count: number): Registration {
  const same = Int32Array.from({ length: count }, (_, i) => i);
  return { transform: { a: 1, b: 0, dx: 0, dy: 0, mirror: 1 }, pairs: { reference: same, frame: same, count }, rms: 0 };
}

function memberOf(index: number, measurement: Measurement, found: Registration, reference: StarList): Member {
  const { width, height, list } = measurement;
  const { pairs } = found;
  const star = new Int32Array(pairs.count);
  const cell = new Uint8Array(pairs.count);
  const logFlux = new Float64Array(pairs.count);
  const error = new Float64Array(pairs.count);
  let count = 0;
  for (let k = 0; k < pairs.count; k++) {
    const j = pairs.frame[k];
    if (!usable(list.flags[j]) || list.snr[j] < PHOTOMETRIC_SNR || !(list.flux[j] > 0)) continue;
    if (!Number.isFinite(list.flux[j]) || !Number.isFinite(reference.flux[pairs.reference[k]])) continue;
    star[count] = pairs.reference[k];
    cell[count] = cellOf(list.x[j], list.y[j], width, height);
    logFlux[count] = Math.log(list.flux[j]);
    error[count++] = 1 / list.snr[j];
  }
  return {
    index,
    measurement,
    found,
    star: star.subarray(0, count),
    cell: cell.subarray(0, count),
    logFlux: logFlux.subarray(0, count),
    error: error.subarray(0, count),
  };
}

function usable(flags: number): boolean {
  return (flags & (SATURATED_OR_BLENDED | AT_BORDER)) === 0;
}

/** Cell of a position in a frame of that size. */
export function cellOf(x: number, y: number, width: number, height: number): number {
  const column = Math.min(GRID_COLUMNS - 1, Math.max(0, Math.floor((x / width) * GRID_COLUMNS)));
  const row = Math.min(GRID_ROWS - 1, Math.max(0, Math.floor((y / height) * GRID_ROWS)));
  return row * GRID_COLUMNS + column;
}
