import { dirname } from "node:path";
import { NebuliftError } from "../../../shared/errors.ts";
import { systemCode } from "./disk-files.ts";
import { makeFolders } from "./folders.ts";
import type { HowPlaced, PlacedRecord } from "./journal-records.ts";
import { type Leg, leave, type Placing, placeMove } from "./place.ts";
import { PlacingError, sourceTrouble } from "./placing-error.ts";
import type { SortItem } from "./session.ts";
import { equalFiles, isLinkOf, isRecorded, isUntouched, settle } from "./settle.ts";
import { type FileFacts, sameFile } from "./sort-files.ts";
import { placeIn } from "./survey.ts";
import { groupsOf, legBack, legThere, type OpenSort, placedRecord, type SortTools, troubleOf } from "./tools.ts";

/**
 * Takes back what was sorted, last first: moved files go home, copies and links that nothing was done to go away. What the
 * user changed since stays as it is and is noted. Throws what would stop the next file as well, as sortItems does.
 */
export async function undoItems(sort: OpenSort, tools: SortTools): Promise<void> {
  const { items, folders } = sort.journal.session;
  const waiting = items.filter((item) => item.begun && !item.undo.done && item.undo.kept === null).reverse();
  const progress = { done: items.length - waiting.length, total: items.length };
  const advance = (): void => {
    progress.done++;
    tools.onProgress?.({ ...progress });
  };
  for (const group of groupsOf(waiting)) {
    await undoGroup(sort, group, tools, advance);
  }
  for (const folder of [...folders].reverse()) await removeEmpty(placeIn(sort.output, folder), tools);
}

interface Returned {
  item: SortItem;
  leg: Leg;
  placing: NonNullable<Placing>;
}

async function undoGroup(sort: OpenSort, group: readonly SortItem[], tools: SortTools, advance: () => void): Promise<void> {
  const { journal } = sort;
  if (tools.signal?.aborted) throw new NebuliftError("cancelled", "");
  const begun = new Set(group.filter((item) => item.undo.begun));
  for (const { plan } of group) journal.note({ what: "undo-begin", n: plan.n });
  await journal.commit();
  const returned: Returned[] = [];
  const emptied = new Set<string>();
  let stop: unknown = null;
  for (const item of group) {
    if (stop !== null) break;
    try {
      if (tools.signal?.aborted) throw new NebuliftError("cancelled", "");
      const back = await undoItem(sort, item, begun.has(item), tools);
      if (back !== null) returned.push(back);
      else emptied.add(dirname(legThere(sort, item).target));
    } catch (error) {
      if (error instanceof PlacingError && error.scope === "file") journal.note({ what: "kept", n: item.plan.n, ...troubleOf(error) });
      else stop = error;
    }
    if (stop === null) advance();
  }
  await sync(emptied, tools);
  await comeHome(sort, returned, tools);
  if (stop !== null) throw stop;
}

/** Null: undone and noted. Else the file is home, and its name in the output has yet to go. Throws what keeps it there. */
async function undoItem(sort: OpenSort, item: SortItem, undoBegun: boolean, tools: SortTools): Promise<Returned | null> {
  const there = legThere(sort, item);
  if (!item.done && !(await wasSorted(sort, item, there, tools))) return undone(sort, item);
  const target = await look(there.target, tools);
  if (item.plan.how === "move") return moveBack(sort, item, target, undoBegun, tools);
  if (target !== null) {
    const source = await look(there.source, tools);
    if (item.plan.how === "copy") await checkCopy(item, there, source, target, tools);
    else if (!(await isLinkOf(there, source, target, tools.files))) throw new PlacingError("file", "file-changed", there.target);
    await remove(there.target, tools);
  }
  return undone(sort, item);
}

/** A file whose sorting was cut short: what was half-done is tidied away; true, and in the journal, when it had arrived. */
async function wasSorted({ journal }: OpenSort, item: SortItem, there: Leg, tools: SortTools): Promise<boolean> {
  const found = await settle(there, item.plan.how, item, tools.files);
  if (found === "both") await remove(there.target, tools);
  if (found !== "target") return false;
  const facts = await look(there.target, tools);
  if (facts === null) return false;
  const { n } = item.plan;
  journal.note({ what: "placed", n, ...placedRecord(facts, item.placed ?? { how: howArrived(item, facts), sha256: null }) });
  journal.note({ what: "done", n });
  // What is done about it from here on leans on its having arrived.
  await journal.commit();
  return true;
}

function howArrived({ plan }: SortItem, target: FileFacts): HowPlaced {
  if (plan.how === "link") return target.kind === "link" ? "symlinked" : "linked";
  return plan.how === "move" ? "renamed" : "copied";
}

