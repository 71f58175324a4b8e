import { dirname } from "node:path";
import { NebuliftError } from "../../../shared/errors.ts";
import { makeFolders } from "./folders.ts";
import type { HowPlaced } from "./journal-records.ts";
import { candidateNames } from "./names.ts";
import { type Leg, leave, type Placing, placeCopy, placeLink, placeMove } from "./place.ts";
import { PlacingError, targetTrouble } from "./placing-error.ts";
import { baseName, folderOf } from "./plan.ts";
import type { SortItem } from "./session.ts";
import { settle } from "./settle.ts";
import { type FileFacts, sameFile } from "./sort-files.ts";
import { groupsOf, legThere, type OpenSort, placedRecord, type SortTools, troubleOf } from "./tools.ts";

const PLACE = { copy: placeCopy, move: placeMove, link: placeLink } as const;

/**
 * Brings every file that is not there yet to its place. Files that cannot be sorted are noted and left; what would stop
 * the next one as well is thrown, after everything that was begun is in order: `cancelled`, `disk-full`,
 * `output-unwritable`, `copy-differs`, `feature-missing`.
 */
export async function sortItems(sort: OpenSort, tools: SortTools): Promise<void> {
  const { items } = sort.journal.session;
  const progress = { done: items.filter((item) => item.done).length, total: items.length };
  tools.onProgress?.({ ...progress });
  const advance = (): void => {
    progress.done++;
    tools.onProgress?.({ ...progress });
  };
  for (const group of groupsOf(items.filter((item) => !item.done))) await sortGroup(sort, group, tools, advance);
}

/** A file under its new name, whose old one may have to go. */
interface Arrived {
  item: SortItem;
  leg: Leg;
  placing: NonNullable<Placing>;
}

async function sortGroup(sort: OpenSort, group: readonly SortItem[], tools: SortTools, advance: () => void): Promise<void> {
  const { journal } = sort;
  const departing: SortItem[] = [];
  const arrived: Arrived[] = [];
  for (const item of group) {
    if (tools.signal?.aborted) throw new NebuliftError("cancelled", "");
    await noteFailure(sort, item, async () => {
      const found = item.begun ? await lookFor(sort, item, tools) : "source";
      if (found === "source") {
        await begin(sort, item, tools);
        departing.push(item);
      } else if (found !== "there") arrived.push(found);
    });
  }
  await journal.commit();
  let stop: unknown = null;
  for (const item of departing) {
    if (stop !== null) break;
    try {
      if (tools.signal?.aborted) throw new NebuliftError("cancelled", "");
      await noteFailure(sort, item, async () => {
        const { leg, placing } = await depart(sort, item, tools);
        arrived.push({ item, leg, placing });
      });
    } catch (error) {
      stop = error;
    }
    advance();
  }
  await settleIn(sort, arrived, tools);
  if (stop !== null) throw stop;
}

/** A file that was begun before: where it is now. */
async function lookFor(sort: OpenSort, item: SortItem, { files }: SortTools): Promise<"source" | "there" | Arrived> {
  const leg = legThere(sort, item);
  const found = await settle(leg, item.plan.how, item, files);
  if (found === "source") return "source";
  if (found === "nowhere") throw new PlacingError("file", "file-missing", leg.source);
  const target = await files.facts(leg.target);
  if (target === null) throw new PlacingError("file", "file-missing", leg.target);
  const placing = item.placed ?? { how: howFound(item, target, await files.facts(leg.source)), sha256: null };
  if (found === "both") return { item, leg, placing };
  sort.journal.note({ what: "placed", n: item.plan.n, ...placedRecord(target, placing) });
  sort.journal.note({ what: "done", n: item.plan.n });
  return "there";
}

function howFound({ plan }: SortItem, target: FileFacts, source: FileFacts | null): HowPlaced {
  if (plan.how === "link") return target.kind === "link" ? "symlinked" : "linked";
  return plan.how === "move" && (source === null || sameFile(source, target)) ? "renamed" : "copied";
}

/** Chooses a free name and says so in the journal; nothing else happens before that is on the disk. */
async function begin(sort: OpenSort, item: SortItem, { files }: SortTools): Promise<void> {
  const to = await freePlace(sort, item, item.to, files);
  sort.journal.note({ what: "begin", n: item.plan.n, to });
  const { target } = legThere(sort, item);
  await makeFolders(files, sort.output, dirname(target));
}

async function freePlace(sort: OpenSort, item: SortItem, wanted: string, files: SortTools["files"]): Promise<string> {
  for (const name of candidateNames(baseName(wanted), item.plan.frame)) {
    const to = `${folderOf(wanted)}/${name}`;
    const { target } = legThere(sort, { ...item, to });
    try {
      if ((await files.facts(target)) === null) return to;
    } catch (error) {
      throw targetTrouble(target, error);
    }
  }
  throw new PlacingError("file", "output-exists", wanted);
}

async function depart(sort: OpenSort, item: SortItem, tools: SortTools): Promise<Omit<Arrived, "item">> {
  const { journal } = sort;
  const { n, how } = item.plan;
  for (;;) {
    const leg = legThere(sort, item);
    const placing = await PLACE[how](leg, {
      files: tools.files,
      signal: tools.signal,
      clones: sort.clones,
      reserve: async () => {
        journal.note({ what: "reserve", n, to: item.to });
        await journal.commit();
      },
    });
    if (placing !== null) return { leg, placing };
    // Somebody made a file of that name a moment ago.
    journal.note({ what: "begin", n, to: await freePlace(sort, item, item.to, tools.files) });
    await journal.commit();
  }
}

/** Makes new names last, says so, and only then lets go of the old ones. */
async function settleIn(sort: OpenSort, arrived: readonly Arrived[], { files }: SortTools): Promise<void> {
  const { journal } = sort;
  await syncFoldersOf(
    arrived.map(({ leg }) => leg.target),
    files,
  );
  const leaving: Arrived[] = [];
  for (const one of arrived) {
    const { n, how } = one.item.plan;
    const facts = await files.facts(one.leg.target);
    if (facts === null) {
      journal.note({ what: "failed", n, code: "file-missing", detail: `${one.leg.target} was taken away` });
      continue;
    }
    journal.note({ what: "placed", n, ...placedRecord(facts, one.placing) });
    if (how === "move") leaving.push(one);
    else journal.note({ what: "done", n });
  }
  if (leaving.length === 0) return;
  await journal.commit();
  const left: Arrived[] = [];
  for (const one of leaving) {
    await noteFailure(sort, one.item, async () => {
      await leave(one.leg, one.placing.how, files);
      left.push(one);
    });
  }
  await syncFoldersOf(
    left.map(({ leg }) => leg.source),
    files,
  );
  for (const { item, leg, placing } of left) {
    // Losing its other name changed the file's change time, which tells it from an edited one later.
    const facts = await files.facts(leg.target);
    if (facts) journal.note({ what: "placed", n: item.plan.n, ...placedRecord(facts, placing) });
    journal.note({ what: "done", n: item.plan.n });
  }
}

async function syncFoldersOf(paths: readonly string[], files: SortTools["files"]): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    try {
      await files.syncFolder(folder);
    } catch (error) {
      throw targetTrouble(folder, error);
    }
  }
}

/** A failure that is this file's alone is noted; any other is thrown. */
async function noteFailure(sort: OpenSort, item: SortItem, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof PlacingError) || error.scope !== "file") throw error;
    sort.journal.note({ what: "failed", n: item.plan.n, ...troubleOf(error) });
  }
}
