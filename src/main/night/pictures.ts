import type { Report } from "../../shared/domain.ts";
import type { Engine } from "../engine/index.ts";
import type { ReportPicture } from "./html-report.ts";
import { nightStretches } from "./night-stretch.ts";
import type { NightState } from "./report.ts";
import { reportPath } from "./scan.ts";

/** Enough to see every kind of trouble; a page with hundreds of pictures would not open on a small laptop. */
const MOST = 48;
const WIDTH = 560;

/** Pictures of the flagged frames, the most certain first, and of the best clean one to compare with, in the night's stretch. */
export async function picturesOf(
  engine: Engine,
  night: NightState,
  report: Report,
  signal?: AbortSignal,
): Promise<Map<string, ReportPicture>> {
  const pathOf = new Map(night.scan.frames.map((path) => [reportPath(night.scan.root, path), path]));
  const flagged = report.frames
    .filter(
      (frame) =>
        frame.measurements &&
        (frame.verdict === "contaminated" || frame.verdict === "review" || frame.reasons.some((r) => r.code === "trail")),
    )
    .sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0))
    .slice(0, MOST);
  const best = report.frames
    .filter((frame) => frame.verdict === "clean" && frame.reasons.length === 0)
    .sort((a, b) => (b.measurements?.["stars"] ?? 0) - (a.measurements?.["stars"] ?? 0))[0];
  const wanted = best ? [best, ...flagged] : flagged;
  const stretches = nightStretches(night.results, night.judged);
  const pictures = new Map<string, ReportPicture>();
  await Promise.all(
    wanted.map(async (frame) => {
      const path = pathOf.get(frame.path);
      if (!path) return;
      try {
        const { jpeg, width, height, scale, summary } = await engine.preview(path, {
          width: WIDTH,
          quality: 80,
          stretch: stretches.get(path) ?? null,
          signal,
        });
        pictures.set(frame.path, { jpeg, width, height, scale, flipped: summary.rowOrder === "bottom-up" });
      } catch (error) {
        // The frame may have gone since it was graded: the report stands without its picture.
        if (signal?.aborted) throw error;
      }
    }),
  );
  return pictures;
}
