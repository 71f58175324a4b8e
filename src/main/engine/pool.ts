import { NebuliftError } from "../../shared/errors.ts";
import type { Job, JobOf, Outcomes } from "./protocol.ts";
import { MeasuringThread, type ThreadOptions } from "./thread.ts";

export interface PoolOptions extends ThreadOptions {
  threads: number;
  /** A thread holding more than this after a job is replaced: WebAssembly memory grows but never shrinks. Bytes. */
  memoryLimit: number;
  /** Threads without work for this long are ended, ms. */
  idleMs: number;
}

export interface Order {
  /**
   * Urgent jobs (someone is looking at the screen) overtake everything that has not begun; among them first those that
   * say so whenever a thread comes free: people look elsewhere while jobs wait. Null for the batch's.
   */
  urgent: (() => boolean) | null;
  limitMs: number;
  signal: AbortSignal | null;
  onStart: (() => void) | null;
  /** Jobs of one batch share one; at most `limit` of them run at a time. */
  share: Share | null;
}

export interface Share {
  limit: number;
  running: number;
}

interface Waiting {
  job: Job;
  order: Order;
  resolve(outcome: Outcomes[keyof Outcomes]): void;
  reject(error: unknown): void;
  forget(): void;
}

/** Threads that share one queue. Threads are made when there is work, and made anew when one is lost. */
export class Pool {
  private readonly options: PoolOptions;
  private readonly idle: MeasuringThread[] = [];
  private readonly threads = new Set<MeasuringThread>();
  private readonly urgent: Waiting[] = [];
  private readonly ordinary: Waiting[] = [];
  /** Fewer than asked for when the system refuses to start as many. */
  private capacity: number;
  private closed = false;
  private idleTimer: NodeJS.Timeout | null = null;

  constructor(options: PoolOptions) {
    this.options = options;
    this.capacity = options.threads;
  }

  get size(): number {
    return this.capacity;
  }

  /** Starts the threads ahead of the first job; returns how many were not there yet. */
  warm(): number {
    if (this.closed) return 0;
    const missing = Math.max(0, this.capacity - this.threads.size);
    for (let thread = 0; thread < missing; thread++) this.idle.push(this.start());
    this.watchIdleness();
    return missing;
  }

  /** Rejects as MeasuringThread.run does; `internal` when no thread can be started at all, `cancelled` once closed. */
  submit<K extends Job["kind"]>(job: JobOf<K>, order: Order): Promise<Outcomes[K]> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcomes[keyof Outcomes]>();
    if (this.closed || order.signal?.aborted) {
      reject(new NebuliftError("cancelled", this.closed ? "the engine was closed" : ""));
    } else {
      const queue = order.urgent !== null ? this.urgent : this.ordinary;
      const drop = () => {
        const at = queue.indexOf(waiting);
        if (at >= 0) queue.splice(at, 1);
        reject(new NebuliftError("cancelled", ""));
      };
      const forget = () => order.signal?.removeEventListener("abort", drop);
      const waiting: Waiting = { job, order, resolve, reject, forget };
      order.signal?.addEventListener("abort", drop, { once: true });
      queue.push(waiting);
      this.pump();
    }
    return promise as Promise<Outcomes[K]>;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    for (const waiting of [...this.urgent.splice(0), ...this.ordinary.splice(0)]) {
      waiting.forget();
      waiting.reject(new NebuliftError("cancelled", "the engine was closed"));
    }
    await Promise.all([...this.threads].map((thread) => thread.stop()));
  }

  private pump(): void {
    while (!this.closed) {
      if (this.idle.length === 0 && this.threads.size >= this.capacity) return;
      const waiting = this.nextUrgent() ?? this.nextOrdinary();
      if (waiting === undefined) return;
      waiting.forget();
      void this.perform(waiting, this.idle.pop() ?? this.start());
    }
  }

  private nextUrgent(): Waiting | undefined {
    const at = this.urgent.findIndex(({ order }) => order.urgent?.());
    return this.urgent.splice(Math.max(0, at), 1)[0];
  }

  private nextOrdinary(): Waiting | undefined {
    const at = this.ordinary.findIndex(({ order }) => order.share === null || order.share.running < order.share.limit);
    return at < 0 ? undefined : this.ordinary.splice(at, 1)[0];
  }

  private async perform(waiting: Waiting, thread: MeasuringThread): Promise<void> {
    const { job, order } = waiting;
    if (order.share !== null) order.share.running++;
    try {
      order.onStart?.();
      waiting.resolve(await thread.run(job, order.limitMs, order.signal));
    } catch (error) {
      this.lost(waiting, thread, error);
    } finally {
      if (order.share !== null) order.share.running--;
      this.giveBack(thread);
      this.pump();
    }
  }

  /** A thread that never came up is no fault of its frame: that frame goes to another thread, while there is one. */
  private lost(waiting: Waiting, thread: MeasuringThread, error: unknown): void {
    if (thread.alive || thread.started || waiting.order.signal?.aborted || this.closed) {
      waiting.reject(error);
      return;
    }
    this.threads.delete(thread);
    const others = [...this.threads].some(({ alive, started }) => alive && started);
    if (others) {
      this.capacity = Math.max(1, this.threads.size);
      this.urgent.unshift(waiting);
    } else {
      const detail = error instanceof NebuliftError ? error.detail : String(error);
      waiting.reject(new ThreadsUnavailable(detail, error));
    }
  }

  private giveBack(thread: MeasuringThread): void {
    if (thread.alive && thread.memory > this.options.memoryLimit) void thread.stop();
    if (!thread.alive || this.closed) {
      this.threads.delete(thread);
      return;
    }
    this.idle.push(thread);
    this.watchIdleness();
  }

  private start(): MeasuringThread {
    const thread: MeasuringThread = new MeasuringThread(this.options, () => {
      this.threads.delete(thread);
      const at = this.idle.indexOf(thread);
      if (at >= 0) this.idle.splice(at, 1);
    });
    this.threads.add(thread);
    return thread;
  }

  private watchIdleness(): void {
    if (this.idleTimer !== null) {
      this.idleTimer.refresh();
      return;
    }
    this.idleTimer = setTimeout(() => {
      this.idleTimer = null;
      for (const thread of this.idle.splice(0)) {
        this.threads.delete(thread);
        void thread.stop();
      }
    }, this.options.idleMs);
    this.idleTimer.unref();
  }
}

/** No measuring thread can be started on this computer: every further frame would fail the same way. */
export class ThreadsUnavailable extends NebuliftError {
  constructor(detail: string, cause: unknown) {
    super("internal", `measuring threads do not start: ${detail}`, cause);
  }
}
