import type { RowAmplitudes, TrailProfile } from "./trails-profile.ts";
import type { RowRange, StripPixels, TrailPath, TrailStrip } from "./trails-strip.ts";

/** A trail measured at full resolution: everything that its verification asks for. */
export interface RefinedTrail {
  path: TrailPath;
  strip: TrailStrip;
  profile: TrailProfile;
  amplitudes: RowAmplitudes;
  /** Lit stretches, rows of the strip. */
  stretches: RowRange[];
  /** FWHM perpendicular to the trail, measured px. */
  width: number;
  /** Height of the lit rows' sum over its own noise, and over the scatter of the same sum beside the trail. */
  z: number;
  zBeside: number;
  /** Share of the pixels beside the line that are stars, where it is not bright enough for them not to matter. */
  hidden: number;
}

/** While its strip's pixels are at hand. */
export interface MeasuredLine extends RefinedTrail {
  strip: StripPixels;
}
