import { setMaxListeners } from "node:events";
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { FrameSummary, Measurement } from "../../shared/domain.ts";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { decodeMeasurement } from "../measure/measurement-codec.ts";
import { Feed } from "./feed.ts";
import { type FileIdentity, identifyFile } from "./identity.ts";
import { type Order, type Pool, type Share, ThreadsUnavailable } from "./pool.ts";
import type { DeliveredPreview, MeasureOutcome, PreviewSettings, SkipRule } from "./protocol.ts";
import type { EngineSummary, FrameResult, MeasurementMemory } from "./result.ts";
import { isSkipped } from "./skip.ts";

export interface BatchPlan {
  signal: AbortSignal | null;
  onStart: ((path: string) => void) | null;
  onResult: (result: FrameResult) => void | Promise<void>;
  skip: SkipRule;
  preview: PreviewSettings | null;
  previewFolder: string | null;
  concurrency: number;
  /** Null: neither look up nor remember. */
  memory: MeasurementMemory | null;
  /** What results are remembered under; others are measured anew. */
  version: string;
  /** Longest time for a frame of usual size, ms. */
  watchdogMs: number;
  /** Waits while a file is still being written. */
  settle: (path: string, signal: AbortSignal) => Promise<void>;
  /** Milliseconds, monotonic. */
  now: () => number;
}

/** Frames taken beyond those being measured: their identity is known and the cache asked by the time a thread is free. */
const LOOKAHEAD = 2;
/** Bytes of a 32-megapixel 16-bit frame: files larger than that get proportionally longer. */
const USUAL_BYTES = 64 * 1024 * 1024;

const NO_PREVIEW: DeliveredPreview = { jpeg: null, file: null, error: null };

/** Grades frames as they come, each delivered once. Resolves when all are delivered or the signal has fired. */
export async function runBatch(paths: Iterable<string> | AsyncIterable<string>, plan: BatchPlan, pool: Pool): Promise<EngineSummary> {
  const batch = new Batch(paths, plan, pool);
  return batch.run();
}

class Batch {
  private readonly plan: BatchPlan;
  private readonly pool: Pool;
  private readonly stop = new AbortController();
  private readonly feed: Feed<string>;
  private readonly share: Share;
  private readonly tally: EngineSummary = {
    frames: 0,
    measured: 0,
    fromCache: 0,
    skipped: 0,
    failed: 0,
    cancelled: false,
    milliseconds: 0,
  };
  private delivery: Promise<void> = Promise.resolve();
  private failure: { error: unknown } | null = null;

  constructor(paths: Iterable<string> | AsyncIterable<string>, plan: BatchPlan, pool: Pool) {
    this.plan = plan;
    this.pool = pool;
    this.share = { limit: plan.concurrency, running: 0 };
    setMaxListeners(0, this.stop.signal);
    this.feed = new Feed(paths, this.stop.signal);
  }

