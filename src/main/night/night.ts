import type { Report } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { Engine, FrameResult, SkipRule } from "../engine/index.ts";
import { beginProgress, frameDone, type Progress } from "../engine/index.ts";
import { type JudgedNight, type JudgeSettings, judgeNight, type NightFrame, notLightByHeader, type RuleEffect } from "../verdict/index.ts";
import { nightStretches } from "./night-stretch.ts";
import { makeReport, type NightState, reportFrames, reportGroups } from "./report.ts";
import { type FrameSniffer, type Scan, scanPaths } from "./scan.ts";

export interface GradeOptions {
  settings: JudgeSettings;
  sniffer: FrameSniffer;
  signal?: AbortSignal | undefined;
  onScan?: ((scan: Scan) => void) | undefined;
  onFrame?: ((result: FrameResult, progress: Progress) => void) | undefined;
  /** False measures every frame anew. */
  lookUp?: boolean | undefined;
}

/** Calibration frames and stacks are named from their header; their pixels are not read. */
export const NOT_MEASURED: SkipRule = { imageTypes: ["bias", "dark", "flat", "dark-flat", "master"], stacks: true };

/** What is judged: measured frames that their header does not name something else. */
export function lightsOf(results: Iterable<Pick<FrameResult, "path" | "summary" | "measurement">>): NightFrame[] {
  const frames: NightFrame[] = [];
  for (const { path, summary, measurement } of results) {
    if (summary && measurement && notLightByHeader(summary) === null) frames.push({ id: path, summary, measurement });
  }
  return frames;
}

export function judgeResults(results: Iterable<FrameResult>, settings: JudgeSettings): JudgedNight {
  return judgeNight(lightsOf(results), settings);
}

/**
 * Grades the frames under `paths`: scan, measure (or remember), judge all together. Every file found ends with a state.
 * Throws `no-frames`, `folder-missing`, `folder-unreadable`, `cancelled`.
 */
export async function gradeNight(engine: Pick<Engine, "measure">, paths: readonly string[], options: GradeOptions): Promise<NightState> {
  const { scan, results } = await measureNight(engine, paths, options);
  return { scan, results, judged: judgeResults(results.values(), options.settings) };
}

/** As gradeNight, without judging: for whoever judges on the way. */
export async function measureNight(
  engine: Pick<Engine, "measure">,
  paths: readonly string[],
  options: Omit<GradeOptions, "settings">,
): Promise<Pick<NightState, "scan" | "results">> {
  const scan = await scanPaths(paths, options.sniffer, options.signal);
  if (scan.frames.length === 0 && scan.problems.length === 0) throw new NebuliftError("no-frames", paths.join(", "));
  options.onScan?.(scan);
  const results = new Map<string, FrameResult>();
  let progress = beginProgress(scan.frames.length, performance.now());
  const summary = await engine.measure(scan.frames, {
    signal: options.signal,
    skip: NOT_MEASURED,
    lookUp: options.lookUp,
    onResult: (result) => {
      results.set(result.path, result);
      progress = frameDone(progress, performance.now(), result.fromCache);
      options.onFrame?.(result, progress);
    },
  });
  if (summary.cancelled) throw new NebuliftError("cancelled", `${results.size} of ${scan.frames.length} frames were graded`);
  return { scan, results };
}

/** `explain` adds to every frame all numbers that were held against a limit. */
export function reportOf(night: NightState, app: string, settings: JudgeSettings, explain = false): Report & { otherFiles: string[] } {
  const groups = reportGroups(night.judged, nightStretches(night.results, night.judged));
  return makeReport({ scan: night.scan, groups, frames: reportFrames(night, explain) }, app, settingsToldOf(settings, night.judged.rules));
}

/** The settings as a report gives them: the user's rules with what they did. */
export function settingsToldOf(settings: JudgeSettings, effects: readonly Omit<RuleEffect, "ids">[]): Record<string, unknown> {
  const rules = effects.map(({ rule, frames, minutes, changed }) => ({ ...rule, frames, minutes, changed }));
  const { trails, limits, review, calibration, leastGroup, filters } = settings;
  return { trails, limits, review, calibration, leastGroup, filters, rules };
}