function undone(sort: OpenSort, item: SortItem): null {
  sort.journal.note({ what: "undone", n: item.plan.n });
  return null;
}

async function moveBack(
  sort: OpenSort,
  item: SortItem,
  target: FileFacts | null,
  undoBegun: boolean,
  tools: SortTools,
): Promise<Returned | null> {
  const { journal } = sort;
  const leg = legBack(sort, item);
  if (undoBegun) {
    const found = await settle(leg, "move", item.undo, tools.files);
    if (found === "target") return undone(sort, item);
    if (found === "both") return { item, leg, placing: placingBack(item, await look(leg.source, tools), await look(leg.target, tools)) };
  }
  if (target === null) throw new PlacingError("file", "file-missing", leg.source);
  if (item.placed !== null && !isRecorded(target, item.placed)) throw new PlacingError("file", "file-changed", leg.source);
  if ((await look(leg.target, tools)) !== null) throw new PlacingError("file", "output-exists", leg.target);
  await makeFolders(tools.files, sort.input, dirname(leg.target));
  const placing = await placeMove(leg, {
    files: tools.files,
    signal: tools.signal,
    clones: sort.clones,
    reserve: async () => {
      journal.note({ what: "reserve", n: item.plan.n, to: item.plan.from });
      await journal.commit();
    },
  });
  if (placing === null) throw new PlacingError("file", "output-exists", leg.target);
  return { item, leg, placing };
}

function placingBack({ undo }: SortItem, source: FileFacts | null, target: FileFacts | null): NonNullable<Placing> {
  return undo.placed ?? { how: sameFile(source, target) ? "renamed" : "copied", sha256: null };
}

/**
 * A copy is only ever removed while the original is there with the same content: from change times where the disk keeps
 * them, else by reading both.
 */
async function checkCopy(item: SortItem, leg: Leg, source: FileFacts | null, target: FileFacts, tools: SortTools): Promise<void> {
  const { plan, placed } = item;
  if (target.kind !== "file" || (placed !== null && !isRecorded(target, placed)))
    throw new PlacingError("file", "file-changed", leg.target);
  if (source?.kind !== "file") throw new PlacingError("file", "file-missing", `${leg.source}; ${leg.target} is the only copy`);
  if (placed !== null && isUntouched(target, placed) && isUntouched(source, plan)) return;
  if (source.size !== target.size || !(await equalFiles(leg.source, leg.target, tools.files, tools.signal)))
    throw new PlacingError("file", "file-changed", `${leg.source} and ${leg.target} are not the same any more`);
}

async function comeHome(sort: OpenSort, returned: readonly Returned[], tools: SortTools): Promise<void> {
  const { journal } = sort;
  if (returned.length === 0) return;
  await sync(new Set(returned.map(({ leg }) => dirname(leg.target))), tools);
  for (const { item, leg, placing } of returned) {
    const facts = await look(leg.target, tools);
    if (facts === null) throw new PlacingError("sort", "file-missing", leg.target);
    const record: PlacedRecord = placedRecord(facts, placing);
    journal.note({ what: "undo-placed", n: item.plan.n, ...record });
  }
  await journal.commit();
  for (const { item, leg, placing } of returned) {
    try {
      await leave(leg, placing.how, tools.files);
      journal.note({ what: "undone", n: item.plan.n });
    } catch (error) {
      if (!(error instanceof PlacingError) || error.scope !== "file") throw error;
      journal.note({ what: "kept", n: item.plan.n, ...troubleOf(error) });
    }
  }
  await sync(new Set(returned.map(({ leg }) => dirname(leg.source))), tools);
}

async function look(path: string, { files }: SortTools): Promise<FileFacts | null> {
  try {
    return await files.facts(path);
  } catch (error) {
    throw sourceTrouble(path, error);
  }
}

async function remove(path: string, { files }: SortTools): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw new PlacingError("file", "output-unwritable", `${path}: ${systemCode(error)}`, error);
  }
}

async function sync(folders: ReadonlySet<string>, { files }: SortTools): Promise<void> {
  for (const folder of folders) {
    try {
      await files.syncFolder(folder);
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw new NebuliftError("output-unwritable", folder, error);
    }
  }
}

async function removeEmpty(folder: string, { files }: SortTools): Promise<void> {
  try {
    await files.removeFolder(folder);
  } catch (error) {
    // What the user put there, or what was kept, keeps its folder.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT", "EPERM", "EACCES"].includes(systemCode(error))) throw error;
  }
}
