import type { ReportFrame } from "../../shared/domain.ts";
import type { Engine } from "../engine/index.ts";
import type { Decisions } from "../storage/index.ts";
import type { JudgeSettings } from "../verdict/index.ts";
import { withDecisions } from "./decided.ts";
import { FolderWatch, type FolderWatchOptions } from "./folder-watch.ts";
import { judgeResults } from "./night.ts";
import { type NightState, reportFrames } from "./report.ts";

export interface WatchOptions extends FolderWatchOptions {
  settings: JudgeSettings;
  decisions?: Pick<Decisions, "latest"> | undefined;
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

/** Verdicts are told at most this often, ms, and judging takes at most a third of the time. */
const LEAST_PAUSE = 250;

/**
 * Grades what is in a folder and everything that arrives, until the signal; every frame is told with its first verdict
 * and again when later frames change it. Resolves with the night as it is then. Throws `folder-missing`,
 * `folder-unreadable`.
 */
export async function watchFolder(
  engine: Pick<Engine, "measure">,
  folder: string,
  options: WatchOptions,
  listener: (update: WatchUpdate) => void,
): Promise<NightState> {
  return new WatchedNight(engine, folder, options, listener).run();
}

class WatchedNight {
  private readonly watch: FolderWatch;
  private readonly options: WatchOptions;
  private readonly listener: (update: WatchUpdate) => void;
  private readonly told = new Map<string, string>();
  private tellTimer: NodeJS.Timeout | null = null;
  private pause = LEAST_PAUSE;

  constructor(engine: Pick<Engine, "measure">, folder: string, options: WatchOptions, listener: (update: WatchUpdate) => void) {
    this.options = options;
    this.listener = listener;
    this.watch = new FolderWatch(engine, [folder], options, { onLooked: () => this.tell(), onChange: () => this.tellSoon() });
  }

  async run(): Promise<NightState> {
    try {
      await this.watch.run();
    } finally {
      if (this.tellTimer) clearTimeout(this.tellTimer);
    }
    return this.tell();
  }

  private tellSoon(): void {
    if (!this.options.signal.aborted) this.tellTimer ??= setTimeout(() => this.tell(), this.told.size === 0 ? 0 : this.pause);
  }

  private tell(): NightState {
    if (this.tellTimer) clearTimeout(this.tellTimer);
    this.tellTimer = null;
    const began = performance.now();
    const results = this.watch.results();
    const scan = { ...this.watch.scan, frames: [...results.keys()].sort() };
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
    this.listener({ night, frames, changed, gone, waiting: this.watch.waiting().length });
    this.pause = Math.max(LEAST_PAUSE, 3 * (performance.now() - began));
    return night;
  }
}
