import type { FrameRow } from "../../../../shared/contract.ts";
import { toNebuliftError } from "../../../../shared/errors.ts";
import { call } from "../../bridge.ts";
import { detailStore, withDetail } from "../detail.ts";

/** Asks main about a frame unless its answer is here; what goes wrong is shown beside the frame, because the frame can do without. */
export async function needDetail(row: FrameRow, signal: AbortSignal): Promise<void> {
  const before = detailStore.getState().known.get(row.id);
  if (before?.row === row && before.error === null) return;
  try {
    const detail = await call("frame.detail", { id: row.id }, signal);
    detailStore.setState(({ known }) => ({ known: withDetail(known, row.id, { row, detail, error: null }) }));
  } catch (thrown) {
    const error = toNebuliftError(thrown);
    if (signal.aborted || error.code === "cancelled") return;
    const detail = before?.detail ?? null;
    detailStore.setState(({ known }) => ({ known: withDetail(known, row.id, { row, detail, error: error.toEnvelope() }) }));
  }
}
