import type { SortAction, SortedVerdict } from "./journal-records.ts";
import { candidateNames, nameKey, splitName } from "./names.ts";
import type { FileFacts } from "./sort-files.ts";

/** A frame that is to be sorted, with what lies beside it. Paths are relative to the input, with `/`. */
export interface FrameToSort {
  path: string;
  verdict: SortedVerdict;
  facts: FileFacts;
  sidecars: { path: string; facts: FileFacts }[];
}

/** Where an earlier sort put a file of the input; it is still there, unchanged, and so is the file it was made from. */
export interface EarlierPlace {
  to: string;
  facts: FileFacts;
}

export interface PlanInput {
  action: SortAction;
  /** False puts all frames of a verdict side by side; true keeps the folders they were in. */
  keepFolders: boolean;
  frames: readonly FrameToSort[];
  earlier: ReadonlyMap<string, EarlierPlace>;
  /** Names in the output already, by folder (relative, with `/`): as they are. */
  taken: ReadonlyMap<string, readonly string[]>;
}

export interface PlannedFile {
  how: SortAction;
  base: "in" | "out";
  from: string;
  to: string;
  frame: string;
  facts: FileFacts;
}

export interface PlannedSort {
  files: PlannedFile[];
  /** Files that an earlier sort has put where they belong, and where: path to place. */
  settled: Map<string, string>;
}

/** What a sort would do, file by file in the order of the paths. Pure: the same input gives the same plan. */
export function planFiles(input: PlanInput): PlannedSort {
  const taken = new Map([...input.taken].map(([folder, names]) => [folder, new Set(names.map(nameKey))]));
  const planned: PlannedSort = { files: [], settled: new Map() };
  for (const frame of [...input.frames].sort((a, b) => byPath(a.path, b.path))) {
    const folder = targetFolder(frame.path, frame.verdict, input.keepFolders);
    const names = taken.get(folder) ?? new Set<string>();
    taken.set(folder, names);
    planFrame(frame, folder, names, input, planned);
  }
  return planned;
}

function planFrame(frame: FrameToSort, folder: string, names: Set<string>, input: PlanInput, planned: PlannedSort): void {
  const group = [{ path: frame.path, facts: frame.facts }, ...frame.sidecars];
  const toPlace = group.filter(({ path }) => {
    const earlier = input.earlier.get(path);
    const settled = earlier !== undefined && folderOf(earlier.to) === folder;
    if (settled) planned.settled.set(path, earlier.to);
    return !settled;
  });
  const placed = planned.settled.get(frame.path);
  // Sidecars that came later carry the name that their frame was given.
  const stem = placed ? splitName(baseName(placed)).stem : freeStem(frame.path, toPlace, names);
  const own = splitName(baseName(frame.path)).stem;
  for (const { path, facts } of toPlace) {
    const name = baseName(path);
    const to = `${folder}/${stem}${name.slice(own.length)}`;
    names.add(nameKey(baseName(to)));
    const earlier = input.earlier.get(path);
    planned.files.push(
      earlier
        ? { how: "move", base: "out", from: earlier.to, to, frame: path, facts: earlier.facts }
        : { how: input.action, base: "in", from: path, to, frame: path, facts },
    );
  }
}

/** A stem under which the frame and all that lies beside it find their names free. */
function freeStem(path: string, group: readonly { path: string }[], names: ReadonlySet<string>): string {
  const own = splitName(baseName(path)).stem;
  let last = own;
  for (const candidate of candidateNames(baseName(path), path)) {
    const stem = splitName(candidate).stem;
    last = stem;
    if (group.every((file) => !names.has(nameKey(stem + baseName(file.path).slice(own.length))))) return stem;
  }
  // Every name was taken, down to the whole hash: the sort itself asks again before it makes a file.
  return last;
}

export function targetFolder(path: string, verdict: SortedVerdict, keepFolders: boolean): string {
  const within = folderOf(path);
  return keepFolders && within !== "" ? `${verdict}/${within}` : verdict;
}

export function folderOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at < 0 ? "" : path.slice(0, at);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
