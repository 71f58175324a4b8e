import { parentPort, workerData } from "node:worker_threads";
import { toNebuliftError } from "../../shared/errors.ts";
import { type SimulateArguments, simulateOptions } from "./options.ts";
import { planNight } from "./plan.ts";
import { writeNight } from "./write.ts";

/** What the thread says: how far it is, then how it ended. */
export type SimulatorMessage =
  | { written: number; total: number }
  | { ended: ReturnType<ReturnType<typeof toNebuliftError>["toEnvelope"]> | null };

/** Writes one night on a thread of its own: rendering a frame keeps whoever does it busy for a tenth of a second. */
async function work({ folder, given }: { folder: string; given: SimulateArguments }): Promise<void> {
  const say = (message: SimulatorMessage) => parentPort?.postMessage(message);
  const stop = new AbortController();
  parentPort?.once("message", () => stop.abort());
  try {
    const { spec, seed } = simulateOptions(given);
    await writeNight(planNight(spec, seed), folder, { signal: stop.signal, onProgress: (written, total) => say({ written, total }) });
    say({ ended: null });
  } catch (error) {
    say({ ended: toNebuliftError(error).toEnvelope() });
  } finally {
    parentPort?.close();
  }
}

void work(workerData);
