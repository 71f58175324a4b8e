import { realpath, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { ReportFrame } from "../../shared/domain.ts";
import { codeOfSystemError, NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import type { Engine, FrameResult } from "../engine/index.ts";
import type { Decisions } from "../storage/index.ts";
import type { JudgeSettings } from "../verdict/index.ts";
import { withDecisions } from "./decided.ts";
import { judgeResults, NOT_MEASURED } from "./night.ts";
import { type NightState, reportFrames } from "./report.ts";
import { type FrameSniffer, type Scan, scanPaths } from "./scan.ts";
import { isNetworkFolder, onChange } from "./watch-trigger.ts";

export interface WatchOptions {
  settings: JudgeSettings;
  sniffer: FrameSniffer;
  /** Resolves once a file is complete; rejects with `file-growing` and what reading it throws (formats/settle.ts). */
  settle: (path: string, signal: AbortSignal) => Promise<void>;
  decisions?: Pick<Decisions, "latest"> | undefined;
  /** Ends it. */
  signal: AbortSignal;
  /** Look again and again instead of being told: for network drives, where it is also chosen by itself. */
  poll?: boolean | undefined;
  /** Told in words what a user should know: the folder went away, watching is not possible. */
  onNotice?: ((text: string) => void) | undefined;
}

export interface WatchUpdate {
  night: NightState;
  /** Every frame there is, graded. */
  frames: ReportFrame[];
  /** Of them, those that are new or have another verdict than before, and paths of those that are gone. */
  changed: ReportFrame[];
  gone: string[];
  /** Files that are still being written, or wait for a thread. */
  waiting: number;
}

/** Between looks when changes are announced (one may still be missed), and when they are not, ms. */
const RARELY = 30_000;
const OFTEN = 2_000;
/** Changes come in bursts, ms. */
const BURST = 250;
/** Verdicts are told at most this often, ms, and judging takes at most a third of the time. */
const LEAST_PAUSE = 250;
/** Names under which programs write what they rename when it is complete. */
const UNFINISHED = /(?:\.(?:tmp|temp|part|partial|crdownload|filepart|download|!ut|aria2|writing)|~)$/i;

/**
 * Grades what is in a folder and everything that arrives, until the signal; every frame is told with its first verdict
 * and again when later frames change it. A file is graded once it is complete, and again only when it has changed: a
 * rename or a move within the folder keeps its result. Resolves with the night as it is then. Throws `folder-missing`,
 * `folder-unreadable`.
 */
export async function watchFolder(
  engine: Pick<Engine, "measure">,
  folder: string,
  options: WatchOptions,
  listener: (update: WatchUpdate) => void,
): Promise<NightState> {
  return new FolderWatch(engine, folder, options, listener).run();
}

interface Known {
  /** Tells one state of a file from any other: inode, size and time of change. */
  state: string;
  result: FrameResult | null;
}

class FolderWatch {
  private readonly engine: Pick<Engine, "measure">;
  private readonly folder: string;
  private readonly options: WatchOptions;
  private readonly listener: (update: WatchUpdate) => void;
  private readonly known = new Map<string, Known>();
  /** Results of files that are gone, by state: under another name, or back again, they need no measuring. */
  private readonly departed = new Map<string, FrameResult>();
  private readonly settling = new Set<string>();
  private readonly told = new Map<string, string>();
  private readonly queue = new Arrivals();
  private scan: Scan = { root: "", frames: [], others: [], problems: [] };
  private lookTimer: NodeJS.Timeout | null = null;
  private tellTimer: NodeJS.Timeout | null = null;
  private pause = LEAST_PAUSE;
  private looking = false;
  private again = false;
  private lost = false;
  private every = RARELY;

  constructor(engine: Pick<Engine, "measure">, folder: string, options: WatchOptions, listener: (update: WatchUpdate) => void) {
    this.engine = engine;
    this.folder = folder;
    this.options = options;
    this.listener = listener;
  }

  async run(): Promise<NightState> {
    const { signal, onNotice } = this.options;
    const root = await this.rootFolder();
    const poll = this.options.poll === true || (await isNetworkFolder(root));
    this.every = poll ? OFTEN : RARELY;
    const stop = poll
      ? null
      : onChange(
          root,
          () => this.lookSoon(BURST),
          (detail) => this.fallBack(detail),
        );
    if (poll && !this.options.poll) onNotice?.("This is a network drive: looking every 2 seconds.");
    signal.addEventListener("abort", () => this.queue.end(), { once: true });
    try {
      await this.look();
      this.tell();
      if (signal.aborted) this.queue.end();
      await this.engine.measure(this.queue, { signal, skip: NOT_MEASURED, onResult: (result) => this.graded(result) });
    } finally {
      this.queue.end();
      for (const timer of [this.lookTimer, this.tellTimer]) if (timer) clearTimeout(timer);
      await stop?.();
    }
    return this.tell();
  }

  private async rootFolder(): Promise<string> {
    try {
      const root = await realpath(resolve(this.folder));
      if (!(await stat(root)).isDirectory()) throw new NebuliftError("folder-missing", `${this.folder} is a file`);
      return root;
    } catch (error) {
      if (error instanceof NebuliftError) throw error;
      throw new NebuliftError(codeOfSystemError(error) === "file-permission" ? "folder-unreadable" : "folder-missing", this.folder, error);
    }
  }

  private fallBack(detail: string): void {
    this.every = OFTEN;
    this.options.onNotice?.(`The system cannot watch this folder (${detail}): looking every 2 seconds.`);
    this.lookSoon(OFTEN);
  }

  private lookSoon(milliseconds: number): void {
    if (this.options.signal.aborted) return;
    if (this.looking) this.again = true;
    else {
      if (this.lookTimer) clearTimeout(this.lookTimer);
      this.lookTimer = setTimeout(() => void this.look(), milliseconds);
    }
  }

  /** One look at the whole folder: what is new, what changed, what is gone. */
  private async look(): Promise<void> {
    this.looking = true;
    this.again = false;
    const began = performance.now();
    try {
      const scan = await scanPaths([this.folder], this.options.sniffer, this.options.signal);
      scan.frames = scan.frames.filter((path) => !UNFINISHED.test(basename(path)));
      this.scan = scan;
      await this.compare(scan);
      if (this.lost) this.options.onNotice?.("The folder is there again.");
      this.lost = false;
    } catch (error) {
      const fault = toNebuliftError(error);
      if (fault.code !== "cancelled" && !this.lost) {
        // A drive that went away for a moment has not lost its frames.
        this.lost = true;
        this.options.onNotice?.(`${fault.message} Waiting for it to come back.`);
      }
    } finally {
      this.looking = false;
    }
    // Looking at a slow drive must not be all that happens there.
    this.lookSoon(Math.max(this.again ? BURST : this.every, 3 * (performance.now() - began)));
  }

  private async compare({ frames }: Scan): Promise<void> {
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
    let moved = gone.length > 0;
    for (const { path, state } of fresh) {
      const before = this.departed.get(state);
      if (before) {
        this.departed.delete(state);
        this.known.set(path, { state, result: { ...before, path } });
        moved = true;
      } else this.arrived(path);
    }
    if (moved) this.tellSoon();
  }

  /** Waits until the file is complete, then queues it. */
  private arrived(path: string): void {
    if (this.settling.has(path)) return;
    this.settling.add(path);
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
    } else this.known.set(result.path, { state: known?.state ?? "", result });
    this.tellSoon();
  }

  private tellSoon(): void {
    if (!this.options.signal.aborted) this.tellTimer ??= setTimeout(() => this.tell(), this.told.size === 0 ? 0 : this.pause);
  }

  private tell(): NightState {
    if (this.tellTimer) clearTimeout(this.tellTimer);
    this.tellTimer = null;
    const began = performance.now();
    const results = new Map([...this.known].flatMap(([path, { result }]) => (result ? [[path, result] as const] : [])));
    const scan = { ...this.scan, frames: [...results.keys()].sort() };
    const night: NightState = { scan, results, judged: judgeResults(results.values(), this.options.settings) };
    const graded = reportFrames(night);
    const frames = this.options.decisions ? withDecisions(graded, this.options.decisions) : graded;
    const now = new Set(frames.map(({ path }) => path));
    const gone = [...this.told.keys()].filter((path) => !now.has(path));
    for (const path of gone) this.told.delete(path);
    const changed = frames.filter((frame) => {
      // Numbers of the night move a little with every frame: what a verdict says is news, its digits are not.
      const causes = frame.reasons.map(({ code, severity }) => `${code} ${severity}`);
      const text = JSON.stringify([frame.verdict, causes, frame.group, frame.error?.code, frame.decided]);
      if (this.told.get(frame.path) === text) return false;
      this.told.set(frame.path, text);
      return true;
    });
    const graduated = [...this.known.values()].filter(({ result }) => result === null).length;
    const unknown = [...this.settling].filter((path) => !this.known.has(path)).length;
    this.listener({ night, frames, changed, gone, waiting: graduated + unknown });
    this.pause = Math.max(LEAST_PAUSE, 3 * (performance.now() - began));
    return night;
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
