import type { Reason, Verdict } from "../../shared/domain.ts";
import { absoluteHarms } from "./absolute.ts";
import { calibrated } from "./calibration.ts";
import { fieldCentre, foundIn } from "./found.ts";
import { type Compared, type GroupBaseline, groupBaseline, weightOf } from "./group-baseline.ts";
import { type FrameGroup, groupFrames, type NightFrame } from "./groups.ts";
import { combine, type Harm, reasonsOf } from "./harm.ts";
import type { JudgedNight } from "./judged.ts";
import { type FramePhotometry, measurePhotometry } from "./photometry.ts";
import { type Baseline, median, quantile } from "./robust.ts";
import { seenShape } from "./seen-shape.ts";
import { sessionHarms } from "./session.ts";
import { type JudgeSettings, settingsOf } from "./settings.ts";
import { estimatePedestal, measureSky } from "./sky.ts";
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

interface Entry {
  frame: NightFrame;
  photometry: FramePhotometry;
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
  part.forEach((entry, index) => {
    const harms = [...absolute[index], ...(group?.harms[index] ?? []), ...offTarget(entry, part, field, comparable)];
    const goodFrames = group ? group.good.length : 0;
    const verdict = verdictOf(entry, harms, part.length, goodFrames, settings);
    const weight = weightOf(entry.frame, entry.photometry);
    judged.frames.set(entry.frame.id, {
      verdict,
      photometry: entry.photometry,
      transparency: against(entry.photometry.transparency, group?.baseline.transparency),
      weight: against(weight, group?.baseline.weight),
      found: foundIn(harms, entry.photometry, centre),
    });
  });
}

function against(value: number | null, base: Baseline | null | undefined): number | null {
  return value !== null && base ? value / base.median : null;
}

/** Frames below this P(contaminated) are the good part that the others are measured against. */
const GOOD = 0.3;
const ROUNDS = 8;

/**
 * Finds the good part and the harms against it together: starting from the better quarter of every metric, then dropping
 * what is bad against that and taking in what is not, until nothing changes. So a night that is mostly bad does not become
 * its own standard, and there is no rolling baseline that a slow decline could drag along.
 */
function compareGroup(
  part: Entry[],
  absolute: Harm[][],
  settings: JudgeSettings,
): { baseline: GroupBaseline; harms: Harm[][]; good: string[] } {
  let good = startingSet(part, absolute, settings);
  let harms: Harm[][] = [];
  let base = groupBaseline(good.length > 0 ? good : part);
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const pedestal = estimatePedestal(part.map((entry) => entry.frame));
    const sky = skyOfPart(part, good, pedestal);
    harms = part.map((entry): Harm[] => {
      const evidence = sky.get(entry.frame.id);
      if (!evidence) return [];
      const compared: Compared = { ...entry, sky: evidence, pedestal };
      return sessionHarms(compared, base, settings);
    });
    const next = part.filter((_, index) => combine([...absolute[index], ...harms[index]]) < GOOD);
    const key = next.map((entry) => entry.frame.id).join("\n");
    if (next.length < 3 || seen.has(key)) break;
    seen.add(key);
    good = next;
    base = groupBaseline(good);
  }
  return { baseline: base, harms, good: good.map((entry) => entry.frame.id) };
}

function startingSet(part: Entry[], absolute: Harm[][], settings: JudgeSettings): Entry[] {
  const sound = part.filter((_, index) => combine(absolute[index]) < 0.5);
  const pool = sound.length >= 3 ? sound : part;
  const edge = (values: (number | null)[], q: number): number | null =>
    quantile(
      values.filter((value): value is number => value !== null),
      q,
    );
  const fwhm = edge(
    pool.map((entry) => entry.frame.measurement.shape.fwhm),
    0.25,
  );
  const light = edge(
    pool.map((entry) => entry.photometry.transparency),
    0.75,
  );
  const noise = edge(
    pool.map((entry) => entry.frame.measurement.background.noise),
    0.25,
  );
  const { limits } = settings;
  return pool.filter(({ frame, photometry }) => {
    const { background } = frame.measurement;
    const seen = seenShape(frame.measurement).fwhm;
    if (fwhm !== null && (seen === null || seen > 1.25 * fwhm)) return false;
    if (light !== null && (photometry.transparency === null || photometry.transparency < (limits.transparency + 0.05) * light))
      return false;
    return noise === null || background.noise < 1.5 * noise;
  });
}

/** Vignetting and nebulae turn with the field at a meridian flip: each orientation has its own sky pattern. */
function skyOfPart(part: Entry[], good: Entry[], pedestal: number): ReturnType<typeof measureSky> {
  const side = (entry: Entry): number => (entry.photometry.rotation !== null && Math.abs(entry.photometry.rotation) > 90 ? 1 : 0);
  const out: ReturnType<typeof measureSky> = new Map();
  for (const which of [0, 1]) {
    const frames = part.filter((entry) => side(entry) === which).map((entry) => entry.frame);
    const calm = good.filter((entry) => side(entry) === which).map((entry) => entry.frame);
    for (const [id, evidence] of measureSky(frames, calm, pedestal)) out.set(id, evidence);
  }
  return out;
}

/** Another field than the group's, or one shifted by a good part of the frame. */
function offTarget(entry: Entry, part: Entry[], field: number, comparable: boolean): Harm[] {
  if (!comparable) return [];
  const { photometry, frame } = entry;
  const registered = part.filter((other) => other.photometry.field === field);
  if (registered.length < 0.6 * part.length) return [];
  const base: Omit<Harm, "probability" | "value" | "metric"> = {
    code: "off-target",
    unit: "px",
    baseline: 0,
    limit: null,
    z: null,
    notable: false,
    where: null,
  };
  const typical = median(registered.map((other) => other.frame.measurement.list.x.length)) ?? 0;
  if (photometry.field !== field) {
    const listed = frame.measurement.list.x.length;
    if (listed < Math.max(12, 0.4 * typical)) return [];
    return [{ ...base, metric: "matchedStars", unit: "stars", value: 0, probability: 0.9 }];
  }
  if (!photometry.shift) return [];
  const cx = median(registered.map((other) => other.photometry.shift?.[0] ?? 0)) ?? 0;
  const cy = median(registered.map((other) => other.photometry.shift?.[1] ?? 0)) ?? 0;
  const offset = Math.hypot(photometry.shift[0] - cx, photometry.shift[1] - cy);
  const share = offset / Math.hypot(frame.measurement.width, frame.measurement.height);
  if (share < 0.25) return [];
  return [{ ...base, metric: "shift", value: offset, probability: Math.min(0.95, 0.4 + 2 * (share - 0.25)), notable: true }];
}

function verdictOf(entry: Entry, harms: Harm[], groupSize: number, good: number, settings: JudgeSettings): Verdict {
  const comparable = groupSize >= settings.leastGroup && good >= 3;
  const trails = trailReasons(
    entry.frame.measurement.trails,
    settings.trails,
    groupSize,
    settings.leastGroup,
    entry.frame.summary.metadata.pixelScale,
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
