import { airOf, type ClearAir, fitClearAir } from "./clear-air.ts";
import { type Compared, type GroupBaseline, groupBaseline, weightOf, widthByAir } from "./group-baseline.ts";
import type { NightFrame } from "./groups.ts";
import { combine, type Harm } from "./harm.ts";
import type { FramePhotometry } from "./photometry.ts";
import { quantile } from "./robust.ts";
import { seenShape } from "./seen-shape.ts";
import { sessionHarms } from "./session.ts";
import type { JudgeSettings } from "./settings.ts";
import { estimatePedestal, measureSky, type SkyEvidence, skyOver } from "./sky.ts";

/** A frame with what its group's reference says of its light. */
export interface Entry {
  frame: NightFrame;
  photometry: FramePhotometry;
}

export interface ComparedGroup {
  baseline: GroupBaseline;
  /** Of each frame, in the order given. */
  harms: Harm[][];
  /** The frames with altitude's part taken out of their transparency, in the order given. */
  entries: (Entry & { air: { light: number; width: number } })[];
  /** The frames that count as good. */
  good: string[];
}

/** Frames below this P(contaminated) are the good part. */
const GOOD = 0.3;
const ROUNDS = 8;
/** Baselines are made of the good frames that not even come near a limit, where these are as many or this share. */
const SOUND = 5;
const SOUND_SHARE = 0.2;
/** Of the better quarter's weight: below it a frame is left out of the baseline, so that a long dawn does not become the norm. */
const WORTH = 0.6;
/** Of the sharper quarter's width: a slow drift of the focus must not carry the baseline along. */
const BLURRED = 1.2;

/**
 * Finds the good part and the harms against it together: starting from the better quarter of every metric, then dropping
 * what is bad against that and taking in what is not, until nothing changes. So a night that is mostly bad does not become
 * its own standard, and there is no rolling baseline that a slow decline could drag along.
 */
export function compareGroup(part: Entry[], absolute: Harm[][], settings: JudgeSettings): ComparedGroup {
  const pedestal = estimatePedestal(part.map((entry) => entry.frame));
  const skyAgainst = skyOfPart(part, pedestal);
  let good = startingSet(part, absolute, settings);
  if (good.length === 0) good = part;
  let sound = good;
  let result: ComparedGroup | null = null;
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const air = fitClearAir(sound);
    const entries = part.map((entry) => throughClearAir(entry, air));
    const chosen = new Set(sound.map((entry) => entry.frame.id));
    const base = groupBaseline(
      entries.filter((entry) => chosen.has(entry.frame.id)),
      air,
    );
    const sky = skyAgainst(good);
    const harms = entries.map((entry, index): Harm[] => {
      const compared: Compared = { ...entry, sky: sky[index], pedestal };
      return sessionHarms(compared, base, settings);
    });
    result = { baseline: base, harms, entries, good: good.map((entry) => entry.frame.id) };
    const all = part.map((_, index) => [...absolute[index], ...harms[index]]);
    const next = part.filter((_, index) => combine(all[index]) < GOOD);
    if (next.length < 3) break;
    const nextSound = soundOf(next, part, all, entries);
    if (isSame(next, good) && isSame(nextSound, sound)) break;
    sound = nextSound;
    const key = [...next, null, ...sound].map((entry) => entry?.frame.id ?? "").join("\n");
    if (seen.has(key)) break;
    seen.add(key);
    good = next;
  }
  return result ?? { baseline: groupBaseline([], { extinction: null, airmass: 1 }), harms: [], entries: [], good: [] };
}

function throughClearAir(entry: Entry, air: ClearAir): ComparedGroup["entries"][number] {
  const own = airOf(entry.frame, air);
  const { transparency, transparencyError } = entry.photometry;
  if (transparency === null) return { ...entry, air: own };
  return {
    ...entry,
    air: own,
    photometry: { ...entry.photometry, transparency: transparency / own.light, transparencyError: transparencyError / own.light },
  };
}

