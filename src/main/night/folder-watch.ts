import { realpath, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { codeOfSystemError, NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import type { Engine, FrameResult } from "../engine/index.ts";
import { NOT_MEASURED } from "./night.ts";
import { type FrameSniffer, type Scan, scanPaths } from "./scan.ts";
import { isNetworkFolder, onChange } from "./watch-trigger.ts";

export interface FolderWatchOptions {
  sniffer: FrameSniffer;
  /** Resolves once a file is complete; rejects with `file-growing` and what reading it throws (formats/settle.ts). */
  settle: (path: string, signal: AbortSignal) => Promise<void>;
  /** Ends it. */
  signal: AbortSignal;
  /** Look again and again instead of being told: for network drives, where it is also chosen by itself. */
  poll?: boolean | undefined;
  /** Told in words what a user should know: the folder went away, watching is not possible. */
  onNotice?: ((text: string) => void) | undefined;
}

export interface FolderWatchListener {
  /** What is there is known for the first time. */
  onLooked: () => void;
  /** There is another result, or a file has gone or is called otherwise. */
  onChange: () => void;
  /** A frame was measured. */
  onResult?: ((result: FrameResult) => void) | undefined;
  /** A file has arrived that is not complete yet. */
  onArrival?: (() => void) | undefined;
}

/** Between looks when changes are announced (one may still be missed), and when they are not, ms. */
const RARELY = 30_000;
const OFTEN = 2_000;
/** Changes come in bursts, ms. */
const BURST = 250;
/** Names under which programs write what they rename when it is complete. */
const UNFINISHED = /(?:\.(?:tmp|temp|part|partial|crdownload|filepart|download|!ut|aria2|writing)|~)$/i;

interface Known {
  /** Tells one state of a file from any other: inode, size and time of change. */
  state: string;
  result: FrameResult | null;
}

/**
 * Measures what is in folders and everything that arrives there, until the signal. A file is measured once it is complete,
 * and again only when it has changed: a rename or a move within the folders keeps its result.
 */
export class FolderWatch {
  private readonly engine: Pick<Engine, "measure">;
  private readonly folders: readonly string[];
  private readonly options: FolderWatchOptions;
  private readonly listener: FolderWatchListener;
  private readonly known = new Map<string, Known>();
  /** Results of files that are gone, by state: under another name, or back again, they need no measuring. */
  private readonly departed = new Map<string, FrameResult>();
  private readonly settling = new Set<string>();
  private readonly queue = new Arrivals();
  private found: Scan = { root: "", frames: [], others: [], problems: [] };
  private lookTimer: NodeJS.Timeout | null = null;
  private looked = false;
  private looking = false;
  private again = false;
  private lost: string | null = null;
  private slow: string | null = null;
  private every = RARELY;

  constructor(engine: Pick<Engine, "measure">, folders: readonly string[], options: FolderWatchOptions, listener: FolderWatchListener) {
    this.engine = engine;
    this.folders = folders;
    this.options = options;
    this.listener = listener;
  }

  /** What the last look found. */
  get scan(): Scan {
    return this.found;
  }

  /** What the user should know now, in words; null when all is well. */
  get notice(): string | null {
    return this.lost ?? this.slow;
  }

  /** Of every file that is there and was measured. */
  results(): Map<string, FrameResult> {
    return new Map([...this.known].flatMap(([path, { result }]) => (result ? [[path, result] as const] : [])));
  }

  /** Files that are still being written, or wait for a thread. */
  waiting(): string[] {
    const queued = [...this.known].flatMap(([path, { result }]) => (result ? [] : [path]));
    return [...queued, ...[...this.settling].filter((path) => !this.known.has(path))];
  }

  /** Resolves when nothing of it runs any more. Throws `folder-missing`, `folder-unreadable`. */
  async run(): Promise<void> {
    const { signal } = this.options;
    const roots = await Promise.all(this.folders.map(rootFolder));
    const poll = this.options.poll === true || (await Promise.all(roots.map(isNetworkFolder))).includes(true);
    this.every = poll ? OFTEN : RARELY;
    const stops = poll
      ? []
      : roots.map((root) =>
          onChange(
            root,
            () => this.lookSoon(BURST),
            (detail) => this.fallBack(detail),
          ),
        );
    if (poll && !this.options.poll) this.goSlowly("This is a network drive: looking every 2 seconds.");
    signal.addEventListener("abort", () => this.queue.end(), { once: true });
    try {
      await this.look();
      if (signal.aborted) this.queue.end();
      await this.engine.measure(this.queue, { signal, skip: NOT_MEASURED, onResult: (result) => this.graded(result) });
    } finally {
      this.queue.end();
      if (this.lookTimer) clearTimeout(this.lookTimer);
      await Promise.all(stops.map((stop) => stop()));
    }
  }

  private fallBack(detail: string): void {
    this.every = OFTEN;
    this.goSlowly(`The system cannot watch this folder (${detail}): looking every 2 seconds.`);
    this.lookSoon(OFTEN);
  }

  private goSlowly(why: string): void {
    this.slow = why;
    this.options.onNotice?.(why);
  }

  private lookSoon(milliseconds: number): void {
    if (this.options.signal.aborted) return;
    if (this.looking) this.again = true;
    else {
      if (this.lookTimer) clearTimeout(this.lookTimer);
      this.lookTimer = setTimeout(() => void this.look(), milliseconds);
    }
  }

  /** One look at the whole of the folders: what is new, what changed, what is gone. */
  private async look(): Promise<void> {
    this.looking = true;
    this.again = false;
    const began = performance.now();
    try {
      const scan = await scanPaths(this.folders, this.options.sniffer, this.options.signal);
      scan.frames = scan.frames.filter((path) => !UNFINISHED.test(basename(path)));
      const before = this.found.frames;
      this.found = scan;
      await this.compare(scan, before);
      if (!this.looked) {
        this.looked = true;
        this.listener.onLooked();
      }
      const returned = this.lost !== null;
      this.lost = null;
      if (returned) this.options.onNotice?.("The folder is there again.");
    } catch (error) {
      const fault = toNebuliftError(error);
      if (fault.code !== "cancelled" && this.lost === null) {
        // A drive that went away for a moment has not lost its frames.
        this.lost = `${fault.message} Waiting for it to come back.`;
        this.options.onNotice?.(this.lost);
      }
    } finally {
      this.looking = false;
    }
    // Looking at a slow drive must not be all that happens there.
    this.lookSoon(Math.max(this.again ? BURST : this.every, 3 * (performance.now() - began)));
  }

  private async compare({ frames }: Scan, before: readonly string[]): Promise<void> {
    const present = new Set(frames);
    const fresh: { path: string; state: string }[] = [];
    for (const path of frames) {
      const state = await stateOf(path);
      if (state !== null && this.known.get(path)?.state !== state) fresh.push({ path, state });
    }
    const gone = [...this.known].filter(([path]) => !present.has(path));
    for (const [path, { state, result }] of gone) {
      if (result) this.departed.set(state, result);
      this.known.delete(path);
    }
    // Some go before anything was known of them.
    let moved = gone.length > 0 || before.some((path) => !present.has(path));
    for (const { path, state } of fresh) {
      const departed = this.departed.get(state);
      if (departed) {
        this.departed.delete(state);
        this.known.set(path, { state, result: { ...departed, path } });
        moved = true;
      } else this.arrived(path);
    }
    if (moved) this.listener.onChange();
  }

  /** Waits until the file is complete, then queues it. */
  private arrived(path: string): void {
    if (this.settling.has(path)) return;
    this.settling.add(path);
    this.listener.onArrival?.();
    void this.settled(path).finally(() => this.settling.delete(path));
  }

  private async settled(path: string): Promise<void> {
    try {
      await this.options.settle(path, this.options.signal);
      const state = await stateOf(path);
      if (state === null || this.known.get(path)?.state === state) return;
      this.known.set(path, { state, result: this.known.get(path)?.result ?? null });
      this.queue.push(path);
    } catch (error) {
      const { code } = toNebuliftError(error);
      // Gone again, or still growing: the next look finds it in whatever state it is then.
      if (code === "file-growing") this.lookSoon(OFTEN);
      else if (!["file-missing", "cancelled"].includes(code)) this.queue.push(path);
    }
  }

  private graded(result: FrameResult): void {
    const known = this.known.get(result.path);
    // Renamed while it was measured: it is queued under its new name.
    if (result.error?.code === "file-missing") {
      this.known.delete(result.path);
      this.lookSoon(BURST);
    } else {
      this.known.set(result.path, { state: known?.state ?? "", result });
      this.listener.onResult?.(result);
    }
    this.listener.onChange();
  }
}

/** Throws `not-watchable` when a single file is among them. */
export async function requireFolders(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    // What is missing, looking says in its own words.
    if (info !== null && !info.isDirectory()) throw new NebuliftError("not-watchable", `${basename(path)} is a single file`);
  }
}

async function rootFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(resolve(folder));
    if (!(await stat(root)).isDirectory()) throw new NebuliftError("folder-missing", `${folder} is a file`);
    return root;
  } catch (error) {
    if (error instanceof NebuliftError) throw error;
    throw new NebuliftError(codeOfSystemError(error) === "file-permission" ? "folder-unreadable" : "folder-missing", folder, error);
  }
}

/** Null when nothing is there. */
async function stateOf(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    if (codeOfSystemError(error) === "file-missing") return null;
    // Reading it will say what is wrong with it.
    return "unknown";
  }
}

/** Paths as they come, for as long as it takes. */
class Arrivals implements AsyncIterable<string> {
  private readonly waiting: string[] = [];
  private wake: (() => void) | null = null;
  private ended = false;

  push(path: string): void {
    this.waiting.push(path);
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    while (!this.ended) {
      const next = this.waiting.shift();
      if (next !== undefined) yield next;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}
