import type { FrameRow } from "../../../../shared/contract.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";

/**
 * What a frame is compared with: the pinned one, else the best of its group. The frame itself never is, so beside the
 * pinned one stands the best.
 */
export function referenceFor(row: FrameRow, rows: readonly FrameRow[], pinned: string | null): FrameRow | null {
  if (pinned !== null && pinned !== row.id) {
    const chosen = rows.find(({ id }) => id === pinned);
    if (chosen !== undefined) return chosen;
  }
  let best: FrameRow | null = null;
  for (const other of rows) {
    if (other.id === row.id || other.frame.group === null || other.frame.group !== row.frame.group) continue;
    if (best === null || worth(other) > worth(best)) best = other;
  }
  return best;
}

/** Weight in the stack; what is not kept stands behind everything that is. */
function worth({ frame }: FrameRow): number {
  const weight = frame.measurements?.["weight"] ?? 0;
  return finalVerdict(frame) === "clean" ? 1e6 + weight : weight;
}
