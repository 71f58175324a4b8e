import { resolve } from "node:path";
import type { Report, TrailPolicy } from "../../shared/domain.ts";
import { csvReport, saveReport } from "../report-services.ts";
import {
  type JudgeSettings,
  type NightState,
  rate,
  readRulesFile,
  reportText,
  type Services,
  secondsLeft,
  withRules,
} from "../services.ts";
import { type SortOutcome, type SortWish, withPlaces } from "../sort-services.ts";
import { EXIT } from "./outcome.ts";
import { ProgressLine } from "./progress-line.ts";
import { ruleLines } from "./rules.ts";
import { finishInterrupted, type SortingOptions, sortedText, sortOrPlan, sortWish, wordsOf } from "./sorting.ts";
import { frameLines, printable, summaryLines } from "./tables.ts";

export interface GradingOptions extends SortingOptions {
  json?: boolean;
  trails?: TrailPolicy;
  cache?: boolean;
  report?: string;
  csv?: string;
  html?: string;
  rules?: string;
  explain?: boolean;
}

/** Grades with progress on stderr. */
export async function gradeForCli(
  services: Services,
  paths: readonly string[],
  options: GradingOptions,
  signal: AbortSignal,
): Promise<{ night: NightState; report: Report; settings: JudgeSettings }> {
  const settings = await settingsFor(options, services.thresholds());
  const line = new ProgressLine(options.json === true, performance.now());
  try {
    const night = await services.grade(paths, {
      settings,
      signal,
      lookUp: options.cache !== false,
      onFrame: (_, progress) => {
        const now = performance.now();
        line.tick(
          { done: progress.done, total: progress.total ?? progress.done, rate: rate(progress, now), eta: secondsLeft(progress, now) },
          now,
        );
      },
    });
    return { night, report: services.report(night, settings, options.explain), settings };
  } finally {
    line.end();
  }
}

/** What is asked for on the command line stands over the rules file, that over the thresholds in force. */
export async function settingsFor({ rules, trails }: GradingOptions, inForce: JudgeSettings): Promise<JudgeSettings> {
  const settings = rules === undefined ? inForce : withRules(inForce, await readRulesFile(rules));
  return trails === undefined ? settings : { ...settings, trails };
}

/** `analyze`: every number of a few frames, to read or to redo the verdict by hand. */
export async function analyze(services: Services, files: readonly string[], options: GradingOptions, signal: AbortSignal): Promise<number> {
  const { report } = await gradeForCli(services, files, { ...options, explain: true }, signal);
  if (options.json) process.stdout.write(reportText(report));
  else {
    for (const frame of report.frames) {
      process.stdout.write(`${frameLines([frame])}\n`);
      for (const [name, value] of Object.entries(frame.measurements ?? {})) {
        if (value !== null) process.stdout.write(`    ${name.padEnd(20)} ${Number(value.toPrecision(6))}\n`);
      }
    }
  }
  return exitCode(report);
}

/** `batch`: grade, report, and sort where there is a folder to sort into. */
export async function batch(
  services: Services,
  folder: string,
  out: string | undefined,
  options: GradingOptions,
  signal: AbortSignal,
): Promise<number> {
  const wish = sortWish(folder, out, options);
  if (wish !== null) {
    const finished = await finishInterrupted(services.sorting, wish, options, signal);
    // The frames are not there any more to be graded again: the report of then is the one.
    if (finished !== null && wish.action === "move") return afterMove(services, wish, finished, options);
  }
  const { night, report, settings } = await gradeForCli(services, [folder], options, signal);
  // Its pictures need the frames where they were graded.
  if (options.html) await saveReport(options.html, await services.htmlReport(night, settings, signal));
  const sorted = wish === null ? null : await sortOrPlan(services.sorting, report, wish, options, signal);
  const whole = sorted?.report ?? report;
  await saveLists(whole, options);
  if (options.json) process.stdout.write(reportText(whole));
  else {
    process.stdout.write(`${frameLines(whole.frames)}\n\n${summaryLines(whole)}\n${ruleLines(night.judged.rules)}`);
    if (sorted) process.stdout.write(`${sorted.lines}\n`);
    tellWritten([options.report, options.csv, options.html]);
  }
  return sorted && sorted.report.sort.failed.length > 0 ? EXIT.someFailed : exitCode(report);
}

async function afterMove(services: Services, wish: SortWish, finished: SortOutcome, options: GradingOptions): Promise<number> {
  const report = withPlaces(await services.sorting.keptReport(finished), finished.places);
  const whole = { ...report, sort: wordsOf(wish, null, finished, false) };
  await saveLists(whole, options);
  if (options.json) process.stdout.write(reportText(whole));
  else {
    process.stdout.write(`${frameLines(whole.frames)}\n\n${summaryLines(whole)}\n${sortedText(finished)}\n`);
    process.stdout.write("frames that have come since are graded by the next run\n");
    tellWritten([options.report, options.csv]);
  }
  return finished.failed.length > 0 ? EXIT.someFailed : exitCode(report);
}

async function saveLists(report: Report, options: GradingOptions): Promise<void> {
  if (options.report) await saveReport(options.report, reportText(report));
  if (options.csv) await saveReport(options.csv, csvReport(report));
}

function tellWritten(paths: readonly (string | undefined)[]): void {
  for (const path of paths) if (path) process.stdout.write(`written: ${printable(resolve(path))}\n`);
}

function exitCode(report: Report): number {
  return report.summary.unreadable > 0 ? EXIT.someFailed : EXIT.done;
}
