import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Option } from "commander";
import { NebuliftError } from "../../shared/errors.ts";
import { csvReport, type OpenReport, type StackerList, saveReport, type WeightPlace } from "../report-services.ts";
import { reportText, type Services } from "../services.ts";
import type { AddCommands } from "./command-line.ts";
import { EXIT } from "./outcome.ts";
import { ProgressLine } from "./progress-line.ts";
import { printable } from "./tables.ts";

const TARGETS = ["csv", "json", "siril", "pixinsight", "dss", "app", "weights"] as const;
type Target = (typeof TARGETS)[number];

interface ExportOptions {
  to: Target;
  output?: string;
  root?: string;
  includeReview?: boolean;
  inPlace?: boolean;
  sidecars?: boolean;
  undo?: string;
}

export const addExportCommands: AddCommands = (line) => {
  line.program
    .command("export")
    .description("hand a graded night over to a stacker; your decisions count before the verdicts")
    .argument("<report>", "a report that batch --report wrote")
    .addOption(new Option("--to <what>", "for whom").choices(TARGETS).makeOptionMandatory())
    .option("-o, --output <place>", "file, or folder for siril, pixinsight and weights; without it lists are printed")
    .option("--root <folder>", "where the frames lie now, if they were moved")
    .option("--include-review", "doubtful frames count as approved")
    .option("--sidecars", "weights: a small text file a frame instead of copies")
    .option("--in-place", "weights: into the frames' own headers, with a journal beside the report")
    .option("--undo <journal>", "weights: take what --in-place did back")
    .addHelpText(
      "after",
      "\nExamples: nebulift export night.json --to siril -o ~/stack/m31\n          nebulift export night.json --to dss -o ~/astro/m31.txt",
    )
    .action((report: string, options: ExportOptions) =>
      line.withServices({}, (services) => exportReport(services, report, options, line.signal)),
    );

  line.program
    .command("export-curated")
    .description("copies in folders by verdict and cause, with labels.csv, for evaluation and training")
    .argument("<report>", "a report that batch --report wrote")
    .argument("<out>", "a folder that does not exist yet or is empty")
    .option("--decided-only", "only frames that you decided about")
    .option("--root <folder>", "where the frames lie now, if they were moved")
    .addHelpText("after", "\nExample: nebulift export-curated night.json ~/labelled/m31 --decided-only")
    .action((report: string, out: string, options: { decidedOnly?: boolean; root?: string }) =>
      line.withServices({}, async (services) => {
        const open = await openFound(services, report, options.root);
        const { running, end } = withProgress(line.signal);
        try {
          const { copied, missing } = await services.reports.curated(open, out, { decidedOnly: options.decidedOnly === true, ...running });
          process.stdout.write(`${copied} frames copied, labels.csv written: ${printable(resolve(out))}\n`);
          return tellMissing(missing);
        } finally {
          end();
        }
      }),
    );
};

async function exportReport(services: Services, path: string, options: ExportOptions, signal: AbortSignal): Promise<number> {
  refuseNonsense(options);
  if (options.undo !== undefined) return undo(services, options.undo);
  const report = await (options.to === "csv" || options.to === "json"
    ? services.reports.open(path, options.root)
    : openFound(services, path, options.root));
  const includeReview = options.includeReview === true;
  switch (options.to) {
    case "csv":
    case "json":
      return put(options.to === "csv" ? csvReport(report.report) : reportText(report.report), options.output);
    case "dss":
    case "app": {
      const list = services.reports.list(options.to, report, { includeReview, place: options.output ?? null });
      await put(list.text, options.output);
      return tellLeftOut(list, report);
    }
    case "pixinsight":
      return pixinsight(services, report, needed(options), includeReview);
    case "siril":
      return siril(services, report, needed(options), includeReview);
    case "weights":
      return weights(services, report, await placeOf(services, path, options), includeReview, signal);
  }
}

function refuseNonsense({ to, inPlace, sidecars, undo, output }: ExportOptions): void {
  const refuse = (why: string): never => {
    throw new NebuliftError("bad-usage", why);
  };
  if (to !== "weights" && (inPlace || sidecars || undo !== undefined)) refuse("--in-place, --sidecars and --undo belong to --to weights");
  if (inPlace && (sidecars || output !== undefined)) refuse("--in-place takes neither --sidecars nor -o");
  if (undo !== undefined && (inPlace || sidecars || output !== undefined)) refuse("--undo takes no other option");
}

