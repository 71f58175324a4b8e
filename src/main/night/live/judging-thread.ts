import { Worker } from "node:worker_threads";
import type { Evidence, ReportFrame } from "../../../shared/domain.ts";
import { NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import type { GradedFrame } from "../report.ts";
import type { Answers, JudgedNews, JudgeQuestion, Question, Reply, Request, TryQuestion } from "./judge-protocol.ts";
import type { Trial } from "./trial.ts";

/** Frames that are handed over at once: copying them is a matter of a few milliseconds. */
const PORTION = 25;
/** A thread that died is started again this often. */
const RESTARTS = 1;
/** ms */
const PATIENCE = 1000;

interface Call {
  id: number;
  question: Question;
  /** Rows that came ahead of the answer. */
  rows: ReportFrame[];
  settled: boolean;
  resolve(answer: Answers[keyof Answers]): void;
  reject(error: NebuliftError): void;
}

/**
 * Judges an open night on another thread: judging thousands of frames takes seconds, and whoever decides or looks at a
 * frame meanwhile must not wait. Of judgings and of trials only the latest matters: an earlier one that waits is rejected
 * as `cancelled`. A thread that dies is started again with all that is known, once; then everything rejects as `worker-crashed`.
 */
export class JudgingThread {
  readonly #workerUrl: URL;
  /** All frames of the night: a new thread is told them again. */
  readonly #frames = new Map<string, GradedFrame>();
  /** What the thread does not know yet, by path; null for one that is gone. */
  readonly #toHand = new Map<string, GradedFrame | null>();
  readonly #waiting: Call[] = [];
  #running: Call | null = null;
  #handing = false;
  #worker: Worker;
  #restarts = 0;
  #nextId = 1;
  /** Why nothing is answered any more. */
  #ended: NebuliftError | null = null;

  constructor(workerUrl: URL) {
    this.#workerUrl = workerUrl;
    this.#worker = this.#start();
  }

  /** A new frame, or one that has changed. */
  hand(frame: GradedFrame): void {
    const { path, content, summary, measurement, error } = frame;
    const kept = { path, content, summary, measurement, error };
    this.#frames.set(path, kept);
    this.#toHand.set(path, kept);
    this.#goOn();
  }

  drop(path: string): void {
    this.#frames.delete(path);
    this.#toHand.set(path, null);
    this.#goOn();
  }

  judge(question: Omit<JudgeQuestion, "kind">): Promise<JudgedNews> {
    return this.#ask({ ...question, kind: "judge" });
  }

  /** Throws `bad-rules` as well. */
  try(question: Omit<TryQuestion, "kind">, signal?: AbortSignal): Promise<Trial> {
    return this.#ask({ ...question, kind: "try" }, signal);
  }

  evidence(file: string): Promise<Evidence[]> {
    return this.#ask({ kind: "evidence", file });
  }

  /** Ends it at once, whatever it works on. Resolves when it is gone. */
  async close(): Promise<void> {
    this.#endAll(new NebuliftError("cancelled", "the night was closed"));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE);
    });
    await Promise.race([this.#worker.terminate(), patience]);
    clearTimeout(timer);
  }

  #ask<K extends Question["kind"]>(question: Extract<Question, { kind: K }>, signal?: AbortSignal): Promise<Answers[K]> {
    const { promise, resolve, reject } = Promise.withResolvers<Answers[keyof Answers]>();
    if (this.#ended) reject(this.#ended);
    else {
      const call: Call = { id: this.#nextId++, question, rows: [], settled: false, resolve, reject };
      const giveUp = () => settle(call, () => reject(new NebuliftError("cancelled", "")));
      if (signal?.aborted) giveUp();
      else signal?.addEventListener("abort", giveUp, { once: true });
      this.#queue(call);
      this.#goOn();
    }
    return promise as Promise<Answers[K]>;
  }

  #queue(call: Call): void {
    const { kind } = call.question;
    // Somebody looks at a frame, and its evidence is at hand.
    if (kind === "evidence") this.#waiting.unshift(call);
    else {
      const at = this.#waiting.findIndex(({ question }) => question.kind === kind);
      if (at < 0) this.#waiting.push(call);
      else overtake(this.#waiting.splice(at, 1, call)[0]);
      // A judging that has begun is worth having; a trial that has begun answers what nobody asks any more.
      if (kind === "try" && this.#running?.question.kind === "try") overtake(this.#running);
    }
  }

  /** Hands over what the thread does not know yet, then asks what waits; a little at a time. */
  #goOn(): void {
    if (this.#ended || this.#handing) return;
    if (this.#toHand.size > 0) this.#handOver();
    if (this.#toHand.size > 0) {
      this.#handing = true;
      setImmediate(() => {
        this.#handing = false;
        this.#goOn();
      });
      return;
    }
    while (this.#running === null) {
      const next = this.#waiting.shift();
      if (!next) break;
      if (next.settled) continue;
      this.#running = next;
      this.#say({ type: "ask", id: next.id, question: next.question });
    }
    // A thread without a question keeps no process alive.
    if (this.#running) this.#worker.ref();
    else this.#worker.unref();
  }

  #handOver(): void {
    const frames: GradedFrame[] = [];
    const gone: string[] = [];
    for (const [path, frame] of this.#toHand) {
      if (frame) frames.push(frame);
      else gone.push(path);
      this.#toHand.delete(path);
      if (frames.length + gone.length === PORTION) break;
    }
    this.#say({ type: "frames", frames, gone });
  }

  #say(request: Request): void {
    this.#worker.postMessage(request);
  }

  #hear(reply: Reply): void {
    const call = this.#running;
    if (call === null || reply.id !== call.id) return;
    if (reply.type === "rows") {
      call.rows.push(...reply.rows);
      this.#say({ type: "go-on" });
      return;
    }
    this.#running = null;
    settle(call, () => {
      if (reply.type === "failed") call.reject(NebuliftError.fromEnvelope(reply.error));
      else if ("rows" in reply.answer) call.resolve({ ...reply.answer, rows: [...call.rows, ...reply.answer.rows] });
      else call.resolve(reply.answer);
    });
    this.#goOn();
  }

  #start(): Worker {
    // Flags of the host (a test runner's loaders, Electron's switches) are not for the thread.
    const worker = new Worker(this.#workerUrl, { name: "nebulift-judge", execArgv: [] });
    let fault: unknown = null;
    worker.on("message", (reply: Reply) => {
      if (worker === this.#worker) this.#hear(reply);
    });
    worker.on("messageerror", (error) => {
      fault = error;
      void worker.terminate();
    });
    worker.on("error", (error) => {
      fault = error;
    });
    worker.on("exit", (code) => this.#lost(fault ?? new Error(`exit code ${code}`)));
    worker.unref();
    return worker;
  }

  #lost(fault: unknown): void {
    if (this.#ended) return;
    const { detail } = toNebuliftError(fault);
    if (this.#restarts >= RESTARTS) {
      this.#endAll(new NebuliftError("worker-crashed", `while judging the night: ${detail}`, fault));
      return;
    }
    this.#restarts++;
    const asked = this.#running;
    this.#running = null;
    this.#toHand.clear();
    for (const [path, frame] of this.#frames) this.#toHand.set(path, frame);
    if (asked) this.#askAgain(asked);
    this.#worker = this.#start();
    this.#goOn();
  }

  /** First of all, unless a later one has been asked since. */
  #askAgain(call: Call): void {
    call.rows = [];
    if (this.#waiting.some(({ question }) => question.kind === call.question.kind && question.kind !== "evidence")) overtake(call);
    else this.#waiting.unshift(call);
  }

  #endAll(error: NebuliftError): void {
    this.#ended ??= error;
    const calls = [...(this.#running ? [this.#running] : []), ...this.#waiting.splice(0)];
    this.#running = null;
    for (const call of calls) settle(call, () => call.reject(error));
  }
}

function overtake(call: Call | undefined): void {
  if (call) settle(call, () => call.reject(new NebuliftError("cancelled", "a later one was asked for")));
}

/** Every call is answered once. */
function settle(call: Call, how: () => void): void {
  if (call.settled) return;
  call.settled = true;
  how();
}
