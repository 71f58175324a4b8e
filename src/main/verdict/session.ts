import { shapeHarms } from "./blur.ts";
import { dimmingHarms } from "./dimming.ts";
import { skyHarms } from "./glow.ts";
import type { Compared, GroupBaseline } from "./group-baseline.ts";
import type { Harm } from "./harm.ts";
import type { JudgeSettings } from "./settings.ts";

/** Harm of one frame against the good part of its group. */
export function sessionHarms(compared: Compared, group: GroupBaseline, settings: JudgeSettings): Harm[] {
  const dimming = dimmingHarms(compared, group, settings);
  return [...dimming, ...shapeHarms(compared, group, settings), ...skyHarms(compared, group, settings, dimming)];
}
