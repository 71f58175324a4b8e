import { join } from "node:path";
import type { VerdictKind } from "../../../shared/domain.ts";
import { codeOfSystemError, NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import { systemCode } from "./disk-files.ts";
import type { SortFolders } from "./folders.ts";
import { journalPath, readJournal, sessionsIn } from "./journal.ts";
import { SORTED_VERDICTS, type SortAction, type SortedVerdict } from "./journal-records.ts";
import { baseName, type EarlierPlace, type FrameToSort, folderOf, type PlannedSort, planFiles, targetFolder } from "./plan.ts";
import type { Trouble } from "./session.ts";
import { stateOf } from "./session.ts";
import { namesByKey, sidecarsOf } from "./sidecars.ts";
import type { FileFacts, SortFiles } from "./sort-files.ts";

/** A frame's row of the report, as far as a sort needs it. */
export interface GradedFrame {
  /** Relative to the input, with `/`. */
  path: string;
  verdict: VerdictKind;
}

export interface SortPlan extends PlannedSort {
  /** Frames and sidecars that are not there any more, not plain files, or cannot be looked at. */
  missing: (Trouble & { path: string })[];
  /** Files that stay where they are: not lights, unreadable. */
  staying: number;
  /** Bytes that copies take, at most: a file system that shares blocks needs none. */
  bytesNeeded: number;
  bytesFree: number;
  /** Folders that are not there yet, relative to the output, outermost first. */
  newFolders: string[];
}

export interface SurveyOptions {
  action: SortAction;
  keepFolders: boolean;
  frames: readonly GradedFrame[];
  signal?: AbortSignal | undefined;
}

/** Looks at both folders and plans a sort. Changes nothing. Throws `output-exists` where links were sorted otherwise before, `cancelled`. */
export async function planSort(files: SortFiles, folders: SortFolders, options: SurveyOptions): Promise<SortPlan> {
  const missing: SortPlan["missing"] = [];
  const frames = await framesToSort(files, folders.input, options, missing);
  const earlier = await earlierPlaces(files, folders);
  const targets = new Set(frames.map(({ path, verdict }) => targetFolder(path, verdict, options.keepFolders)));
  const taken = new Map<string, string[]>();
  for (const target of targets) taken.set(target, await namesIn(files, join(folders.output, target)));
  const planned = planFiles({ ...options, frames, earlier, taken });
  const relinked = planned.files.find(({ base, facts }) => base === "out" && facts.kind === "link");
  if (relinked)
    throw new NebuliftError("output-exists", `${relinked.frame} has another verdict now than when it was linked; undo that sort first`);
  const { device } = (await files.facts(folders.existing)) ?? { device: null };
  const copied = planned.files.filter(({ how, facts }) => how === "copy" || (how === "move" && facts.device !== device));
  return {
    ...planned,
    missing,
    staying: options.frames.filter(({ verdict }) => !isSorted(verdict)).length,
    bytesNeeded: copied.reduce((sum, { facts }) => sum + facts.size, 0),
    bytesFree: await files.freeBytes(folders.existing),
    newFolders: await foldersToMake(files, folders.output, new Set(planned.files.map(({ to }) => folderOf(to)))),
  };
}

/** The file of this relative path. */
export function placeIn(root: string, path: string): string {
  return path === "" ? root : join(root, ...path.split("/"));
}

async function framesToSort(
  files: SortFiles,
  input: string,
  { frames: graded, signal }: SurveyOptions,
  missing: SortPlan["missing"],
): Promise<FrameToSort[]> {
  const sorted = graded.filter((frame): frame is GradedFrame & { verdict: SortedVerdict } => isSorted(frame.verdict));
  const isFrame = new Set(sorted.map(({ path }) => path));
  const claimed = new Set<string>();
  const namesOf = new Map<string, ReturnType<typeof namesByKey>>();
  const frames: FrameToSort[] = [];
  for (const { path, verdict } of sorted) {
    if (signal?.aborted) throw new NebuliftError("cancelled", "nothing was sorted yet");
    const facts = await factsOrTrouble(files, placeIn(input, path));
    if ("code" in facts) {
      missing.push({ path, ...facts });
      continue;
    }
    const folder = folderOf(path);
    const names = namesOf.get(folder) ?? namesByKey(await namesIn(files, placeIn(input, folder)));
    namesOf.set(folder, names);
    const sidecars: FrameToSort["sidecars"] = [];
    for (const name of sidecarsOf(baseName(path), names)) {
      const beside = folder === "" ? name : `${folder}/${name}`;
      if (isFrame.has(beside) || claimed.has(beside)) continue;
      const known = await factsOrTrouble(files, placeIn(input, beside));
      if ("code" in known) {
        missing.push({ path: beside, ...known });
        continue;
      }
      claimed.add(beside);
      sidecars.push({ path: beside, facts: known });
    }
    frames.push({ path, verdict, facts, sidecars });
  }
  return frames;
}

function isSorted(verdict: VerdictKind): verdict is SortedVerdict {
  return (SORTED_VERDICTS as readonly VerdictKind[]).includes(verdict);
}

async function factsOrTrouble(files: SortFiles, path: string): Promise<FileFacts | Trouble> {
  try {
    const facts = await files.facts(path);
    if (facts === null) return { code: "file-missing", detail: path };
    return facts.kind === "file" ? facts : { code: "file-changed", detail: `${path} is no plain file any more` };
  } catch (error) {
    const { code, detail } = toNebuliftError(error, "file-io");
    return { code, detail };
  }
}

async function namesIn(files: SortFiles, folder: string): Promise<string[]> {
  try {
    return (await files.list(folder)).all;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw new NebuliftError(codeOfSystemError(error) === "file-missing" ? "output-exists" : "output-unwritable", folder, error);
  }
}

/** What finished sorts of the same input have put into this output, where neither file has changed since. */
async function earlierPlaces(files: SortFiles, folders: SortFolders): Promise<Map<string, EarlierPlace>> {
  const places = new Map<string, { to: string; source: Stamp; placed: Stamp }>();
  for (const id of await sessionsIn(files, folders.output)) {
    const session = await readJournal(files, journalPath(folders.output, id));
    if (stateOf(session) !== "finished" || session.header.input !== folders.input) continue;
    for (const { plan, to, placed, done } of session.items) {
      if (!done || placed === null) continue;
      const source = plan.base === "in" ? plan : places.get(plan.frame)?.source;
      if (source) places.set(plan.frame, { to, source, placed });
    }
  }
  const present = new Map<string, EarlierPlace>();
  for (const [path, { to, source, placed }] of places) {
    const facts = await files.facts(placeIn(folders.output, to));
    const original = await files.facts(placeIn(folders.input, path));
    if (facts && original && isStamp(facts, placed) && isStamp(original, source)) present.set(path, { to, facts });
  }
  return present;
}

interface Stamp {
  size: number;
  mtime: string;
}

function isStamp(facts: FileFacts, { size, mtime }: Stamp): boolean {
  return facts.size === size && String(facts.mtimeNs) === mtime;
}

async function foldersToMake(files: SortFiles, output: string, needed: ReadonlySet<string>): Promise<string[]> {
  const made = new Set<string>();
  for (const folder of needed) {
    const parts = folder.split("/");
    for (let depth = 1; depth <= parts.length; depth++) {
      const path = parts.slice(0, depth).join("/");
      if (!made.has(path) && (await files.facts(join(output, ...parts.slice(0, depth)))) === null) made.add(path);
    }
  }
  return [...made].sort();
}
