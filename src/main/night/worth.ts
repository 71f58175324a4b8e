/**
 * What frames are worth to a stack: how its signal-to-noise ratio and its star width change as frames are added, the best
 * first. docs/report.md derives the formulas.
 *
 * Frame i shows a star of flux T_i (transparency) as a Gaussian of FWHM F_i on noise of n_i per pixel. A stack adds frames
 * with factors c_i. The SNR of a star under a matched filter is the square root of the integral of its squared image over
 * the noise (Zackay & Ofek 2017, ApJ 836, 187, section 2), which for a sum of Gaussians is
 *   SNR^2 = sum_ij c_i T_i c_j T_j 2 / (F_i^2 + F_j^2)  /  sum_i c_i^2 n_i^2      (1 / F^2 for one frame; constants dropped).
 * A plain average has c = 1. A weighted one scales frames to equal flux and weights them by their own SNR^2
 * w = (T / (n F))^2, so c = w / T; where all F are equal SNR^2 is then the sum of w, the most that any weights can reach.
 */

export type StackClass = "clean" | "review" | "contaminated";

/** One frame as the stack sees it. Only ratios between frames matter, so any common unit will do. */
export interface StackFrame {
  verdict: StackClass;
  /** Share of star light that arrives. */
  transparency: number;
  /** Sky noise of a pixel. */
  noise: number;
  /** Of stars as they stand in the pixels. */
  fwhm: number;
  /** Exposure; null when the file does not say. */
  seconds: number | null;
}

/** SNR of one stack, relative to the reference (see StackWorth), and its star width. */
export interface StackQuality {
  /** SNR of stars. */
  stars: number;
  /** SNR of a surface (a nebula), for which star width does not matter: sum cT / sqrt(sum c^2 n^2). */
  surface: number;
}

export interface WorthPoint {
  /** The class of the frame that was added last. */
  verdict: StackClass;
  frames: number;
  /** Total exposure; null when a frame does not say. */
  seconds: number | null;
  average: StackQuality;
  weighted: StackQuality;
}

/** The curve's state after all frames up to and including a class, with the width of the stars in both stacks. */
export interface WorthStage extends WorthPoint {
  fwhmAverage: number;
  fwhmWeighted: number;
}

/**
 * SNR is relative to the plain average of the clean frames (of all frames, where none is clean): 1.03 is 3 % more. The curve
 * adds frames one by one: clean ones by their own SNR^2, then those to review, then contaminated ones.
 */
export interface StackWorth {
  points: WorthPoint[];
  /** Only clean frames; with those to review; with contaminated ones too. Null where that class has no frame. */
  clean: WorthStage | null;
  review: WorthStage | null;
  contaminated: WorthStage | null;
  /** Places in `points` where stars stand out most. */
  bestAverage: number;
  bestWeighted: number;
}

const ORDER: readonly StackClass[] = ["clean", "review", "contaminated"];

/** Worth of one frame by itself: SNR^2 of a star, (T / (n F))^2. */
function weightOf({ transparency, noise, fwhm }: StackFrame): number {
  return (transparency / (noise * fwhm)) ** 2;
}

/** A stack that grows frame by frame; sums are kept so that adding one costs a single pass over those within. */
class GrowingStack {
  readonly #light: number[] = [];
  readonly #squares: number[] = [];
  #power = 0;
  #flux = 0;
  #variance = 0;

  add({ transparency, noise, fwhm }: StackFrame, factor: number): void {
    const light = factor * transparency;
    const square = fwhm * fwhm;
    let cross = 0;
    for (let i = 0; i < this.#light.length; i++) cross += this.#light[i] / (this.#squares[i] + square);
    this.#power += 4 * light * cross + (light * light) / square;
    this.#flux += light;
    this.#variance += (factor * noise) ** 2;
    this.#light.push(light);
    this.#squares.push(square);
  }

  get quality(): StackQuality {
    return { stars: Math.sqrt(this.#power / this.#variance), surface: this.#flux / Math.sqrt(this.#variance) };
  }

  /** FWHM of the sum of the Gaussians, by bisection to a millionth of its value. */
  get fwhm(): number {
    const height = (radius: number): number =>
      this.#light.reduce(
        (sum, light, i) => sum + (light / this.#squares[i]) * Math.exp((-4 * Math.LN2 * radius * radius) / this.#squares[i]),
        0,
      );
    const half = height(0) / 2;
    let inner = 0;
    let outer = Math.sqrt(this.#squares.reduce((most, square) => Math.max(most, square), 0)) / 2;
    for (let step = 0; step < 22; step++) {
      const middle = (inner + outer) / 2;
      if (height(middle) > half) inner = middle;
      else outer = middle;
    }
    return inner + outer;
  }
}

/** Null when no frame could be measured. Quadratic in the number of frames: a second at ten thousand. */
export function stackWorth(frames: readonly StackFrame[]): StackWorth | null {
  const ordered = ORDER.flatMap((verdict) => frames.filter((frame) => frame.verdict === verdict).sort((a, b) => weightOf(b) - weightOf(a)));
  if (ordered.length === 0) return null;
  const average = new GrowingStack();
  const weighted = new GrowingStack();
  // Noise may be in any unit: weights near 1 keep the sums within the range of numbers.
  const unit = weightOf(ordered[0]);
  let seconds: number | null = 0;
  const points: WorthPoint[] = [];
  const stages = new Map<StackClass, WorthStage>();
  ordered.forEach((frame, index) => {
    average.add(frame, 1);
    weighted.add(frame, weightOf(frame) / unit / frame.transparency);
    seconds = seconds === null || frame.seconds === null ? null : seconds + frame.seconds;
    const point = { verdict: frame.verdict, frames: index + 1, seconds, average: average.quality, weighted: weighted.quality };
    points.push(point);
    if (ordered.at(index + 1)?.verdict !== frame.verdict || index === ordered.length - 1)
      stages.set(frame.verdict, { ...point, fwhmAverage: average.fwhm, fwhmWeighted: weighted.fwhm });
  });
  const reference = (stages.get("clean") ?? points[points.length - 1]).average;
  const stageOf = (verdict: StackClass): WorthStage | null => {
    const stage = stages.get(verdict);
    return stage ? { ...stage, ...relative(stage, reference) } : null;
  };
  const curve = points.map((point) => ({ ...point, ...relative(point, reference) }));
  return {
    points: curve,
    clean: stageOf("clean"),
    review: stageOf("review"),
    contaminated: stageOf("contaminated"),
    bestAverage: bestOf(curve.map((point) => point.average.stars)),
    bestWeighted: bestOf(curve.map((point) => point.weighted.stars)),
  };
}

function relative(point: WorthPoint, reference: StackQuality): { average: StackQuality; weighted: StackQuality } {
  const over = ({ stars, surface }: StackQuality): StackQuality => ({
    stars: stars / reference.stars,
    surface: surface / reference.surface,
  });
  return { average: over(point.average), weighted: over(point.weighted) };
}

function bestOf(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > values[best] ? index : best), 0);
}