  async run(): Promise<EngineSummary> {
    const { signal, now } = this.plan;
    const began = now();
    const cancel = () => this.stop.abort();
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      await Promise.all(Array.from({ length: this.plan.concurrency + LOOKAHEAD }, () => this.slot()));
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.feed.release();
    }
    if (this.failure !== null) throw this.failure.error;
    return { ...this.tally, cancelled: signal?.aborted ?? false, milliseconds: now() - began };
  }

  /** Takes a frame, sees it through to its delivery, takes the next: so no more are ever under way than there are slots. */
  private async slot(): Promise<void> {
    try {
      for (;;) {
        const next = await this.feed.take();
        if (next === null) return;
        const result = await this.grade(next.item);
        if (result === null || this.stop.signal.aborted) return;
        await this.deliver(result);
      }
    } catch (error) {
      this.failure ??= { error };
      this.stop.abort();
    }
  }

  /** One after the other, so that a slow consumer holds back reading instead of piling up results. */
  private deliver(result: FrameResult): Promise<void> {
    this.delivery = this.delivery.then(async () => {
      if (this.stop.signal.aborted) return;
      await this.plan.onResult(result);
      this.tally.frames++;
      if (result.error !== null) this.tally.failed++;
      else if (result.skipped) this.tally.skipped++;
      else if (result.fromCache) this.tally.fromCache++;
      else this.tally.measured++;
    });
    return this.delivery;
  }

  /** Null when the batch was cancelled under it. */
  private async grade(path: string): Promise<FrameResult | null> {
    const began = this.plan.now();
    let file: FileIdentity | null = null;
    try {
      file = await this.identify(path);
      const known = await this.fromMemory(path, file);
      const found = known ?? (await this.fromPixels(path, file));
      return { path, ...file, error: null, milliseconds: this.plan.now() - began, ...found };
    } catch (error) {
      if (error instanceof ThreadsUnavailable) throw error;
      const fault = toNebuliftError(error);
      if (fault.code === "cancelled") return null;
      return { path, identity: null, content: null, bytes: null, ...file, ...failed(fault), milliseconds: this.plan.now() - began };
    }
  }

  private async identify(path: string): Promise<FileIdentity> {
    const stop = this.stop.signal;
    await this.plan.settle(path, stop);
    return within(identifyFile(path), this.plan.watchdogMs, stop);
  }

  private async fromMemory(path: string, file: FileIdentity): Promise<Found | null> {
    const { memory, version, skip, preview } = this.plan;
    const kept = memory?.find(file.identity, version) ?? null;
    if (kept === null) return null;
    const decoded = decode(kept);
    if (decoded === null) return null;
    const { summary, measurement } = decoded;
    if (isSkipped(summary, skip)) return { summary, measurement: null, skipped: true, preview: NO_PREVIEW, times: null, fromCache: true };
    const picture = preview === null ? NO_PREVIEW : await this.lastingPreview(path, file, preview);
    return { summary, measurement, skipped: false, preview: picture, times: null, fromCache: true };
  }

  private async fromPixels(path: string, file: FileIdentity): Promise<Found> {
    const { skip, preview, memory, version } = this.plan;
    const previewFile = this.previewFile(file);
    const outcome = await this.pool.submit(
      { kind: "measure", path, skip, preview, previewFile, pack: memory !== null },
      this.order(file, () => this.plan.onStart?.(path)),
    );
    if (outcome.packed !== null) {
      memory?.keep(file.identity, version, { summary: JSON.stringify(outcome.summary), measurement: outcome.packed });
    }
    return foundBy(outcome);
  }

  /** The picture of a frame whose measurement is remembered: from the folder when it is there, else made now. */
  private async lastingPreview(path: string, file: FileIdentity, preview: PreviewSettings): Promise<DeliveredPreview> {
    const previewFile = this.previewFile(file);
    if (previewFile !== null && (await exists(previewFile))) return { jpeg: null, file: previewFile, error: null };
    try {
      const made = await this.pool.submit({ kind: "preview", path, preview, previewFile }, this.order(file, null));
      return { jpeg: made.jpeg, file: made.file, error: null };
    } catch (error) {
      const fault = toNebuliftError(error);
      if (fault.code === "cancelled" || fault instanceof ThreadsUnavailable) throw fault;
      return { jpeg: null, file: null, error: fault.toEnvelope() };
    }
  }

  private previewFile(file: FileIdentity): string | null {
    const { preview, previewFolder } = this.plan;
    if (preview === null || previewFolder === null) return null;
    return join(previewFolder, `${file.identity}-${preview.width}${preview.colour ? "c" : "g"}.jpg`);
  }

  private order(file: FileIdentity, onStart: (() => void) | null): Order {
    const limitMs = this.plan.watchdogMs * Math.max(1, file.bytes / USUAL_BYTES);
    return { urgent: null, limitMs, signal: this.stop.signal, onStart, share: this.share };
  }
}

type Found = Pick<FrameResult, "summary" | "measurement" | "skipped" | "preview" | "times" | "fromCache">;

function foundBy({ summary, measurement, preview, times }: MeasureOutcome): Found {
  return { summary, measurement, skipped: measurement === null, preview, times, fromCache: false };
}

function failed(fault: NebuliftError): Found & Pick<FrameResult, "error"> {
  return {
    summary: null,
    measurement: null,
    skipped: false,
    preview: NO_PREVIEW,
    error: fault.toEnvelope(),
    times: null,
    fromCache: false,
  };
}

/** Null when what was kept cannot be read: the frame is measured anew and the entry replaced. */
function decode(kept: { summary: string; measurement: { json: string; list: Uint8Array } }): {
  summary: FrameSummary;
  measurement: Measurement;
} | null {
  try {
    return { summary: JSON.parse(kept.summary) as FrameSummary, measurement: decodeMeasurement(kept.measurement) };
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof NebuliftError && error.code === "bad-data")) return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (toNebuliftError(error).code === "file-missing") return false;
    throw error;
  }
}

/** A network drive that has gone away answers neither yes nor no. */
function within<T>(work: Promise<T>, limitMs: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => settle(() => reject(new NebuliftError("cancelled", "")));
    const timer = setTimeout(
      () => settle(() => reject(new NebuliftError("file-io", `no answer from the drive in ${Math.round(limitMs / 1000)} s`))),
      limitMs,
    );
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      finish();
    };
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(toNebuliftError(error, "file-io"))),
    );
  });
}
