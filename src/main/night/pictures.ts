import type { Measurement, Report, ReportFrame, StarList, Stretch } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import type { Engine } from "../engine/index.ts";
import { titledGroups } from "./group-title.ts";
import type { ReportPicture } from "./html-cards.ts";

/** Enough to see every kind of trouble; each picture costs a second reading of its file. */
const MOST = 96;
/** Wide enough to tell a trail from a row of stars when a card is enlarged. */
const WIDTH = 600;
const QUALITY = 78;

/**
 * The frames worth a picture, the most telling first: of every group a good one to compare with, what is to be reviewed (most doubtful
 * first), what is contaminated (of each cause in turn, the surest first), what was kept despite a trail.
 */
export function framesToPicture(report: Report, most = MOST): ReportFrame[] {
  const pictured = report.frames.filter((frame) => frame.measurements !== null);
  const of = (kind: string): ReportFrame[] => pictured.filter((frame) => finalVerdict(frame) === kind);
  const doubt = (frame: ReportFrame): number => Math.abs((frame.probability ?? 0.5) - 0.5);
  const review = of("review").sort((a, b) => doubt(a) - doubt(b));
  const contaminated = inTurns(of("contaminated").sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0)));
  const trails = of("clean").filter((frame) => frame.reasons.some((reason) => reason.code === "trail"));
  const flagged = [...review, ...contaminated, ...trails];
  const models = titledGroups(report).flatMap(({ frames }) => modelOf(frames) ?? []);
  // Models are there to compare with: they never crowd out what was found.
  return [...models.slice(0, Math.ceil(most / 4)), ...flagged].slice(0, most);
}

/** One of each cause, then the next of each, so that a night of clouds still shows its one trail. */
function inTurns(frames: readonly ReportFrame[]): ReportFrame[] {
  const turn = new Map<string, number>();
  return frames
    .map((frame) => {
      const cause = frame.reasons[0]?.code ?? "";
      const mine = turn.get(cause) ?? 0;
      turn.set(cause, mine + 1);
      return { frame, mine };
    })
    .sort((a, b) => a.mine - b.mine)
    .map(({ frame }) => frame);
}

/** The clean frame without any reason that is worth most. */
function modelOf(frames: readonly ReportFrame[]): ReportFrame | null {
  const worth = (frame: ReportFrame): number => frame.measurements?.["weight"] ?? 0;
  return frames
    .filter((frame) => finalVerdict(frame) === "clean" && frame.reasons.length === 0)
    .reduce<ReportFrame | null>((best, frame) => (best === null || worth(frame) > worth(best) ? frame : best), null);
}

/** Side of the square about a star, sensor pixels: three times a defocused star, ten times a good one. */
const STAR_SIDE = 48;
/** Far above the noise and far from saturation, so that the shape shows. */
const STAR_SNR = 200;
/** Star has a flag that makes its shape no example: saturated, blended, at the border (domain.ts, StarList). */
const NO_EXAMPLE = 0b111;

/**
 * A typical star that stands alone, near the middle of the frame, where the optics are at their best: its centre, px as stored. Null
 * when there is none.
 */
export function exampleStar({ list, width, height }: Measurement): { x: number; y: number } | null {
  let best: { x: number; y: number; cost: number } | null = null;
  for (let i = 0; i < list.x.length; i++) {
    const [x, y, snr] = [list.x[i], list.y[i], list.snr[i]];
    const off = Math.max(Math.abs(x / width - 0.5), Math.abs(y / height - 0.5));
    if ((list.flags[i] & NO_EXAMPLE) !== 0 || !(snr > 0) || off > 0.35) continue;
    const cost = Math.abs(Math.log(snr / STAR_SNR)) + neighbours(list, i);
    if (best === null || cost < best.cost) best = { x, y, cost };
  }
  return best && { x: best.x, y: best.y };
}

/** Light of other stars that would be in the picture, over the star's own. */
function neighbours(list: StarList, star: number): number {
  let light = 0;
  for (let i = 0; i < list.x.length; i++) {
    const distance = Math.max(Math.abs(list.x[i] - list.x[star]), Math.abs(list.y[i] - list.y[star]));
    if (i !== star && distance < 0.6 * STAR_SIDE) light += list.flux[i] / list.flux[star];
  }
  return light;
}

/** Frames whose trouble is the shape of their stars, and the good ones to compare them with. */
function showsStar(frame: ReportFrame): boolean {
  return frame.reasons.length === 0 || frame.reasons.some((reason) => reason.code === "focus" || reason.code === "tracking");
}

/** What is known of a night's frames beside its report; they are named as the report names them. */
export interface PictureSources {
  /** Where the frame lies. */
  fileOf: (frame: ReportFrame) => string | null;
  stretchOf: (frame: ReportFrame) => Stretch | null;
  measurementOf: (frame: ReportFrame) => Measurement | null | Promise<Measurement | null>;
}

interface Running {
  signal?: AbortSignal | undefined;
  onDone?: ((done: number, total: number) => void) | undefined;
}

/** Pictures of the frames that are worth one, the most telling first, each group in one stretch. */
export async function picturesOf(
  engine: Engine,
  report: Report,
  { fileOf, stretchOf, measurementOf }: PictureSources,
  { signal, onDone }: Running = {},
): Promise<Map<string, ReportPicture>> {
  const frames = framesToPicture(report);
  let done = 0;
  const taken = await Promise.all(
    frames.map(async (frame): Promise<[string, ReportPicture] | null> => {
      const path = fileOf(frame);
      if (path === null) return null;
      // Whoever looks at frames meanwhile comes first.
      const look = { quality: QUALITY, stretch: stretchOf(frame), signal, pressing: () => false };
      try {
        const { jpeg, width, height, scale, summary } = await engine.preview(path, { ...look, width: WIDTH });
        const measurement = showsStar(frame) ? await measurementOf(frame) : null;
        const centre = measurement && exampleStar(measurement);
        const crop = centre && {
          x: Math.round(centre.x) - STAR_SIDE / 2,
          y: Math.round(centre.y) - STAR_SIDE / 2,
          width: STAR_SIDE,
          height: STAR_SIDE,
        };
        const star = crop && (await engine.preview(path, { ...look, quality: 90, width: STAR_SIDE, crop })).jpeg;
        return [frame.path, { jpeg, width, height, scale, flipped: summary.rowOrder === "bottom-up", star }];
      } catch (error) {
        // The frame may have gone since it was graded: the report stands without its picture.
        if (signal?.aborted) throw error;
        return null;
      } finally {
        onDone?.(++done, frames.length);
      }
    }),
  );
  return new Map(taken.filter((entry) => entry !== null));
}
