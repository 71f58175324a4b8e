import type { FrameSummary, ImageType } from "../../shared/domain.ts";

const NAMES: Partial<Record<ImageType, string>> = {
  bias: "bias",
  dark: "dark",
  flat: "flat",
  "dark-flat": "dark flat",
  master: "master calibration frame",
};

/** Why the header says that this is no light to be graded, in a few words; null for lights and for headers that say nothing. */
export function notLightByHeader(summary: FrameSummary): string | null {
  const { imageType, stackCount, exposure } = summary.metadata;
  const name = NAMES[imageType];
  if (name) return name;
  if (stackCount !== null && stackCount > 1) return `stack of ${stackCount} exposures`;
  if (exposure === 0 && imageType === "unknown") return "bias (no exposure time)";
  if (summary.format === "jpeg" && summary.metadata.exposure !== null && summary.metadata.exposure < 0.5) return "everyday photograph";
  return null;
}
