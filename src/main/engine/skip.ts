import type { FrameSummary } from "../../shared/domain.ts";
import type { SkipRule } from "./protocol.ts";

/** Everything that is certainly not one exposure of the sky. */
export const SKIP_NOT_LIGHTS: SkipRule = { imageTypes: ["bias", "dark", "flat", "dark-flat", "master"], stacks: true };

export const SKIP_NOTHING: SkipRule = { imageTypes: [], stacks: false };

export function isSkipped(summary: FrameSummary, rule: SkipRule): boolean {
  const { imageType, stackCount } = summary.metadata;
  return rule.imageTypes.includes(imageType) || (rule.stacks && stackCount !== null && stackCount > 1);
}
