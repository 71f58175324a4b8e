import type { FrameRow, NightHead } from "../../../../../shared/contract.ts";
import { compareInTime, filterOf, timeOf } from "../../../frame-facts.ts";
import { type NightAxis, nightAxis } from "./night-axis.ts";
import type { GroupLevel } from "./thresholds.ts";

/** The frames that stand on the plots, in order of time, and where. */
export interface TimelineFrames {
  rows: readonly FrameRow[];
  axis: NightAxis;
  /** Place of a frame in `rows`. */
  placeOf: ReadonlyMap<string, number>;
  /** Frames of one group that follow one another: places in `rows`, both ends within. */
  runs: readonly { group: string | null; from: number; to: number }[];
}

/** Every frame that was graded, or those of one group alone. */
export function timelineFrames(rows: readonly FrameRow[], group: string | null): TimelineFrames {
  const graded = rows.filter(({ frame }) => frame.verdict !== "not-light" && (group === null || frame.group === group)).sort(compareInTime);
  const runs: { group: string | null; from: number; to: number }[] = [];
  for (const [place, { frame }] of graded.entries()) {
    const run = runs.at(-1);
    if (run !== undefined && run.group === frame.group) run.to = place;
    else runs.push({ group: frame.group, from: place, to: place });
  }
  return {
    rows: graded,
    axis: nightAxis(graded.map(timeOf)),
    placeOf: new Map(graded.map((row, place) => [row.id, place])),
    runs,
  };
}

/** What the frames of each group are held against on the plot of a metric. */
export function groupLevels(frames: TimelineFrames, groups: NightHead["groups"], metric: string): Map<string | null, GroupLevel> {
  const baselines = new Map(groups.map(({ id, baseline }) => [id, baseline[metric]]));
  const levels = new Map<string | null, GroupLevel>();
  for (const { group, from } of frames.runs) {
    if (levels.has(group)) continue;
    const row = frames.rows[from];
    const usual = group === null ? undefined : baselines.get(group);
    const filter = row === undefined ? null : filterOf(row);
    levels.set(group, { filter, median: usual?.median ?? null, sigma: usual?.sigma ?? null });
  }
  return levels;
}

/** The group whose numbers a line is told in: the one with the most frames that can be compared. */
export function leadingGroup(frames: TimelineFrames, levels: ReadonlyMap<string | null, GroupLevel>): GroupLevel {
  const counts = new Map<string | null, number>();
  for (const { group, from, to } of frames.runs) counts.set(group, (counts.get(group) ?? 0) + to - from + 1);
  const [leader] = [...levels].sort(
    ([a, first], [b, second]) =>
      Number(second.median !== null) - Number(first.median !== null) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0),
  );
  return leader?.[1] ?? { filter: null, median: null, sigma: null };
}
