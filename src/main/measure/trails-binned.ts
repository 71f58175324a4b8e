import type { PreparedFrame } from "./prepared.ts";
import type { AlignedPath } from "./trails-align.ts";
import type { RefinedTrail } from "./trails-refined.ts";
import type { TrailPath } from "./trails-strip.ts";

/** The plane binned 2 x 2 as a frame of its own: enough for what is wide, at a quarter of the work. */
export function binnedFrame(frame: PreparedFrame): PreparedFrame {
  const { mesh } = frame;
  return {
    ...frame,
    width: frame.binnedWidth,
    height: frame.binnedHeight,
    pixels: frame.binned,
    black: frame.binnedBlack,
    step: frame.binnedStep,
    mesh: { ...mesh, tile: mesh.tile / 2, noise: mesh.noise.map((value) => value / 2) },
  };
}

const toBinned = (x: number) => (x + 0.5) / 2 - 0.5;
const fromBinned = (x: number) => 2 * (x + 0.5) - 0.5;

export function halvedPath({ flat, begin, end, q0, q1, bow }: TrailPath): TrailPath {
  return { flat, begin: toBinned(begin), end: toBinned(end), q0: toBinned(q0), q1: toBinned(q1), bow: bow / 2 };
}

function doubledPath({ flat, begin, end, q0, q1, bow }: TrailPath): TrailPath {
  return { flat, begin: fromBinned(begin), end: fromBinned(end), q0: fromBinned(q0), q1: fromBinned(q1), bow: 2 * bow };
}

/** A path laid onto the binned plane, in measured px. */
export function doubledAlignment(aligned: AlignedPath): AlignedPath {
  return { ...aligned, path: doubledPath(aligned.path), width: 2 * aligned.width };
}

/** A line measured on the binned plane, in measured px and in the noise of those. */
export function doubledLine(line: RefinedTrail): RefinedTrail {
  const { strip, profile, amplitudes } = line;
  // A row of the strip is now as wide as before and twice as many rows of the frame: four pixels in one were, two are.
  const unit = Math.SQRT1_2;
  return {
    ...line,
    path: doubledPath(line.path),
    strip: {
      first: Math.round(fromBinned(strip.first)),
      group: 2 * strip.group,
      rows: strip.rows,
      half: 2 * strip.half,
      tops: strip.tops.map((value) => unit * value),
      noise: 2 * strip.noise,
      hidden: strip.hidden,
    },
    profile: {
      amplitude: unit * profile.amplitude,
      centre: 2 * profile.centre,
      fwhm: 2 * profile.fwhm,
      left: unit * profile.left,
      right: unit * profile.right,
      mean: Float64Array.from({ length: 4 * strip.half + 1 }, (_, c) => unit * profile.mean[c >> 1]),
    },
    amplitudes: { values: amplitudes.values.map((value) => unit * value), sigma: unit * amplitudes.sigma },
    width: 2 * line.width,
  };
}
