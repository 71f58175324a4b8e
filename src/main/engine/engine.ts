import { availableParallelism, totalmem } from "node:os";
import type { FrameSummary, Measurement, Stretch } from "../../shared/domain.ts";
import { decodeMeasurement } from "../measure/measurement-codec.ts";
import { runBatch } from "./batch.ts";
import { identifyFile } from "./identity.ts";
import { Pool } from "./pool.ts";
import type { Crop, PreviewOutcome, PreviewSettings, SkipRule } from "./protocol.ts";
import type { EngineSummary, FrameResult, MeasurementMemory } from "./result.ts";
import { SKIP_NOTHING } from "./skip.ts";

export interface EngineOptions {
  /** engine/worker.ts under type stripping, worker.js in the built program; the composition root knows which. */
  workerUrl: URL;
  /** What results are remembered under (RESULT_VERSION). */
  version: string;
  /** Measuring threads; by default as many as cores and memory allow, at most 8. */
  threads?: number | undefined;
  memory?: MeasurementMemory | null | undefined;
  /** Resolves once a file is complete; rejects with `file-growing`. By default files are taken as they are. */
  settle?: ((path: string, signal: AbortSignal) => Promise<void>) | undefined;
  /** Longest time for one frame of up to 64 MiB, ms; larger files get proportionally longer. Default 60 s. */
  watchdogMs?: number | undefined;
  /** How long a cancelled frame may take to stop by itself, ms. Default 300. */
  graceMs?: number | undefined;
  /** Threads without work for this long are ended and their memory given back, ms. Default 30 s. */
  idleMs?: number | undefined;
  /** A thread that holds more than this after a frame is replaced, bytes. Default 512 MiB. */
  memoryLimit?: number | undefined;
  /** JavaScript heap of a thread, MB. Default 1024. */
  heapMegabytes?: number | undefined;
  /** Monotonic milliseconds; default performance.now. */
  now?: (() => number) | undefined;
}

export interface MeasureOptions {
  /** Ends the batch within a second, also in the middle of a frame; frames not delivered by then are dropped. */
  signal?: AbortSignal | undefined;
  /** Results as they finish, never two at a time: a promise returned here holds the batch back until it resolves. */
  onResult: (result: FrameResult) => void | Promise<void>;
  /** A thread begins with this frame (not called for frames that are remembered). */
  onStart?: ((path: string) => void) | undefined;
  /** Frames whose pixels are not read; by default none are skipped. */
  skip?: SkipRule | undefined;
  preview?: BatchPreview | undefined;
  /** Fewer threads than the engine has, to leave some for other work. */
  concurrency?: number | undefined;
  /** False measures every frame anew (and remembers the new result). Default true. */
  lookUp?: boolean | undefined;
}

interface BatchPreview extends PreviewOptions {
  /** JPEGs are kept here, named by the frame's identity, and not made twice; without it they come with the results. */
  folder?: string | undefined;
}

export interface PreviewOptions {
  /** Largest width, px. Default 1400. */
  width?: number | undefined;
  /** JPEG quality. Default 85. */
  quality?: number | undefined;
  /** Default true: colour where the frame has it. */
  colour?: boolean | undefined;
  /** Default: the frame's own. */
  stretch?: Stretch | null | undefined;
  /** Default the whole frame. */
  crop?: Crop | null | undefined;
  /** Nine square parts of this side at 100 %, sensor pixels; `width` and `crop` say nothing then. */
  mosaic?: number | undefined;
  /** Width of a small picture that comes along with a whole frame. */
  thumb?: number | undefined;
}

export interface Asking {
  signal?: AbortSignal | undefined;
  /** Whether somebody waits for this picture, asked whenever a thread comes free; false: it is only got ready. Default true. */
  pressing?: (() => boolean) | undefined;
}

/** A preview that was asked for by itself always comes as bytes. */
export type Preview = Omit<PreviewOutcome, "jpeg" | "file"> & { jpeg: Uint8Array };

/** A thread holds two to three times its frame; half a gigabyte each leaves room for 60 megapixels. */
const MEMORY_PER_THREAD = 512 * 1024 * 1024;
const MOST_THREADS = 8;

/**
 * Measures frames on threads of their own: the caller's event loop never waits for a frame, and no frame, however
 * broken, costs more than itself. Close it when done.
 */
export class Engine {
  private readonly options: EngineOptions;
  private readonly pool: Pool;
  /** Ends what is rehearsed as soon as there is something to do. */
  private rehearsal: AbortController | null = null;

  constructor(options: EngineOptions) {
    this.options = options;
    this.pool = new Pool({
      workerUrl: options.workerUrl,
      threads: Math.max(1, Math.floor(options.threads ?? defaultThreads())),
      graceMs: options.graceMs ?? 300,
      idleMs: options.idleMs ?? 30_000,
      memoryLimit: options.memoryLimit ?? 512 * 1024 * 1024,
      heapMegabytes: options.heapMegabytes ?? 1024,
    });
  }