function needed({ to, output }: ExportOptions): string {
  if (output === undefined) throw new NebuliftError("bad-usage", `--to ${to} needs -o FOLDER`);
  return output;
}

/** Opens a report of which at least one frame is still there. */
async function openFound(services: Services, path: string, root: string | undefined): Promise<OpenReport> {
  const report = await services.reports.open(path, root);
  if (report.files.length > 0 && !report.files.some(({ found }) => found))
    throw new NebuliftError("file-missing", `none of the report's frames is below ${report.root}; --root says where they lie now`);
  return report;
}

async function put(text: string, output: string | undefined): Promise<number> {
  if (output === undefined) process.stdout.write(text);
  else {
    await saveReport(output, text);
    process.stdout.write(`written: ${printable(resolve(output))}\n`);
  }
  return EXIT.done;
}

async function pixinsight(services: Services, report: OpenReport, folder: string, includeReview: boolean): Promise<number> {
  await mkdir(folder, { recursive: true });
  const { files, list } = services.reports.pixinsightFiles(report, { includeReview });
  for (const { name, text } of files) await put(text, join(folder, name));
  return tellLeftOut(list, report);
}

async function siril(services: Services, report: OpenReport, folder: string, includeReview: boolean): Promise<number> {
  const { folders, copied, missing } = await services.reports.siril(report, folder, { includeReview });
  for (const { folder: place, lights, approved } of folders)
    process.stdout.write(`${approved} of ${lights} lights approved: ${printable(place)}\n`);
  if (copied > 0) process.stderr.write(`${copied} frames were copied: this file system knows no links\n`);
  return tellMissing(missing);
}

async function placeOf(services: Services, reportPath: string, options: ExportOptions): Promise<WeightPlace> {
  if (options.inPlace) return { kind: "in-place", journal: await services.reports.journalFor(reportPath) };
  return { kind: options.sidecars ? "sidecars" : "copies", folder: needed(options) };
}

async function weights(
  services: Services,
  report: OpenReport,
  place: WeightPlace,
  includeReview: boolean,
  signal: AbortSignal,
): Promise<number> {
  const { running, end } = withProgress(signal);
  try {
    const { written, unweighted, failed } = await services.reports.weights(report, place, { includeReview, ...running });
    const where =
      place.kind === "in-place" ? `in place; --undo ${printable(place.journal)} takes it back` : printable(resolve(place.folder));
    process.stdout.write(`SSWEIGHT for ${written} frames: ${where}\n`);
    for (const { path, error } of failed) process.stderr.write(`${printable(path)}: ${printable(error.message)}\n`);
    if (unweighted.length > 0) process.stderr.write(`${unweighted.length} approved frames have no measured weight\n`);
    const missing = report.files.filter(({ frame, found }) => !found && frame.verdict === "clean").map(({ frame }) => frame.path);
    return Math.max(tellMissing(missing), failed.length > 0 ? EXIT.someFailed : EXIT.done);
  } finally {
    end();
  }
}

async function undo(services: Services, journal: string): Promise<number> {
  const { restored, left } = await services.reports.undoWeights(journal);
  process.stdout.write(`${restored} headers are as they were\n`);
  for (const { path, why } of left) process.stderr.write(`left as it is: ${printable(path)}: ${printable(why)}\n`);
  return left.length > 0 ? EXIT.someFailed : EXIT.done;
}

function tellLeftOut({ approved, missing, unlistable }: StackerList, { files }: OpenReport): number {
  process.stderr.write(`${approved} of ${files.length} frames approved\n`);
  if (unlistable.length > 0) process.stderr.write(`${unlistable.length} left out: line breaks or tabs in their names\n`);
  return Math.max(tellMissing(missing), unlistable.length > 0 ? EXIT.someFailed : EXIT.done);
}

function tellMissing(missing: readonly string[]): number {
  if (missing.length === 0) return EXIT.done;
  const some = missing.slice(0, 3).map(printable).join(", ");
  process.stderr.write(`${missing.length} frames are not there any more and were left out: ${some}${missing.length > 3 ? " ..." : ""}\n`);
  return EXIT.someFailed;
}

function withProgress(signal: AbortSignal): {
  running: { signal: AbortSignal; onDone: (done: number, total: number) => void };
  end: () => void;
} {
  const began = performance.now();
  const line = new ProgressLine(false, began);
  const onDone = (done: number, total: number): void => {
    const now = performance.now();
    const rate = done / ((now - began) / 1000);
    line.tick({ done, total, rate, eta: (total - done) / rate }, now);
  };
  return { running: { signal, onDone }, end: () => line.end() };
}
