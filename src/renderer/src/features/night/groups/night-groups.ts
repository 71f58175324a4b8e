import type { FrameRow, NightHead } from "../../../../../shared/contract.ts";
import { finalVerdict } from "../../../../../shared/final-verdict.ts";
import { exposureOf, filterOf, objectOf, timeOf } from "../../../frame-facts.ts";

/** Frames that are compared with one another, named as people name them. */
export interface NightGroup {
  id: string;
  /** null where the files do not say. */
  object: string | null;
  filter: string | null;
  /** Seconds. */
  exposure: number | null;
  /** Start of its first frame, given only where nothing else tells it from another group. */
  from: number | null;
  frames: number;
  clean: number;
  review: number;
  contaminated: number;
}

/** The groups of the night, in its own order. */
export function nightGroups(rows: readonly FrameRow[], groups: NightHead["groups"]): NightGroup[] {
  const members = Map.groupBy(rows, ({ frame }) => frame.group);
  const named = groups.flatMap(({ id }) => {
    const own = members.get(id);
    return own === undefined ? [] : [groupOf(id, own)];
  });
  const times = Map.groupBy(named, ({ group }) => nameOf(group));
  return named.map(({ group, first }) => ((times.get(nameOf(group))?.length ?? 0) > 1 ? { ...group, from: first } : group));
}

function groupOf(id: string, rows: readonly FrameRow[]): { group: NightGroup; first: number | null } {
  const [any] = rows;
  const tally = { clean: 0, review: 0, contaminated: 0 };
  let first: number | null = null;
  for (const row of rows) {
    const verdict = finalVerdict(row.frame);
    if (verdict === "clean" || verdict === "review" || verdict === "contaminated") tally[verdict] += 1;
    const time = timeOf(row);
    if (time !== null && (first === null || time < first)) first = time;
  }
  const group = {
    id,
    object: any === undefined ? null : objectOf(any),
    filter: any === undefined ? null : filterOf(any),
    exposure: any === undefined ? null : exposureOf(any),
    from: null,
    frames: rows.length,
    ...tally,
  };
  return { group, first };
}

function nameOf({ object, filter, exposure }: NightGroup): string {
  return `${object}\n${filter}\n${exposure === null ? "" : exposure.toPrecision(3)}`;
}
