import { goodPart } from "./baseline.ts";
import type { MeasuredConditions } from "./conditions.ts";
import type { FramePlan } from "./frame-plan.ts";
import { groupFrames } from "./groups.ts";
import { harmsOf, verdictOf } from "./label.ts";
import type { NightSpec } from "./spec.ts";

/** Compares every frame with the good part of its group and says what it is worth; `stars` are the usable ones of each frame. */
export function judgeFrames(spec: NightSpec, frames: MeasuredConditions[], stars: readonly number[]): FramePlan[] {
  const starsOf = new Map(frames.map((frame, i) => [frame, stars[i]]));
  const judged = new Map<MeasuredConditions, FramePlan>();
  for (const [name, group] of groupFrames(frames)) {
    const baseline = goodPart(group);
    for (const frame of group) {
      const usable = starsOf.get(frame) ?? 0;
      const { harms, weight } = harmsOf(spec, frame, usable, baseline, group.length);
      const verdict = verdictOf(harms, frame, baseline, group.length);
      judged.set(frame, { ...frame.plan, group: name, truth: { ...frame.truth, stars: usable, weight, harms, ...verdict } });
    }
  }
  return frames.flatMap((frame) => judged.get(frame) ?? []);
}