/** Those of the good frames that are near no limit and worth something; all of them when that leaves too few. */
function soundOf(good: Entry[], part: Entry[], harms: Harm[][], entries: ComparedGroup["entries"]): Entry[] {
  const weights = new Map(entries.map((entry) => [entry.frame.id, weightOf(entry.frame, entry.photometry, entry.air)]));
  const airs = new Map(entries.map((entry) => [entry.frame.id, entry.air]));
  const calm = new Set(part.filter((_, index) => !harms[index].some(isNotable)).map((entry) => entry.frame.id));
  const candidates = good.filter((entry) => calm.has(entry.frame.id));
  const best = quantile(
    candidates.map((entry) => weights.get(entry.frame.id) ?? Number.NaN),
    0.75,
  );
  const sharp = quantile(
    candidates.map((entry) => seenShape(entry.frame.measurement).fwhm ?? Number.NaN),
    0.25,
  );
  const sound = candidates.filter((entry) => {
    const { fwhm } = seenShape(entry.frame.measurement);
    if (sharp !== null && fwhm !== null && fwhm > BLURRED * widthByAir(airs.get(entry.frame.id) ?? { width: 1 }) * sharp) return false;
    return best === null || (weights.get(entry.frame.id) ?? best) > WORTH * best;
  });
  return sound.length >= Math.max(SOUND, SOUND_SHARE * good.length) ? sound : good;
}

function isNotable(harm: Harm): boolean {
  return harm.notable || harm.probability > 0.1;
}

/** Eccentricities of a steady night lie within this of its rounder quarter. */
const ROUNDER = 0.15;
/** Star counts of a steady night lie above this share of their upper quarter, counting noise aside. */
const FEWER = 0.85;

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
  const eccentricity = edge(
    pool.map((entry) => seenShape(entry.frame.measurement).eccentricity),
    0.25,
  );
  // A roof that hides half of the field for most of the night leaves the other half's light and width as they were.
  const stars = edge(
    pool.map((entry) => entry.frame.measurement.stars.count),
    0.75,
  );
  const { limits } = settings;
  return pool.filter(({ frame, photometry }) => {
    const { background } = frame.measurement;
    if (stars !== null && frame.measurement.stars.count < FEWER * stars - 2 * Math.sqrt(stars)) return false;
    const seen = seenShape(frame.measurement);
    if (fwhm !== null && (seen.fwhm === null || seen.fwhm > 1.25 * fwhm)) return false;
    if (eccentricity !== null && (seen.eccentricity === null || seen.eccentricity > eccentricity + ROUNDER)) return false;
    if (light !== null && (photometry.transparency === null || photometry.transparency < (limits.transparency + 0.05) * light))
      return false;
    return noise === null || background.noise < 1.5 * noise;
  });
}

/**
 * Sky evidence of the part, in its order, against the good ones among it. Vignetting and nebulae turn with the field at a
 * meridian flip: each orientation has its own sky pattern. What was found for the same good ones just before is given again.
 */
function skyOfPart(part: readonly Entry[], pedestal: number): (good: readonly Entry[]) => readonly SkyEvidence[] {
  const sides = part.map(({ photometry }) => (photometry.rotation !== null && Math.abs(photometry.rotation) > 90 ? 1 : 0));
  const skies = part.map((entry) => skyOver(pedestal, entry.frame));
  let last: { good: readonly Entry[]; evidence: readonly SkyEvidence[] } | null = null;
  return (good) => {
    if (last && isSame(last.good, good)) return last.evidence;
    const chosen = new Set(good);
    const evidence = new Array<SkyEvidence>(part.length);
    for (const side of [0, 1]) {
      const indices = part.flatMap((_, index) => (sides[index] === side ? [index] : []));
      const found = measureSky(
        indices.map((index) => skies[index]),
        indices.map((index) => chosen.has(part[index])),
      );
      indices.forEach((index, k) => {
        evidence[index] = found[k];
      });
    }
    last = { good, evidence };
    return evidence;
  };
}

function isSame(a: readonly Entry[], b: readonly Entry[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
