import type { Positions, Transform } from "./neighbour-grid.ts";

/** The brightest stars of each list vote. */
const VOTERS = 40;
/** Of a bin, px. */
const BIN = 24;
/** Each pair of stars votes in four bins; a table four times as large as all of them keeps the searches short. */
const SLOTS = 32768;
const LEAST_VOTES = 3;

/** Votes per bin in an open-addressed table; the sums are of the shifts that voted. Used again for every pair of lists. */
const table = {
  votes: new Int32Array(SLOTS),
  column: new Float64Array(SLOTS),
  row: new Float64Array(SLOTS),
  dx: new Float64Array(SLOTS),
  dy: new Float64Array(SLOTS),
};

/** Most common shift between the brightest stars of two lists, `half` -1: after half a turn; in bins that overlap by half. */
export function shiftByVotes(reference: Positions, frame: Positions, half: 1 | -1): Transform | null {
  const n = Math.min(VOTERS, reference.length);
  const m = Math.min(VOTERS, frame.length);
  table.votes.fill(0);
  let best = -1;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const dx = reference.x[i] - half * frame.x[j];
      const dy = reference.y[i] - half * frame.y[j];
      if (!Number.isFinite(dx + dy)) continue;
      const column = Math.floor(dx / BIN);
      const row = Math.floor(dy / BIN);
      for (let k = 0; k < 4; k++) {
        const slot = slotOf(column + (k & 1), row + (k >> 1));
        table.votes[slot]++;
        table.dx[slot] += dx;
        table.dy[slot] += dy;
        if (best < 0 || table.votes[slot] > table.votes[best]) best = slot;
      }
    }
  }
  if (best < 0 || table.votes[best] < LEAST_VOTES) return null;
  const votes = table.votes[best];
  return { a: half, b: 0, dx: table.dx[best] / votes, dy: table.dy[best] / votes, mirror: 1 };
}

/** The slot of a bin, cleared when nobody voted there yet. */
function slotOf(column: number, row: number): number {
  const { votes } = table;
  let slot = (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & (SLOTS - 1);
  while (votes[slot] > 0 && (table.column[slot] !== column || table.row[slot] !== row)) slot = (slot + 1) & (SLOTS - 1);
  if (votes[slot] === 0) {
    table.column[slot] = column;
    table.row[slot] = row;
    table.dx[slot] = 0;
    table.dy[slot] = 0;
  }
  return slot;
}
