import type { Verdict } from "../../shared/domain.ts";
import { frameValues } from "./frame-values.ts";
import type { NightFrame } from "./groups.ts";
import type { JudgedFrame, JudgedGroup, JudgedNight } from "./judged.ts";
import { type Baseline, baseline } from "./robust.ts";
import { isHeaderNumber, type RuleText, ruleNumber } from "./user-rule-names.ts";

/** A judged frame as rules see it. */
export class RuleFrame {
  readonly id: string;
  readonly group: RuleGroup;
  /** Exposure, minutes. */
  readonly minutes: number;
  /** What was said of it before any rule of the user. */
  readonly builtIn: Verdict;
  readonly #frame: NightFrame;
  readonly #judged: JudgedFrame;
  #values: Readonly<Record<string, number | null>> | null = null;

  constructor(frame: NightFrame, judged: JudgedFrame, group: RuleGroup) {
    this.id = frame.id;
    this.group = group;
    this.minutes = (frame.summary.metadata.exposure ?? 0) / 60;
    this.builtIn = judged.verdict;
    this.#frame = frame;
    this.#judged = judged;
  }

  /** The number of that name (one of RULE_NUMBER_NAMES), null when the frame lacks it. */
  number(name: string): number | null {
    if (isHeaderNumber(name)) return finite(this.#frame.summary.metadata[name]);
    if (name === "probability") return this.builtIn.probability;
    if (name === "groupFrames") return this.group.size;
    this.#values ??= frameValues(this.#frame.summary, this.#frame.measurement, this.#judged);
    return finite(this.#values[name] ?? null);
  }

  text(name: RuleText): string | null {
    return this.#frame.summary.metadata[name];
  }
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Frames that are compared with one another. Medians and ranks are found once: a limit is dragged over thousands of frames. */
export class RuleGroup {
  readonly size: number;
  readonly frames: RuleFrame[] = [];
  readonly #judged: JudgedGroup;
  readonly #baselines = new Map<string, Baseline | null>();
  readonly #sorted = new Map<string, readonly number[]>();

  constructor(judged: JudgedGroup) {
    this.size = judged.frames.length;
    this.#judged = judged;
  }

  /** Whether the group is large enough for its frames to be compared. */
  get compared(): boolean {
    return this.#judged.baseline !== null;
  }

  /** Median and spread of the good part, as the report gives them; null without one. */
  baseline(name: string): Baseline | null {
    let found = this.#baselines.get(name);
    if (found === undefined) {
      found = this.compared ? this.#find(name) : null;
      this.#baselines.set(name, found);
    }
    return found;
  }

  #find(name: string): Baseline | null {
    const judged = Object.entries(this.#judged.baseline ?? {}).find(([known]) => known === name)?.[1] ?? null;
    // Light and weight are told against the median good frame, which is 1.
    if (judged && (name === "transparency" || name === "weight"))
      return { median: 1, sigma: judged.sigma / judged.median, count: judged.count };
    if (judged) return judged;
    const good = new Set(this.#judged.good);
    const values = this.frames.filter((frame) => good.has(frame.id)).map((frame) => frame.number(name) ?? Number.NaN);
    const floor = ruleNumber(name)?.floor ?? { relative: 0, absolute: 0 };
    return baseline(values, floor.relative, floor.absolute);
  }

  /** Robust z of a value; null where nothing varies, so that no number of sigmas means anything. */
  z(name: string, value: number): number | null {
    const base = this.baseline(name);
    return base && base.sigma > 1e-9 * Math.max(1e-3, Math.abs(base.median)) ? (value - base.median) / base.sigma : null;
  }

  /** All the group's values, ascending; none below the size at which frames are compared. */
  sorted(name: string): readonly number[] {
    let found = this.#sorted.get(name);
    if (!found) {
      found = this.compared
        ? this.frames
            .map((frame) => frame.number(name))
            .filter((value) => value !== null)
            .sort((a, b) => a - b)
        : [];
      this.#sorted.set(name, found);
    }
    return found;
  }

  /** Where a value stands among the group's: 0 the lowest, 1 the highest, equals in the middle of theirs; null below two values. */
  rank(name: string, value: number): number | null {
    const sorted = this.sorted(name);
    if (sorted.length < 2) return null;
    const below = firstAtLeast(sorted, value);
    let equal = below;
    while (equal < sorted.length && sorted[equal] === value) equal++;
    return (below + (Math.max(1, equal - below) - 1) / 2) / (sorted.length - 1);
  }

  /**
   * The value that a frame must be worse than to be among the worst `percent` of the group, never more of them than that: of
   * equal frames all or none. Null when the share is less than one frame.
   */
  worstEdge(name: string, percent: number, better: "lower" | "higher"): number | null {
    const sorted = this.sorted(name);
    const count = Math.floor((sorted.length * percent) / 100 + 1e-9);
    if (count < 1) return null;
    if (count >= sorted.length) return better === "lower" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return better === "lower" ? sorted[sorted.length - 1 - count] : sorted[count];
  }
}

/** Index of the first value that is not below the given one. */
function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface RuleNight {
  frames: readonly RuleFrame[];
}

/** What rules are asked of: all judged frames of the night, in the order given. `judged` without rules applied. */
export function ruleNight(frames: readonly NightFrame[], judged: Pick<JudgedNight, "frames" | "groups">): RuleNight {
  const groupOf = new Map<string, RuleGroup>();
  for (const group of judged.groups) {
    const made = new RuleGroup(group);
    for (const id of group.frames) groupOf.set(id, made);
  }
  const out: RuleFrame[] = [];
  for (const frame of frames) {
    const verdict = judged.frames.get(frame.id);
    const group = groupOf.get(frame.id);
    if (!verdict || !group) continue;
    const made = new RuleFrame(frame, verdict, group);
    group.frames.push(made);
    out.push(made);
  }
  return { frames: out };
}
