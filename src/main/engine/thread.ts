import { Worker } from "node:worker_threads";
import { type ErrorCode, NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import type { Job, JobOf, Outcomes, Reply, Request, ThreadSetup } from "./protocol.ts";

export interface ThreadOptions {
  /** The module a thread runs: engine/worker.ts in the source tree, worker.js beside the built program. */
  workerUrl: URL;
  /** JavaScript heap of one thread, MB; a frame that needs more costs itself and nothing else. */
  heapMegabytes: number;
  /** How long a cancelled job may take to stop by itself before its thread is ended, ms. */
  graceMs: number;
}

interface Running {
  id: number;
  resolve(outcome: Outcomes[keyof Outcomes]): void;
  reject(error: NebuliftError): void;
  /** Removes timers and listeners of this job. */
  release(): void;
}

/**
 * One measuring thread and the job it works on. It ends itself (`alive` false) after a crash, a hang, a trap or a
 * cancelled job that does not stop; whoever owns it then makes another. A job is answered exactly once, whatever happens.
 */
export class MeasuringThread {
  /** Bytes the thread held outside the JavaScript heap after its last job. */
  memory = 0;
  private readonly worker: Worker;
  private readonly cancelled: Int32Array<SharedArrayBuffer>;
  private readonly graceMs: number;
  private running: Running | null = null;
  private ended = false;
  private up = false;
  private fault: NebuliftError | null = null;
  private nextId = 1;

  /** `onEnd` is called once, when the thread can take no further job. */
  constructor(options: ThreadOptions, onEnd: () => void) {
    this.graceMs = options.graceMs;
    this.cancelled = new Int32Array(new SharedArrayBuffer(4));
    const setup: ThreadSetup = { cancelled: this.cancelled };
    this.worker = new Worker(options.workerUrl, {
      name: "nebulift-measure",
      workerData: setup,
      // Flags of the host (a test runner's loaders, Electron's switches) are not for the threads.
      execArgv: [],
      // A small nursery keeps a thread's memory flat: with the default one it rose by 35 MB after some 500 frames, once in each thread.
      resourceLimits: { maxOldGenerationSizeMb: options.heapMegabytes, maxYoungGenerationSizeMb: 16 },
    });
    this.worker.on("message", (reply: Reply) => this.hear(reply));
    this.worker.on("messageerror", (error) => this.end(new NebuliftError("worker-crashed", "its answer could not be read", error)));
    this.worker.on("error", (error) => {
      this.fault = crashOf(error);
    });
    this.worker.on("exit", (code) => {
      this.end(this.fault ?? new NebuliftError("worker-crashed", `exit code ${code}`));
      onEnd();
    });
    // An idle thread keeps no process alive.
    this.worker.unref();
  }

  get alive(): boolean {
    return !this.ended;
  }

  /** Whether it ever came up: a thread that dies before that says nothing about the frame it was meant for. */
  get started(): boolean {
    return this.up;
  }

  /**
   * Does one job. Rejects with the job's own NebuliftError, with `cancelled` when the signal says so (at the latest after
   * `graceMs`), with `worker-crashed` when the thread dies or gives no answer within `limitMs`, with `out-of-memory`.
   */
  run<K extends Job["kind"]>(job: JobOf<K>, limitMs: number, signal: AbortSignal | null): Promise<Outcomes[K]> {
    if (this.ended || this.running !== null) throw new NebuliftError("internal", "a job was given to a thread that cannot take it");
    const { promise, resolve, reject } = Promise.withResolvers<Outcomes[keyof Outcomes]>();
    const id = this.nextId++;
    const watchdog = setTimeout(() => {
      this.end(new NebuliftError("worker-crashed", `no result after ${Math.round(limitMs / 1000)} s`));
    }, limitMs);
    let grace: NodeJS.Timeout | undefined;
    const giveUp = () => {
      Atomics.store(this.cancelled, 0, id);
      this.say({ type: "cancel", id });
      grace = setTimeout(() => this.end(new NebuliftError("cancelled", "")), this.graceMs);
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    const release = () => {
      clearTimeout(watchdog);
      clearTimeout(grace);
      signal?.removeEventListener("abort", giveUp);
      this.worker.unref();
    };
    this.running = { id, resolve, reject, release };
    this.worker.ref();
    this.say({ type: "job", id, job });
    if (signal?.aborted) giveUp();
    return promise as Promise<Outcomes[K]>;
  }

  /** Ends the thread; a job in flight is rejected as cancelled. Resolves when it is gone, or after a second if it is stuck in the system. */
  async stop(): Promise<void> {
    this.end(new NebuliftError("cancelled", "the engine was closed"));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 1000);
    });
    await Promise.race([this.worker.terminate(), patience]);
    clearTimeout(timer);
  }

  private say(request: Request): void {
    this.worker.postMessage(request);
  }

  private hear(reply: Reply): void {
    if (reply.type === "ready") {
      this.up = true;
      return;
    }
    const running = this.running;
    if (running === null || reply.id !== running.id) return;
    this.running = null;
    this.memory = reply.memory;
    running.release();
    if (reply.type === "done") {
      running.resolve(reply.outcome);
      return;
    }
    const error = NebuliftError.fromEnvelope(reply.error);
    if (reply.unsound) this.end(error);
    running.reject(error);
  }

  private end(error: NebuliftError): void {
    if (this.ended) return;
    this.ended = true;
    const running = this.running;
    this.running = null;
    running?.release();
    running?.reject(error);
    // Not waited for: a thread stuck in a system call (a drive that is gone) ends only when that call does.
    void this.worker.terminate();
  }
}

function crashOf(error: unknown): NebuliftError {
  const known = toNebuliftError(error, "worker-crashed");
  const code: ErrorCode = known.code === "out-of-memory" ? "out-of-memory" : "worker-crashed";
  return new NebuliftError(code, known.detail, error);
}
