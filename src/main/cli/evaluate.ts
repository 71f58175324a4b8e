import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { saveReport } from "../report-services.ts";
import type { Services } from "../services.ts";
import type { AddCommands } from "./command-line.ts";
import { evaluationText } from "./evaluation-text.ts";
import { EXIT } from "./outcome.ts";
import { printable } from "./tables.ts";

interface EvaluateOptions {
  truth?: string;
  json?: boolean;
  html?: string;
  failUnder?: number;
}

export const addEvaluateCommands: AddCommands = ({ program, withServices }) => {
  program
    .command("evaluate")
    .description("how right a report is against labels: accuracy, causes, calibration")
    .argument("<report>", "what `batch --report` wrote")
    .option("--truth <file>", "labels as CSV (default: truth.csv or labels.csv beside the frames, and your decisions)")
    .option("--json", "one JSON document and nothing else")
    .option("--html <file>", "write a page with the curves and every frame that was not right")
    .option("--fail-under <percent>", "exit code 1 when fewer are right", percent)
    .addHelpText("after", "\nExample: nebulift evaluate night.json --truth labels.csv --html right.html --fail-under 97")
    .action((report: string, options: EvaluateOptions) => withServices({}, (services) => evaluate(services, report, options)));
};

async function evaluate(services: Services, report: string, options: EvaluateOptions): Promise<number> {
  const { evaluation, notUnderstood } = await services.learning.evaluate(report, options.truth ?? null);
  if (options.html) await saveReport(options.html, services.evaluationPage(evaluation));
  if (options.json) process.stdout.write(jsonText(evaluation));
  else {
    process.stdout.write(evaluationText(evaluation, notUnderstood));
    if (options.html) process.stdout.write(`\nwritten: ${printable(resolve(options.html))}\n`);
  }
  const accuracy = 100 * (evaluation.overall.accuracy ?? 0);
  if (options.failUnder === undefined || accuracy >= options.failUnder) return EXIT.done;
  process.stderr.write(`nebulift: ${accuracy.toFixed(2)} % are right, fewer than ${options.failUnder} %\n`);
  return EXIT.someFailed;
}

export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

export function percent(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 100)) throw new InvalidArgumentError("must be a percentage from 0 to 100.");
  return value;
}
