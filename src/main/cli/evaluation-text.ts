import type { CauseScore, Evaluation, NamedTally, OutcomeTally, ProbabilityScores } from "../../shared/evaluation.ts";
import { durationText, finePercentText } from "../../shared/quantity-words.ts";
import { printable } from "./tables.ts";
import { textTable } from "./text-table.ts";

/** Mistakes listed at most; the page and the JSON have all. */
const LISTED = 40;

/** What `evaluate` prints: how right, what was lost and kept, by which cause, how far the probability can be believed. */
export function evaluationText(evaluation: Evaluation, notUnderstood: ReadonlyMap<string, number>): string {
  const parts = [
    head(evaluation, notUnderstood),
    overall(evaluation.overall),
    confusion(evaluation),
    tallies("night", evaluation.nights),
    tallies("group", evaluation.groups),
    causes(evaluation.causes),
    mixUps(evaluation),
    evaluation.probability ? probability(evaluation.probability) : "",
    detection(evaluation),
    mistakes(evaluation),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function head(evaluation: Evaluation, notUnderstood: ReadonlyMap<string, number>): string {
  const lines = [`labels: ${evaluation.sources.map(printable).join(", ")}`];
  const notes = [`${evaluation.matched} frames with a label`];
  if (evaluation.withoutLabel > 0) notes.push(`${evaluation.withoutLabel} without`);
  if (evaluation.withoutFrame > 0)
    notes.push(`${evaluation.withoutFrame} more label${evaluation.withoutFrame === 1 ? "" : "s"} of frames that are not in the report`);
  if (evaluation.ambiguous > 0) notes.push(`${evaluation.ambiguous} ambiguous, left out`);
  lines.push(notes.join("; "));
  if (notUnderstood.size > 0) {
    const rows = [...notUnderstood.values()].reduce((sum, count) => sum + count, 0);
    const words = [...notUnderstood.keys()].slice(0, 5).map((word) => `"${printable(word)}"`);
    lines.push(
      `${rows} label${rows === 1 ? " says" : "s say"} nothing of good or bad: ${words.join(", ")}${notUnderstood.size > 5 ? " ..." : ""}`,
    );
  }
  return lines.join("\n");
}

function of(part: number, whole: number): string {
  return `${part} of ${whole}${whole > 0 ? ` (${finePercentText(part / whole)})` : ""}`;
}

function overall({ frames, right, undecided, wrong, minutes, good, bad }: OutcomeTally): string {
  const time = minutes.frames > 0 ? `, ${durationText(minutes.right)} of ${durationText(minutes.frames)}` : "";
  return [
    `right      ${of(right, frames)}${time}`,
    `undecided  ${of(undecided, frames)}: clear frames sent to review`,
    `wrong      ${of(wrong, frames)}`,
    `good lost  ${of(good.lost, good.frames)}; to review ${of(good.review, good.frames)}`,
    `bad kept   ${of(bad.kept, bad.frames)}; to review ${of(bad.review, bad.frames)}`,
  ].join("\n");
}

function confusion({ confusion: table }: Evaluation): string {
  const names = ["clean", "review", "contaminated", "notGraded"] as const;
  const used = names.filter((name) => name !== "notGraded" || Object.values(table).some((row) => row.notGraded > 0));
  const rows = (["clean", "borderline", "contaminated"] as const)
    .filter((truth) => names.some((name) => table[truth][name] > 0))
    .map((truth) => [`labelled ${truth}`, ...used.map((name) => String(table[truth][name]))]);
  return textTable(
    [{ head: "frames called", align: "left" }, ...used.map((name) => ({ head: name === "notGraded" ? "not graded" : name }))],
    rows,
    "",
  );
}

function tallies(kind: string, list: readonly NamedTally[]): string {
  if (list.length < 2) return "";
  const columns = [
    { head: kind, align: "left" as const },
    ...["frames", "right", "undecided", "wrong", "good lost", "bad kept"].map((name) => ({ head: name })),
  ];
  return textTable(
    columns,
    list.map((tally) => [
      printable(tally.name),
      String(tally.frames),
      tally.accuracy === null ? "" : finePercentText(tally.accuracy),
      String(tally.undecided),
      String(tally.wrong),
      `${tally.good.lost}/${tally.good.frames}`,
      `${tally.bad.kept}/${tally.bad.frames}`,
    ]),
    "",
  );
}

function causes(list: readonly CauseScore[]): string {
  if (list.length === 0) return "";
  const columns = [
    { head: "cause", align: "left" as const },
    ...["in labels", "named", "recall", "blamed", "rightly", "precision"].map((name) => ({ head: name })),
  ];
  const share = (value: number | null): string => (value === null ? "-" : finePercentText(value));
  return textTable(
    columns,
    list.map((score) => [
      score.code,
      String(score.truth),
      String(score.found),
      share(score.recall),
      String(score.named),
      String(score.confirmed),
      share(score.precision),
    ]),
    "",
  );
}

function mixUps({ mixUps: list }: Evaluation): string {
  if (list.length === 0) return "";
  const texts = list.map(({ truth, named, frames }) => `${truth} taken for ${named === "none" ? "nothing" : named} ${frames}x`);
  return `mixed up: ${texts.join(", ")}`;
}

function probability(scores: ProbabilityScores): string {
  const number = (value: number | null): string => (value === null ? "-" : value.toFixed(3));
  const line = `probability, on ${scores.frames} frames with a clear label: ECE ${number(scores.ece)}, Brier ${number(scores.brier)}, log loss ${number(scores.logLoss)}, ROC AUC ${number(scores.auc)}`;
  const table = textTable(
    [{ head: "told", align: "left" }, { head: "frames" }, { head: "mean" }, { head: "bad" }, { head: "95 % interval" }],
    scores.bins.map((bin) => [
      `${bin.from.toFixed(3)} - ${bin.to.toFixed(3)}`,
      String(bin.frames),
      bin.predicted.toFixed(3),
      bin.observed.toFixed(3),
      `${bin.low.toFixed(2)} - ${bin.high.toFixed(2)}`,
    ]),
  );
  return `${line}\n${table}`;
}

function detection({ detection: curves }: Evaluation): string {
  const lines = curves.map((curve) => {
    const seen = `${curve.code}: ${of(curve.noticed, curve.frames)} noticed`;
    const half =
      curve.half === null ? "" : `; half of them at severity ${curve.half.toFixed(2)} (within x${(curve.factor ?? 1).toFixed(2)})`;
    const weakest = curve.weakestNoticed === null ? "" : `; weakest noticed ${curve.weakestNoticed.toFixed(2)}`;
    const missed = curve.strongestMissed === null ? "" : `; strongest overlooked ${curve.strongestMissed.toFixed(2)}`;
    return `  ${seen}${half}${weakest}${missed}`;
  });
  return lines.length === 0 ? "" : ["by severity (1 stands at the limit)", ...lines].join("\n");
}

function mistakes({ mistakes: list }: Evaluation): string {
  if (list.length === 0) return "";
  const lines = list.slice(0, LISTED).map((frame) => {
    const causes =
      frame.truthCauses.length > 0
        ? ` (${frame.truthCauses.join(", ")}${frame.severity === null ? "" : `, severity ${frame.severity.toFixed(2)}`})`
        : "";
    const chance = frame.probability === null ? "" : ` P ${frame.probability.toFixed(2)}`;
    const why = frame.why.length > 0 ? `: ${printable(frame.why.join("; "))}` : ", without a reason";
    return `  ${frame.outcome.padEnd(9)}  ${printable(frame.path)}  labelled ${frame.truth}${causes}, called ${frame.verdict}${chance}${why}`;
  });
  const more = list.length > LISTED ? [`  ... and ${list.length - LISTED} more; --json and --html have all`] : [];
  return ["not right", ...lines, ...more].join("\n");
}
