import { finePercentText } from "../../shared/quantity-words.ts";
import {
  type CalibrationMap,
  type CalibrationProposal,
  type CalibrationScores,
  DEFAULT_TARGETS,
  type JudgeSettings,
  type Services,
} from "../services.ts";
import type { AddCommands } from "./command-line.ts";
import { jsonText, percent } from "./evaluate.ts";
import { EXIT } from "./outcome.ts";
import { textTable } from "./text-table.ts";

interface CalibrateOptions {
  truth?: string;
  json?: boolean;
  goodLost?: number;
  badKept?: number;
}

export const addThresholdCommands: AddCommands = ({ program, withServices }) => {
  program
    .command("calibrate")
    .description("learn from labels what the probability is worth and which band of it needs eyes; proposes, changes nothing")
    .argument("<report...>", "what `batch --report` wrote, best of several nights")
    .option("--truth <file>", "labels as CSV (default: truth.csv or labels.csv beside the frames, and your decisions)")
    .option("--good-lost <percent>", "good frames that may be called contaminated (default: 0.5)", percent)
    .option("--bad-kept <percent>", "bad frames that may be kept as clean (default: 2)", percent)
    .option("--json", "one JSON document and nothing else")
    .addHelpText("after", "\nExample: nebulift calibrate friday.json saturday.json --good-lost 1")
    .action((reports: string[], options: CalibrateOptions) => withServices({}, (services) => calibrate(services, reports, options)));

  program
    .command("show-thresholds")
    .description("what frames are judged by, and what calibrate proposes instead")
    .option("--json", "one JSON document and nothing else")
    .addHelpText("after", "\nExample: nebulift show-thresholds")
    .action((options: { json?: boolean }) => withServices({}, async (services) => show(services, options)));

  program
    .command("promote-thresholds")
    .description("judge by what calibrate proposed, or by the thresholds in a file, from now on")
    .argument("[file]", "JSON with any of limits, review, calibration, trails, leastGroup, notable")
    .option("--reset", "back to the built-in judgement")
    .addHelpText("after", "\nExample: nebulift promote-thresholds")
    .action((file: string | undefined, options: { reset?: boolean }, command: { error: (text: string) => never }) => {
      if (file !== undefined && options.reset) command.error("error: --reset takes no file");
      return withServices({}, async (services) => {
        const settings = options.reset ? services.learning.thresholds.reset() : await services.learning.promote(file ?? null);
        process.stdout.write(`in force from now on: ${inWords(settings)}\n`);
        return EXIT.done;
      });
    });
};

async function calibrate(services: Services, reports: string[], options: CalibrateOptions): Promise<number> {
  const share = (given: number | undefined, usual: number): number => (given === undefined ? usual : given / 100);
  const targets = {
    goodLost: share(options.goodLost, DEFAULT_TARGETS.goodLost),
    badKept: share(options.badKept, DEFAULT_TARGETS.badKept),
  };
  const proposal = await services.learning.calibrate(reports, options.truth ?? null, targets, Date.now());
  process.stdout.write(options.json ? jsonText({ schema: 1, kind: "calibration", ...proposal }) : proposalText(proposal));
  return EXIT.done;
}

function proposalText(proposal: CalibrationProposal): string {
  const { labels, good, bad, nights, leftOut, targets, thresholds, met } = proposal;
  const left = leftOut > 0 ? `; ${leftOut} more were decided by a policy or a rule and teach nothing` : "";
  const lines = [
    `${labels} labelled frames (${good} good, ${bad} bad) of ${nights} night${nights === 1 ? "" : "s"}${left}`,
    proposal.heldBack === "nights"
      ? "after: each night as judged by what the others taught"
      : "after: one night only, each fifth of it as judged by what the rest taught; labels of another night would prove more",
    "",
    beforeAndAfter(proposal.before, proposal.after),
    "",
    `correction: ${mapText(thresholds.calibration)} (log loss on nights held back: ${proposal.candidates.map(({ name, logLoss }) => `${name} ${logLoss.toFixed(3)}`).join(", ")})`,
    `review band: ${bandText(thresholds.review)}, for at most ${finePercentText(targets.goodLost)} of the good lost and ${finePercentText(targets.badKept)} of the bad kept`,
  ];
  if (!met) lines.push("No band meets these targets on these labels; this one misses them by least.");
  if (!isBetter(proposal)) lines.push("What is in force did as well on the nights held back: there is no reason to promote this.");
  lines.push("", "`promote-thresholds` judges by it from now on, `promote-thresholds --reset` takes that back.");
  return `${lines.join("\n")}\n`;
}

