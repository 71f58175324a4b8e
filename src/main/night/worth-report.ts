import type { ReasonCode, ReportFrame, ReportGroup } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { percentText } from "../../shared/quantity-words.ts";
import { causeOf } from "./integration-time.ts";
import { type StackFrame, type StackWorth, stackWorth, type WorthStage } from "./worth.ts";

export interface GroupWorth {
  worth: StackWorth;
  /** What the contaminated frames of the stack were lost to, most frames first. */
  causes: string[];
  /** Frames that are in no stack here: nothing to compare them by, or harm that SNR cannot tell. */
  unmeasured: number;
  otherHarm: number;
}

/** Harm that makes no star fainter, wider or noisier on average: what these frames do to a stack is not a matter of SNR. */
const OTHER_HARM: ReadonlySet<ReasonCode> = new Set([
  "obstruction",
  "stray-light",
  "trail",
  "off-target",
  "overexposed",
  "no-stars",
  "sensor-fault",
]);

/** What the frames of a group are worth to its stack; null where nothing was compared or fewer than two frames were. */
export function worthOfGroup(group: ReportGroup, frames: readonly ReportFrame[]): GroupWorth | null {
  if (Object.keys(group.baseline).length === 0) return null;
  const stacked: StackFrame[] = [];
  const causes = new Map<string, number>();
  let unmeasured = 0;
  let otherHarm = 0;
  for (const frame of frames) {
    const entry = stackFrame(frame);
    if (entry === null) unmeasured++;
    else if (entry.verdict === "contaminated" && hasOtherHarm(frame)) otherHarm++;
    else {
      stacked.push(entry);
      if (entry.verdict === "contaminated") causes.set(causeOf(frame), (causes.get(causeOf(frame)) ?? 0) + 1);
    }
  }
  if (stacked.length < 2) return null;
  const worth = stackWorth(stacked);
  return worth && { worth, causes: [...causes].sort((a, b) => b[1] - a[1]).map(([cause]) => cause), unmeasured, otherHarm };
}

function hasOtherHarm(frame: ReportFrame): boolean {
  // A jump splits every star: two images have no one width.
  return frame.reasons.some((reason) => reason.severity === "hard" && (OTHER_HARM.has(reason.code) || reason.metric === "doubled"));
}

function stackFrame(frame: ReportFrame): StackFrame | null {
  const verdict = finalVerdict(frame);
  if (verdict === "not-light" || verdict === "unreadable") return null;
  const transparency = frame.measurements?.["transparency"] ?? 0;
  const noise = frame.measurements?.["noise"] ?? 0;
  const fwhm = frame.measurements?.["fwhmSeen"] ?? frame.measurements?.["fwhm"] ?? 0;
  const known = [transparency, noise, fwhm].every((value) => value > 0 && Number.isFinite(value));
  return known ? { verdict, transparency, noise, fwhm, seconds: frame.metadata?.exposure ?? null } : null;
}

/** Changes smaller than this are not worth a word. */
const NOTABLE = 0.005;

/**
 * What adding the doubtful frames, and then those lost to light, noise and sharpness, would do to the stack of clean ones: a sentence
 * each; empty where there is none to add or nothing to add to.
 */
export function worthSentences({ worth, causes }: GroupWorth): string[] {
  const { clean, review, contaminated } = worth;
  if (!clean) return [];
  const sentences: string[] = [];
  if (review) {
    const count = review.frames - clean.frames;
    sentences.push(`Keeping the ${count === 1 ? "doubtful frame" : `${count} doubtful frames`} ${effect(clean, review)}.`);
  }
  if (contaminated) {
    const count = contaminated.frames - (review ?? clean).frames;
    const frames = count === 1 ? "one frame" : `${count} frames`;
    sentences.push(`Keeping ${review ? "also " : ""}the ${frames} lost to ${named(causes)} ${effect(review ?? clean, contaminated)}.`);
  }
  return sentences;
}

function named(causes: readonly string[]): string {
  return causes.length > 1 ? `${causes.slice(0, -1).join(", ")} and ${causes.at(-1)}` : (causes[0] ?? "other causes");
}

function effect(before: WorthStage, stage: WorthStage): string {
  const average = stage.average.stars / before.average.stars - 1;
  const weighted = stage.weighted.stars / before.weighted.stars - 1;
  const wider = stage.fwhmAverage / before.fwhmAverage - 1;
  const stars = Math.abs(wider) < NOTABLE ? "" : ` and make stars ${percentText(Math.abs(wider))} ${wider > 0 ? "wider" : "narrower"}`;
  const change =
    Math.abs(average) < NOTABLE
      ? "leave the SNR of a plain average as it is"
      : `${average > 0 ? "raise" : "lower"} the SNR of a plain average by ${percentText(Math.abs(average))}`;
  return `would ${change} (weighted: ${signed(weighted)})${stars}`;
}

function signed(by: number): string {
  if (Math.abs(by) < NOTABLE) return "no change";
  return `${by > 0 ? "+" : "\u2212"}${percentText(Math.abs(by))}`;
}
