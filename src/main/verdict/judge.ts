import type { Reason, Verdict } from "../../shared/domain.ts";
import { absoluteHarms } from "./absolute.ts";
import { calibrated } from "./calibration.ts";
import { gapsInCloud } from "./cloudy-night.ts";
import { fieldCentre, foundIn } from "./found.ts";
import { compareGroup, type Entry } from "./good-part.ts";
import { weightOf } from "./group-baseline.ts";
import { type FrameGroup, groupFrames, type NightFrame } from "./groups.ts";
import { combine, evidenceOf, type Harm, reasonsOf } from "./harm.ts";
import type { JudgedNight } from "./judged.ts";
import { measurePhotometry } from "./photometry.ts";
import { offTarget, pointingOf } from "./pointing.ts";
import type { Baseline } from "./robust.ts";
import { seenShape } from "./seen-shape.ts";
import { type JudgeSettings, settingsOf } from "./settings.ts";
import { trailReasons } from "./trails.ts";
import { applyRules } from "./user-rules.ts";

/**
 * Judges all lights of a night together. Pure: the same frames and settings give the same verdicts in any order.
 * A thousand frames take well under a second.
 */
export function judgeNight(frames: readonly NightFrame[], settings: JudgeSettings): JudgedNight {
  const judged: JudgedNight = { frames: new Map(), groups: [], rules: [] };
  for (const group of groupFrames(frames)) {
    judgeGroup(group, settingsOf(group.frames[0]?.summary.metadata.filter ?? null, settings), judged);
  }
  judged.rules.push(...applyRules(frames, judged, settings));
  return judged;
}

function judgeGroup(group: FrameGroup, settings: JudgeSettings, judged: JudgedNight): void {
  const photometry = measurePhotometry(group.frames);
  const fields = new Map<number, number>();
  for (const { field } of photometry) fields.set(field, (fields.get(field) ?? 0) + 1);
  const main = [...fields].filter(([field]) => field >= 0).sort((a, b) => b[1] - a[1])[0]?.[0] ?? -1;
  // A second field with enough frames of its own is a group of its own (no object name told them apart).
  const separate = [...fields]
    .filter(([field, count]) => field >= 0 && field !== main && count >= settings.leastGroup)
    .map(([field]) => field);
  const parts = [null, ...separate].map((field) =>
    group.frames
      .map((frame, index) => ({ frame, photometry: photometry[index] }))
      .filter((entry) => (field === null ? !separate.includes(entry.photometry.field) : entry.photometry.field === field)),
  );
  parts.forEach((part, index) => {
    if (part.length === 0) return;
    const id = index === 0 ? group.id : `${group.id}/field ${index + 1}`;
    judgePart(id, part, index === 0 ? main : separate[index - 1], settings, judged);
  });
}

function judgePart(id: string, part: Entry[], field: number, settings: JudgeSettings, judged: JudgedNight): void {
  const comparable = part.length >= settings.leastGroup;
  const absolute = part.map((entry) => absoluteHarms(entry.frame, settings));
  const group = comparable ? compareGroup(part, absolute, settings) : null;
  judged.groups.push({ id, frames: part.map((entry) => entry.frame.id), good: group?.good ?? [], baseline: group?.baseline ?? null });
  const centre = fieldCentre(
    part.map((entry) => entry.photometry),
    field,
  );
  const pointing = pointingOf(part, field, settings);
  const own = part.map((_, index) => [...absolute[index], ...(group?.harms[index] ?? [])]);
  const gaps = group ? gapsInCloud(own) : [];
  part.forEach((entry, index) => {
    const harms = [...own[index], ...(gaps[index] ? [gaps[index]] : []), ...offTarget(entry, pointing, settings)];
    const goodFrames = group ? group.good.length : 0;
    const verdict = verdictOf(entry, harms, part.length, goodFrames, settings);
    const through = group?.entries[index] ?? { ...entry, air: { light: 1, width: 1 } };
    const weight = weightOf(entry.frame, through.photometry, through.air);
    judged.frames.set(entry.frame.id, {
      verdict,
      photometry: entry.photometry,
      transparency: against(through.photometry.transparency, group?.baseline.transparency),
      weight: against(weight, group?.baseline.weight),
      found: foundIn(harms, entry.photometry, centre),
      evidence: evidenceOf(harms),
    });
  });
}

function against(value: number | null, base: Baseline | null | undefined): number | null {
  return value !== null && base ? value / base.median : null;
}

function verdictOf(entry: Entry, harms: Harm[], groupSize: number, good: number, settings: JudgeSettings): Verdict {
  const comparable = groupSize >= settings.leastGroup && good >= 3;
  const trails = trailReasons(
    entry.frame.measurement.trails,
    settings.trails,
    groupSize,
    settings.leastGroup,
    seenShape(entry.frame.measurement).fwhm,
  );
  let probability = calibrated(combine(harms), settings.calibration);
  if (trails.contaminated) probability = Math.max(probability, 0.9);
  const reasons: Reason[] = [...reasonsOf(unexplained(harms)), ...trails.reasons];
  const session = reasons.some((reason) => reason.z !== null || reason.baseline !== null);
  if (!comparable) reasons.push(tooFew(groupSize, settings));
  const [from, to] = settings.review;
  const kind = probability >= to ? "contaminated" : probability >= from ? "review" : "clean";
  return {
    kind,
    probability: Math.min(0.999, Math.max(0.001, probability)),
    basis: comparable && (session || reasons.length === 0 || kind === "clean") ? "session" : "absolute",
    comparedWith: comparable ? good : 0,
    reasons,
  };
}

/** A jump splits every star's light in two: what looks like a veil then is the jump. It counts, but is not named beside its cause. */
function unexplained(harms: Harm[]): Harm[] {
  const split = harms.some((harm) => harm.metric === "doubled" && harm.probability >= 0.5);
  if (!split) return harms;
  return harms.filter((harm) => !(harm.code === "veil" || harm.code === "clouds" || harm.metric === "weight"));
}

function tooFew(groupSize: number, settings: JudgeSettings): Reason {
  return {
    code: "too-few",
    severity: "info",
    metric: "groupFrames",
    value: groupSize,
    unit: "frames",
    baseline: null,
    z: null,
    limit: settings.leastGroup,
    where: null,
  };
}