  /** Threads it works with: what was asked for, or fewer when the system refused to start as many. */
  get threads(): number {
    return this.pool.size;
  }

  /** Starts the threads ahead of work that is about to come, for instance while a folder is being listed. */
  warm(): void {
    this.pool.warm();
  }

  /**
   * Starts the threads and lets each measure a made-up sky, for when a night is probably about to come: its first frame then
   * takes half as long. Any real work ends it at once.
   */
  rehearse(): void {
    const fresh = this.pool.warm();
    if (fresh === 0) return;
    this.rehearsal?.abort();
    const rehearsal = new AbortController();
    this.rehearsal = rehearsal;
    const { signal } = rehearsal;
    const order = { urgent: null, limitMs: this.options.watchdogMs ?? 60_000, signal, onStart: null, share: null };
    // A rehearsal that fails has no one to tell: whatever was in its way is met by the first frame, and told there.
    for (let thread = 0; thread < fresh; thread++) this.pool.submit({ kind: "rehearse" }, order).catch(() => undefined);
  }

  private endRehearsal(): void {
    this.rehearsal?.abort();
    this.rehearsal = null;
  }

  /**
   * Measures frames as the iterable yields them (it is asked for more only as threads come free). Every frame gets one
   * result, errors included; a crash or a hang costs its frame (`worker-crashed`) and nothing else. Rejects with what
   * `onResult` or the iterable threw, and with `internal` when threads cannot be started at all.
   */
  measure(paths: Iterable<string> | AsyncIterable<string>, options: MeasureOptions): Promise<EngineSummary> {
    this.endRehearsal();
    const memory = this.options.memory ?? null;
    const preview = options.preview;
    return runBatch(
      paths,
      {
        signal: options.signal ?? null,
        onResult: options.onResult,
        onStart: options.onStart ?? null,
        skip: options.skip ?? SKIP_NOTHING,
        preview: preview === undefined ? null : settingsOf(preview),
        previewFolder: preview?.folder ?? null,
        concurrency: Math.max(1, Math.min(options.concurrency ?? this.pool.size, this.pool.size)),
        memory: memory !== null && options.lookUp === false ? { find: () => null, keep: memory.keep.bind(memory) } : memory,
        version: this.options.version,
        watchdogMs: this.options.watchdogMs ?? 60_000,
        settle: this.options.settle ?? (async () => undefined),
        now: this.options.now ?? (() => performance.now()),
      },
      this.pool,
    );
  }

  /** A picture for someone who is looking: overtakes every batch. Rejects with the frame's error or `cancelled`. */
  async preview(path: string, options: PreviewOptions & Asking = {}): Promise<Preview> {
    this.endRehearsal();
    const {
      jpeg,
      file: _file,
      ...rest
    } = await this.pool.submit({ kind: "preview", path, preview: settingsOf(options), previewFile: null }, this.urgent(options));
    return { ...rest, jpeg: jpeg ?? new Uint8Array(0) };
  }

  /** What a file says about itself, without reading its pixels. Overtakes every batch. */
  header(path: string, options: { signal?: AbortSignal | undefined } = {}): Promise<FrameSummary> {
    return this.pool.submit({ kind: "header", path }, this.urgent(options));
  }

  /** What was measured of this file before, as far as it is remembered and the file has not changed since. */
  async remembered(path: string): Promise<Measurement | null> {
    const { memory, version } = this.options;
    if (!memory) return null;
    const kept = memory.find((await identifyFile(path)).identity, version);
    return kept && decodeMeasurement(kept.measurement);
  }

  /** Ends all threads; work in flight rejects with `cancelled`. Idempotent. */
  close(): Promise<void> {
    return this.pool.close();
  }

  private urgent({ signal, pressing }: Asking) {
    const limitMs = this.options.watchdogMs ?? 60_000;
    return { urgent: pressing ?? (() => true), limitMs, signal: signal ?? null, onStart: null, share: null };
  }
}

function settingsOf(options: PreviewOptions): PreviewSettings {
  return {
    width: Math.max(16, Math.min(16384, Math.round(options.width ?? 1400))),
    quality: Math.max(1, Math.min(100, Math.round(options.quality ?? 85))),
    colour: options.colour ?? true,
    stretch: options.stretch ?? null,
    crop: options.crop ?? null,
    mosaic: options.mosaic ?? null,
    thumb: options.thumb ?? null,
  };
}

function defaultThreads(): number {
  return Math.max(1, Math.min(MOST_THREADS, availableParallelism(), Math.floor(totalmem() / 2 / MEMORY_PER_THREAD)));
}
