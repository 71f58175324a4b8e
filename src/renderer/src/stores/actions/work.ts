import { type NebuliftError, toNebuliftError } from "../../../../shared/errors.ts";
import { IDLE, type RunningWork, workStore } from "../work.ts";

let controller: AbortController | null = null;

/** Runs one piece of work that the user can stop; null when another one is still running. What goes wrong is returned, not thrown. */
export async function runWork<T>(
  work: Omit<RunningWork, "stopping">,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<{ value: T } | { error: NebuliftError } | null> {
  if (workStore.getState().running !== null) return null;
  controller = new AbortController();
  workStore.setState({ ...IDLE, running: { ...work, stopping: false } });
  try {
    return { value: await run(controller.signal) };
  } catch (thrown) {
    return { error: toNebuliftError(thrown) };
  } finally {
    controller = null;
    workStore.setState(IDLE);
  }
}

/** Main ends after the file that it is at; the call then comes back as called off. */
export function stopWork(): void {
  const { running } = workStore.getState();
  if (running === null) return;
  workStore.setState({ running: { ...running, stopping: true } });
  controller?.abort();
}
