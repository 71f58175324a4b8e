import { resolve } from "node:path";
import type { Report, ReportSort } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import {
  type Running,
  type SortAction,
  type SortOutcome,
  type SortPlan,
  type SortServices,
  type SortWish,
  type UndoOutcome,
  withPlaces,
} from "../sort-services.ts";
import type { AddCommands } from "./command-line.ts";
import { EXIT } from "./outcome.ts";
import { ProgressLine } from "./progress-line.ts";
import { printable } from "./tables.ts";

export interface SortingOptions {
  action?: SortAction | "report";
  dryRun?: boolean;
  keepFolders?: boolean;
}

const DONE: Record<SortAction, string> = { copy: "copied", move: "moved", link: "linked" };

export const addSortingCommands: AddCommands = (line) => {
  line.program
    .command("undo")
    .description("take a sort back: every file is where it was before; what you changed since is named and left")
    .argument("[out|session]", "the folder that was sorted into, or a session; without it the latest sort")
    .addHelpText("after", "\nExample: nebulift undo ~/astro/sorted")
    .action((which: string | undefined) =>
      line.withServices({}, ({ sorting }) => withProgress(line.signal, async (running) => undoneLines(await sorting.undo(which, running)))),
    );
  line.program
    .command("resume")
    .description("finish a sort, or an undo, that was interrupted")
    .argument("[out|session]", "the folder that was sorted into, or a session; without it the latest that is not finished")
    .addHelpText("after", "\nExample: nebulift resume ~/astro/sorted")
    .action((which: string | undefined) =>
      line.withServices({}, ({ sorting }) =>
        withProgress(line.signal, async (running) => {
          const outcome = await sorting.resume(which, running);
          return "kept" in outcome ? undoneLines(outcome) : sortedLines(outcome);
        }),
      ),
    );
};

/** What the arguments of `batch` ask for; null: no sort. Throws `bad-usage`. */
export function sortWish(input: string, output: string | undefined, options: SortingOptions): SortWish | null {
  const { action, dryRun, keepFolders } = options;
  if (output === undefined) {
    const asked =
      action !== undefined && action !== "report" ? `--action ${action}` : dryRun ? "--dry-run" : keepFolders ? "--keep-folders" : null;
    if (asked !== null) throw new NebuliftError("bad-usage", `${asked} needs a folder to sort into: nebulift batch IN OUT`);
    return null;
  }
  return action === "report" ? null : { input, output, action: action ?? "copy", keepFolders: keepFolders === true };
}

/** Finishes an interrupted sort of the same kind; null when there was none. */
export async function finishInterrupted(
  sorting: SortServices,
  wish: SortWish,
  options: { dryRun?: boolean; json?: boolean },
  signal: AbortSignal,
): Promise<SortOutcome | null> {
  const session = await sorting.interrupted(wish);
  if (session === null) return null;
  if (options.dryRun) throw new NebuliftError("sort-unfinished", `session ${session}`);
  process.stderr.write(`Finishing the sort ${session}, which was interrupted ...\n`);
  return withProgress(
    signal,
    async (running) => {
      const outcome = await sorting.resume(wish.output, running);
      if ("kept" in outcome) throw new NebuliftError("sort-unfinished", `session ${session}`);
      return outcome;
    },
    options.json,
  );
}

/** Sorts, or with --dry-run says what would be done. */
export async function sortOrPlan<T extends Report>(
  sorting: SortServices,
  report: T,
  wish: SortWish,
  options: { dryRun?: boolean; json?: boolean },
  signal: AbortSignal,
): Promise<{ report: T & { sort: ReportSort }; lines: string }> {
  if (options.dryRun) {
    const plan = await sorting.plan(report, wish);
    return { report: { ...report, sort: wordsOf(wish, plan, null, true) }, lines: planLines(wish, plan) };
  }
  const { plan, outcome } = await withProgress(signal, (running) => sorting.sort(report, wish, running), options.json);
  const placed = withPlaces(report, outcome?.places ?? plan.settled);
  return { report: { ...placed, sort: wordsOf(wish, plan, outcome, false) }, lines: sortLines(wish, plan, outcome) };
}

