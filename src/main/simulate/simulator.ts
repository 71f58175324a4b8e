import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { codeOfSystemError, NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import type { SimulateArguments } from "./options.ts";
import type { SimulatorMessage } from "./worker.ts";
import type { WriteOptions } from "./write.ts";

/**
 * A simulated night in a folder of its own, written on another thread unless it was written before. The folder appears
 * under its name only once it is whole; what an earlier try left half-done is taken away. Throws `output-unwritable`,
 * `disk-full`, `cancelled`, `worker-crashed`.
 */
export async function simulatedNight(workerUrl: URL, folder: string, given: SimulateArguments, options: WriteOptions = {}): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.unfinished`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await written(workerUrl, unfinished, given, options);
    await rename(unfinished, folder);
  } catch (error) {
    // Where it cannot be taken away either, the next try says so again.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof NebuliftError) throw error;
    throw new NebuliftError(codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable", folder, error);
  }
}

function written(workerUrl: URL, folder: string, given: SimulateArguments, { signal, onProgress }: WriteOptions): Promise<void> {
  return new Promise((done, fail) => {
    if (signal?.aborted) throw new NebuliftError("cancelled", folder);
    const worker = new Worker(workerUrl, { workerData: { folder, given } });
    const stop = () => worker.postMessage("stop");
    signal?.addEventListener("abort", stop, { once: true });
    worker.on("message", (message: SimulatorMessage) => {
      if ("written" in message) onProgress?.(message.written, message.total);
      else if (message.ended === null) done();
      else fail(NebuliftError.fromEnvelope(message.ended));
    });
    worker.on("error", (error) => fail(toNebuliftError(error, "worker-crashed")));
    worker.on("exit", () => {
      signal?.removeEventListener("abort", stop);
      // After an answer this changes nothing.
      fail(new NebuliftError("worker-crashed", "the night was not written to its end"));
    });
  });
}
