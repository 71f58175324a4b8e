import type { Positions, Transform } from "./neighbour-grid.ts";

/** The brightest stars of each list vote. */
const VOTERS = 40;
/** Of a bin, px. */
const BIN = 24;
/** Each pair of stars votes in four bins: at most two fifths of the table are taken, which keeps searches short. */
const SLOTS = 16384;
const HASH_SHIFT = 32 - Math.log2(SLOTS);
const LEAST_VOTES = 3;

/** Votes per bin in an open-addressed table, used again for every pair of lists. */
const votes = new Int32Array(SLOTS);
const bins = new Int32Array(SLOTS);
/** Bins in each direction that have numbers of their own; no sensor is so large that shifts reach beyond. */
const FARTHEST = 16383;

/** Most common shift between the brightest stars of two lists, `half` -1: after half a turn; in bins that overlap by half. */
export function shiftByVotes(reference: Positions, frame: Positions, half: 1 | -1): Transform | null {
  const n = Math.min(VOTERS, reference.length);
  const m = Math.min(VOTERS, frame.length);
  votes.fill(0);
  let most = 0;
  let [bestColumn, bestRow] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const column = Math.floor((reference.x[i] - half * frame.x[j]) / BIN);
      const row = Math.floor((reference.y[i] - half * frame.y[j]) / BIN);
      if (!(Math.abs(column) < FARTHEST && Math.abs(row) < FARTHEST)) continue;
      for (let k = 0; k < 4; k++) {
        const count = vote(column + (k & 1), row + (k >> 1));
        if (count <= most) continue;
        most = count;
        bestColumn = column + (k & 1);
        bestRow = row + (k >> 1);
      }
    }
  }
  return most < LEAST_VOTES ? null : meanShift(reference, frame, half, bestColumn, bestRow);
}

/** Votes that the bin has with this one. */
function vote(column: number, row: number): number {
  const bin = (column << 16) | (row & 0xffff);
  let slot = Math.imul(bin, 0x9e3779b1) >>> HASH_SHIFT;
  while (votes[slot] > 0 && bins[slot] !== bin) slot = (slot + 1) & (SLOTS - 1);
  bins[slot] = bin;
  return ++votes[slot];
}

/** Mean of the shifts that voted for a bin. */
function meanShift(reference: Positions, frame: Positions, half: 1 | -1, column: number, row: number): Transform {
  let [count, x, y] = [0, 0, 0];
  for (let i = 0; i < Math.min(VOTERS, reference.length); i++) {
    for (let j = 0; j < Math.min(VOTERS, frame.length); j++) {
      const dx = reference.x[i] - half * frame.x[j];
      const dy = reference.y[i] - half * frame.y[j];
      const [left, below] = [column - Math.floor(dx / BIN), row - Math.floor(dy / BIN)];
      if ((left !== 0 && left !== 1) || (below !== 0 && below !== 1)) continue;
      count++;
      x += dx;
      y += dy;
    }
  }
  return { a: half, b: 0, dx: x / count, dy: y / count, mirror: 1 };
}