export function wordsOf(wish: SortWish, plan: SortPlan | null, outcome: SortOutcome | null, dryRun: boolean): ReportSort {
  const missing = plan?.missing ?? [];
  return {
    action: wish.action,
    output: resolve(wish.output),
    session: outcome?.header.session ?? null,
    journal: outcome?.journal ?? null,
    sorted: outcome?.sorted ?? 0,
    failed: [...missing, ...(outcome?.failed ?? [])],
    plan: dryRun && plan ? plan.files.map(({ from, to, how }) => ({ from, to, how })) : null,
    bytesNeeded: plan?.bytesNeeded ?? 0,
    bytesFree: plan?.bytesFree ?? 0,
  };
}

/** A dry run, line by line. */
function planLines(wish: SortWish, plan: SortPlan): string {
  const lines = plan.files.map(({ how, from, to }) => `${how}  ${printable(from)}  ->  ${printable(to)}`);
  const needed = wish.action === "link" ? "" : `; at most ${megabytes(plan.bytesNeeded)} needed, ${megabytes(plan.bytesFree)} free`;
  lines.push(`would sort ${plan.files.length} files into ${printable(resolve(wish.output))}${needed}`);
  return [...lines, ...stayLines(plan)].join("\n");
}

function stayLines({ settled, staying, missing }: SortPlan): string[] {
  const lines: string[] = [];
  if (settled.size > 0) lines.push(`${settled.size} files are in their place already`);
  if (staying > 0) lines.push(`${staying} files stay where they are: not lights, or unreadable`);
  return [...lines, ...missing.map(troubleLine)];
}

/** What a sort has come to, for people. */
function sortLines(wish: SortWish, plan: SortPlan, outcome: SortOutcome | null): string {
  const lines = outcome ? [sortedText(outcome)] : [`nothing to sort: ${printable(resolve(wish.output))} has every frame in its place`];
  return [...lines, ...stayLines(plan)].join("\n");
}

export function sortedText(outcome: SortOutcome): string {
  const { header, sorted, failed, journal, tookOver } = outcome;
  const lines = [`${sorted} files ${DONE[header.action]} into ${printable(header.output)}`];
  if (tookOver) lines.push("a sort that had died there was found; its lock was taken over");
  if (failed.length > 0)
    lines.push(`${failed.length} files were left where they are; once the cause is gone: nebulift resume ${printable(header.output)}`);
  lines.push(...failed.map(troubleLine), `journal: ${printable(journal)}; take it back: nebulift undo ${printable(header.output)}`);
  return lines.join("\n");
}

function sortedLines(outcome: SortOutcome): number {
  process.stdout.write(`${sortedText(outcome)}\n`);
  return outcome.failed.length > 0 ? EXIT.someFailed : EXIT.done;
}

function undoneLines({ header, undone, kept, journal }: UndoOutcome): number {
  const what = header.action === "move" ? "files are back where they were" : `${header.action === "copy" ? "copies" : "links"} removed`;
  const lines = [`${undone} ${what}: ${printable(header.input)}`];
  if (kept.length > 0)
    lines.push(`${kept.length} files were not touched, because they are not as the sort left them:`, ...kept.map(troubleLine));
  process.stdout.write(`${[...lines, `journal: ${printable(journal)}`].join("\n")}\n`);
  return kept.length > 0 ? EXIT.someFailed : EXIT.done;
}

function troubleLine({ path, code, detail }: { path: string; code: string; detail: string }): string {
  return `  ${printable(path)}: ${code} (${printable(detail)})`;
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

async function withProgress<T>(signal: AbortSignal, work: (running: Running) => Promise<T>, json = false): Promise<T> {
  const began = performance.now();
  const line = new ProgressLine(json, began);
  try {
    return await work({
      signal,
      onProgress: ({ done, total }) => {
        const now = performance.now();
        const pace = done > 0 && now > began ? done / ((now - began) / 1000) : null;
        line.tick({ done, total, rate: null, eta: pace === null ? null : (total - done) / pace }, now);
      },
    });
  } finally {
    line.end();
  }
}
