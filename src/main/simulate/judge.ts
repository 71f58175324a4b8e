import { goodPart } from "./baseline.ts";
import type { MeasuredConditions } from "./conditions.ts";
import type { FramePlan } from "./frame-plan.ts";
import { harmsOf, verdictOf } from "./label.ts";
import type { NightSpec } from "./spec.ts";

/** Compares every frame with the good part of its group and says what it is worth. */
export function judgeFrames(spec: NightSpec, frames: MeasuredConditions[]): FramePlan[] {
  const groups = Map.groupBy(frames, (frame) => frame.plan.group);
  return frames.map((frame) => {
    const group = groups.get(frame.plan.group) ?? [frame];
    const baseline = goodPart(group);
    const { harms, weight } = harmsOf(spec, frame, baseline, group.length);
    const verdict = verdictOf(harms, frame, baseline, group.length);
    return { ...frame.plan, truth: { ...frame.truth, weight, harms, ...verdict } };
  });
}
