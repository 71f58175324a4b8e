import { toNebuliftError } from "../../../../shared/errors.ts";
import { viewStore } from "../view.ts";

/** Actions never throw: what goes wrong is shown. A user who called something off knows it already. */
export async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = toNebuliftError(thrown);
    if (error.code !== "cancelled") viewStore.setState({ trouble: error.toEnvelope() });
  }
}
