import type { ReportFrame, ReportGroup, ReportSummary, Stretch } from "../../shared/domain.ts";
import { type ErrorEnvelope, toNebuliftError } from "../../shared/errors.ts";
import { type Engine, type FrameResult, type Progress, rate, secondsLeft } from "../engine/index.ts";
import type { Decisions } from "../storage/index.ts";
import type { JudgeSettings } from "../verdict/index.ts";
import { withDecisions } from "./decided.ts";
import { gradeNight, judgeResults } from "./night.ts";
import { nightStretches } from "./night-stretch.ts";
import { reportFrames, reportGroups, summarise } from "./report.ts";
import type { FrameSniffer, Scan } from "./scan.ts";

export interface LiveUpdate {
  state: "scanning" | "grading" | "done" | "cancelled" | "failed";
  error?: ErrorEnvelope;
  progress: { found: number; finished: number; rate: number | null; eta: number | null };
  /** The folder that the frames' paths are relative to; with every update that has frames. */
  root?: string;
  /** New frames, and those whose verdict changed because the baseline did. */
  frames: ReportFrame[];
  groups?: ReportGroup[];
  summary?: ReportSummary;
}

export interface LiveOptions {
  settings: JudgeSettings;
  sniffer: FrameSniffer;
  /** What the user decided before is told with the verdicts. */
  decisions?: Pick<Decisions, "latest"> | undefined;
}

export interface LiveNight {
  /** Resolves when nothing runs any more. */
  cancel: () => Promise<void>;
  finished: Promise<void>;
  /** The stretch that all frames of this one's group share, as far as the night is known; null before it was measured. */
  stretchOf: (path: string) => Stretch | null;
}

/** Verdicts are told at most this often while frames arrive, ms, and judging takes at most a third of the time. */
const LEAST_PAUSE = 250;

/**
 * Grades a night while somebody watches: every frame is told with its first verdict, and again when later frames change
 * what the night's baseline says of it.
 */
export function watchGrading(
  engine: Engine,
  paths: readonly string[],
  options: LiveOptions,
  listener: (update: LiveUpdate) => void,
): LiveNight {
  const ended = new AbortController();
  const results = new Map<string, FrameResult>();
  const told = new Map<string, string>();
  let scan: Scan | null = null;
  let progress: Progress | null = null;
  let timer: NodeJS.Timeout | null = null;
  let pause = LEAST_PAUSE;
  let stretches = new Map<string, Stretch>();

  const tell = (state: LiveUpdate["state"], error?: ErrorEnvelope): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const began = performance.now();
    const now = {
      found: scan?.frames.length ?? 0,
      finished: results.size,
      rate: progress && rate(progress, began),
      eta: progress && secondsLeft(progress, began),
    };
    if (!scan) {
      listener({ state, progress: now, frames: [], ...(error ? { error } : {}) });
      return;
    }
    const judged = judgeResults(results.values(), options.settings);
    stretches = nightStretches(results, judged);
    const graded = reportFrames({ scan, results, judged });
    const rows = options.decisions ? withDecisions(graded, options.decisions) : graded;
    const changed = rows.filter((row) => {
      const text = JSON.stringify([row.verdict, row.probability, row.reasons, row.group, row.error, row.decided]);
      if (told.get(row.path) === text) return false;
      told.set(row.path, text);
      return true;
    });
    listener({
      state,
      progress: now,
      root: scan.root,
      frames: changed,
      groups: reportGroups(judged, stretches),
      summary: summarise(rows),
      ...(error ? { error } : {}),
    });
    pause = Math.max(LEAST_PAUSE, 3 * (performance.now() - began));
  };

  tell("scanning");
  const finished = gradeNight(engine, paths, {
    ...options,
    signal: ended.signal,
    onScan: (found) => {
      scan = found;
      tell("grading");
    },
    onFrame: (result, next) => {
      results.set(result.path, result);
      progress = next;
      // The very first frame is told at once: seeing something happen matters more than saving a message.
      if (results.size === 1) tell("grading");
      else timer ??= setTimeout(() => tell("grading"), pause);
    },
  }).then(
    () => tell("done"),
    (thrown: unknown) => {
      const error = toNebuliftError(thrown);
      tell(error.code === "cancelled" ? "cancelled" : "failed", error.code === "cancelled" ? undefined : error.toEnvelope());
    },
  );
  return {
    finished,
    stretchOf: (path) => stretches.get(path) ?? null,
    cancel: async () => {
      ended.abort();
      await finished;
    },
  };
}