/** Fewer mistakes, or as many with less to look at or a probability that can be believed more. */
function isBetter({ before, after }: CalibrationProposal): boolean {
  const wrong = ({ confusion }: CalibrationScores): number => confusion.clean.contaminated + confusion.contaminated.clean;
  if (wrong(after) !== wrong(before)) return wrong(after) < wrong(before);
  return after.review < before.review || after.logLoss < before.logLoss;
}

function beforeAndAfter(before: CalibrationScores, after: CalibrationScores): string {
  const share = (value: number | null): string => (value === null ? "-" : finePercentText(value));
  const rows: [string, (scores: CalibrationScores) => string][] = [
    ["right", ({ right }) => share(right)],
    ["good frames lost", ({ goodLost }) => share(goodLost)],
    ["bad frames kept", ({ badKept }) => share(badKept)],
    ["to review", ({ review }) => share(review)],
    ["calibration error (ECE)", ({ ece }) => ece.toFixed(3)],
    ["Brier score", ({ brier }) => brier.toFixed(3)],
    ["log loss", ({ logLoss }) => logLoss.toFixed(3)],
    ["good: clean, review, contaminated", ({ confusion }) => counts(confusion.clean)],
    ["bad: clean, review, contaminated", ({ confusion }) => counts(confusion.contaminated)],
  ];
  return textTable(
    [{ head: "", align: "left" }, { head: "before" }, { head: "after" }],
    rows.map(([name, text]) => [name, text(before), text(after)]),
    "",
  );
}

function counts({ clean, review, contaminated }: CalibrationScores["confusion"]["clean"]): string {
  return `${clean}, ${review}, ${contaminated}`;
}

function bandText([from, to]: readonly [number, number]): string {
  return from === to ? `none, contaminated from P ${to.toFixed(2)} on` : `P ${from.toFixed(2)} to ${to.toFixed(2)}`;
}

function mapText(map: CalibrationMap | null): string {
  if (map === null) return "none, the probability is as good as it is";
  if (map.kind === "logit") return `log-odds x ${map.slope.toFixed(2)} ${map.offset < 0 ? "-" : "+"} ${Math.abs(map.offset).toFixed(2)}`;
  const chance = (x: number): string => (1 / (1 + Math.exp(-x))).toFixed(2);
  return `steps ${map.knots.map(([from, to]) => `${chance(from)} -> ${chance(to)}`).join(", ")}`;
}

function inWords({ review, calibration, trails }: JudgeSettings): string {
  return `review ${bandText(review)}; correction ${mapText(calibration)}; trails ${trails}`;
}

function show(services: Services, options: { json?: boolean }): number {
  const { thresholds } = services.learning;
  const { limits, trails, leastGroup, review, calibration, notable } = thresholds.inForce();
  const inForce = { limits, trails, leastGroup, review, calibration, notable };
  const proposed = thresholds.proposed();
  if (options.json) {
    process.stdout.write(jsonText({ inForce, changed: thresholds.changed(), proposed }));
    return EXIT.done;
  }
  const changed = Object.keys(thresholds.changed() ?? {});
  const other: Record<string, unknown> = { ...proposed?.thresholds.limits };
  const rows = [
    ["review band", bandText(review), proposed?.thresholds.review ? bandText(proposed.thresholds.review) : ""],
    ["correction", mapText(calibration), proposed ? mapText(proposed.thresholds.calibration ?? null) : ""],
    ["trails", trails, ""],
    ["least group", String(leastGroup), ""],
    ["notable from sigma", String(notable), ""],
    ...Object.entries(limits).map(([name, value]) => [`limit ${name}`, String(value), String(other[name] ?? "")]),
  ];
  const made = proposed ? new Date(proposed.made).toISOString().slice(0, 16).replace("T", " ") : "";
  process.stdout.write(
    `${textTable(
      [
        { head: "", align: "left" },
        { head: "in force", align: "left" },
        { head: "proposed", align: "left" },
      ],
      rows,
      "",
    )}\n\n${
      changed.length > 0 ? `set by you: ${changed.join(", ")}; the rest is built in` : "all of it is built in"
    }\n${proposed ? `proposed ${made} UTC from ${proposed.labels} labels of ${proposed.nights} nights; promote-thresholds puts it in force` : "nothing is proposed; calibrate makes a proposal from labels"}\n`,
  );
  return EXIT.done;
}
