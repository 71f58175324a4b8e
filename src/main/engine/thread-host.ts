import { getHeapStatistics } from "node:v8";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import type { Job, Outcomes, Reply, Request, ThreadSetup } from "./protocol.ts";

/** How a job learns that nobody wants its result any more. */
export interface Giveup {
  /** For work that waits. */
  signal: AbortSignal;
  /** For work that computes and never returns to the event loop: throws `cancelled` when the job was given up. */
  check(): void;
}

export interface Finished {
  outcome: Outcomes[keyof Outcomes];
  /** Buffers that are handed over instead of copied. */
  transfer: ArrayBuffer[];
}

export type Perform = (job: Job, giveup: Giveup) => Promise<Finished>;

/** Runs inside a measuring thread: takes jobs from the engine one by one and answers each exactly once. */
export function serveJobs(perform: Perform): void {
  const port = parentPort;
  if (port === null) throw new NebuliftError("internal", "a measuring thread was started outside the engine");
  const { cancelled } = workerData as ThreadSetup;
  let current: { id: number; controller: AbortController } | null = null;
  port.on("message", (request: Request) => {
    if (request.type === "cancel") {
      if (current?.id === request.id) current.controller.abort(new NebuliftError("cancelled", ""));
      return;
    }
    const controller = new AbortController();
    const job = { id: request.id, controller };
    current = job;
    const giveup: Giveup = {
      signal: controller.signal,
      check: () => {
        if (Atomics.load(cancelled, 0) === request.id) throw new NebuliftError("cancelled", "");
      },
    };
    void answer(port, request.id, () => perform(request.job, giveup));
  });
  say(port, { type: "ready" });
}

async function answer(port: MessagePort, id: number, work: () => Promise<Finished>): Promise<void> {
  try {
    const { outcome, transfer } = await work();
    say(port, { type: "done", id, outcome, memory: heldOutsideHeap() }, transfer);
  } catch (error) {
    say(port, { type: "failed", id, error: toNebuliftError(error).toEnvelope(), memory: heldOutsideHeap(), unsound: isUnsound(error) });
  }
}

function say(port: MessagePort, reply: Reply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(reply, transfer);
}

/** WebAssembly memories and array buffers of this thread, bytes. */
function heldOutsideHeap(): number {
  return getHeapStatistics().external_memory;
}

/** A trap leaves a kernel's memory half written, and anything thrown that we did not foresee may have done the same. */
function isUnsound(error: unknown): boolean {
  return !(error instanceof NebuliftError) || error.code === "internal" || error.code === "out-of-memory";
}
