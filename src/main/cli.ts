import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { AddCommands, CommandLine } from "./cli/command-line.ts";
import { addEvaluateCommands } from "./cli/evaluate.ts";
import { addExportCommands } from "./cli/export.ts";
import { analyze, batch, type GradingOptions } from "./cli/grading.ts";
import { cancelOnSignals, EXIT, reportFailure } from "./cli/outcome.ts";
import { addReviewCommand } from "./cli/review.ts";
import { openServices } from "./cli/services-for-cli.ts";
import { demo, simulate } from "./cli/simulated.ts";
import { addSortingCommands } from "./cli/sorting.ts";
import { addThresholdCommands } from "./cli/thresholds.ts";
import { addValidateCommand } from "./cli/validate.ts";
import { addWatchCommand } from "./cli/watch.ts";
import { APP_VERSION, type Services, type SimulateArguments } from "./services.ts";

/** Commands that live in a file of their own, in the order in which --help lists them. */
const TOPICS: readonly AddCommands[] = [
  addSortingCommands,
  addEvaluateCommands,
  addThresholdCommands,
  addWatchCommand,
  addReviewCommand,
  addExportCommands,
  addValidateCommand,
];

/** Runs one command line and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  const cancel = cancelOnSignals();
  const withServices = async (
    options: { cache?: boolean; threads?: number },
    work: (services: Services) => Promise<number>,
  ): Promise<void> => {
    const services = openServices({ remember: options.cache !== false, threads: options.threads });
    try {
      code = await work(services);
    } finally {
      await services.close();
    }
  };

  const program = new Command("nebulift")
    .description("Grades astrophotography sub-exposures offline and says why.")
    .version(APP_VERSION)
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError("(--help shows what a command takes)");

  program
    .command("analyze")
    .description("one frame at a time: verdict, reasons with numbers, measurements")
    .argument("<file...>", "frames in any format")
    .option("--json", "one JSON document and nothing else")
    .addOption(trailsOption())
    .option("--rules <file>", "limits and rules of your own (docs/rules.md)")
    .option("--no-cache", "measure anew")
    .addOption(threadsOption())
    .addHelpText("after", "\nExample: nebulift analyze lights/M31_0042.fits --json")
    .action((files: string[], options: GradingOptions & { threads?: number }) =>
      withServices(options, (services) => analyze(services, files, options, cancel.signal)),
    );

  program
    .command("batch")
    .description("grade a folder and everything below it; with a second folder, sort the frames into it")
    .argument("<in>", "folder of the night's frames")
    .argument("[out]", "sort into clean, contaminated and review in this folder")
    .addOption(new Option("--action <what>", "how to sort (default with OUT: copy)").choices(["report", "copy", "move", "link"]))
    .option("--dry-run", "say what the sort would do, and touch nothing")
    .option("--keep-folders", "sort into the folders that the frames were in, not side by side")
    .option("--report <file>", "write the report as JSON")
    .option("--csv <file>", "write one row a frame")
    .option("--html <file>", "write a page with timelines and pictures")
    .option("--explain", "reports carry every number that was held against a limit")
    .option("--json", "print the report as JSON and nothing else")
    .addOption(trailsOption())
    .option("--rules <file>", "limits and rules of your own (docs/rules.md)")
    .option("--no-cache", "measure every frame anew")
    .addOption(threadsOption())
    .addHelpText(
      "after",
      "\nExample: nebulift batch ~/astro/2026-11-20 --html night.html --csv night.csv\nExample: nebulift batch ~/astro/2026-11-20 ~/astro/sorted --action move --dry-run",
    )
    .action((folder: string, out: string | undefined, options: GradingOptions & { threads?: number }) =>
      withServices(options, (services) => batch(services, folder, out, options, cancel.signal)),
    );

  program
    .command("simulate")
    .description("write a simulated night as FITS, with truth.csv")
    .argument("<out>", "a folder that does not exist yet or is empty")
    .option("--frames <n>", "number of frames")
    .option("--size <WxH>", "sensor size in pixels, e.g. 3008x3008")
    .option("--seed <s>", "the same seed gives the same night")
    .option("--bayer", "a colour camera")
    .option("--preset <name>", "demo, random (drawn from wide ranges by the seed), or a scene such as globular or tree")
    .option("--defects <list>", "none, all, or some with or without a strength, e.g. cloud,focus=0.4,satellite")
    .addHelpText("after", "\nExample: nebulift simulate /tmp/night --frames 40 --size 2000x1500 --seed 7 --defects cloud,satellite")
    .action(async (out: string, options: SimulateArguments) => {
      code = await simulate(out, options, cancel.signal);
    });

  program
    .command("demo")
    .description("simulate a night, grade it, and show what was found")
    .argument("[out]", "where the night goes", undefined)
    .option("--seed <s>", "another night")
    .addHelpText("after", "\nExample: nebulift demo")
    .action((out: string | undefined, options: { seed?: string }) =>
      withServices({ cache: false }, (services) => demo(services, out, options, cancel.signal)),
    );

  const line: CommandLine = {
    program,
    withServices,
    exitWith: (exit) => {
      code = exit;
    },
    signal: cancel.signal,
  };
  for (const add of TOPICS) add(line);

  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
    return reportFailure(error);
  }
}

function trailsOption(): Option {
  return new Option("--trails <policy>", "what a trail alone means (default: as in force, built in: auto)").choices([
    "auto",
    "strict",
    "ignore",
  ]);
}

function threadsOption(): Option {
  return new Option("--threads <n>", "measuring threads (default: as many as cores and memory allow)").argParser(wholeNumber);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError("must be a whole number, 0 or more.");
  return value;
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  // A reader that went away (`| head`) is no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.done : EXIT.environment));
  process.exitCode = await main(process.argv.slice(2));
}
