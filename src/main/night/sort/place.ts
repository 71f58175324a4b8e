import { digestOf, eachBlock } from "./digest.ts";
import { systemCode } from "./disk-files.ts";
import type { HowPlaced } from "./journal-records.ts";
import { PlacingError, sourceTrouble, targetTrouble } from "./placing-error.ts";
import { type FileFacts, type OpenFile, type SortFiles, sameFile } from "./sort-files.ts";

/** One file's way from a place to another. */
export interface Leg {
  source: string;
  target: string;
  /** Where a copy grows, hidden, in the target's folder; the name is the session's and the item's alone. */
  part: string;
  /** What the source must be for anything to be done about it. */
  expect: { size: number; mtimeNs: bigint; sha256: string | null };
  /** The time that a copy is given. */
  mtimeNs: bigint;
}

export interface PlaceTools {
  files: SortFiles;
  signal?: AbortSignal | undefined;
  /** Becomes false when the file systems cannot share blocks between them. */
  clones: { possible: boolean };
  /** Called, and waited for, before an empty file holds the target's name. */
  reserve: () => Promise<void>;
}

/** How a file got under its name; null: the name was taken, nothing was done. */
export type Placing = { how: HowPlaced; sha256: string | null } | null;

/** What a file system answers that knows no second names, or not for this file. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EISDIR", "UNKNOWN"]);

/** Copies, verifies, and only then gives the copy its name. */
export async function placeCopy(leg: Leg, tools: PlaceTools): Promise<Placing> {
  const copy = await copyToPart(leg, tools);
  try {
    if (await commitPart(leg, tools)) return copy;
  } catch (error) {
    await tidy(() => removePart(tools.files, leg.part));
    throw targetTrouble(leg.target, error);
  }
  await removePart(tools.files, leg.part);
  return null;
}

/**
 * Gives the file its new name; the old one stays until `leave`, where that is possible. To another disk it is copied.
 * Nothing is ever replaced: a second name fails where there is a first.
 */
export async function placeMove(leg: Leg, tools: PlaceTools): Promise<Placing> {
  const { files } = tools;
  await checkSource(leg, files);
  try {
    await files.link(leg.source, leg.target);
    return { how: "renamed", sha256: null };
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST") return null;
    if (code === "EXDEV") return placeCopy(leg, tools);
    if (code === "ENOENT" && (await files.facts(leg.source)) === null) throw sourceTrouble(leg.source, error);
    if (!NO_LINKS.has(code)) throw targetTrouble(leg.target, error);
  }
  try {
    return (await replaceHeld(leg.source, leg, tools)) ? { how: "renamed", sha256: null } : null;
  } catch (error) {
    if (systemCode(error) === "EXDEV") return placeCopy(leg, tools);
    throw targetTrouble(leg.target, error);
  }
}

/** A second name on the same disk; on another one a symbolic link. */
export async function placeLink(leg: Leg, { files }: PlaceTools): Promise<Placing> {
  await checkSource(leg, files);
  try {
    await files.link(leg.source, leg.target);
    return { how: "linked", sha256: null };
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST") return null;
    if (code === "ENOENT" && (await files.facts(leg.source)) === null) throw sourceTrouble(leg.source, error);
    if (code !== "EXDEV" && !NO_LINKS.has(code)) throw targetTrouble(leg.target, error);
  }
  try {
    await files.symlink(leg.source, leg.target);
    return { how: "symlinked", sha256: null };
  } catch (error) {
    if (systemCode(error) === "EEXIST") return null;
    if (!NO_LINKS.has(systemCode(error))) throw targetTrouble(leg.target, error);
    throw new PlacingError("sort", "feature-missing", "this disk knows no links between files; copy or move instead", error);
  }
}

/** Takes the old name away from a file that is whole under its new one; else takes the new one back and throws. */
export async function leave(leg: Leg, how: HowPlaced, files: SortFiles): Promise<void> {
  const source = await files.facts(leg.source);
  if (source === null) return;
  const target = await files.facts(leg.target);
  const same = sameFile(source, target);
  // Another file has come to stand in the old place: it is none of ours.
  if (how === "renamed" && !same) return;
  if (target === null || target.size !== leg.expect.size) throw changed(leg.target);
  try {
    if (!same && !isExpected(source, leg)) throw changed(leg.source);
    await files.unlink(leg.source);
  } catch (error) {
    await tidy(() => files.unlink(leg.target));
    if (error instanceof PlacingError) throw error;
    throw new PlacingError("file", "output-unwritable", `${leg.source} cannot be moved away: ${systemCode(error)}`, error);
  }
}

export function isExpected(facts: FileFacts, { expect }: Pick<Leg, "expect">): boolean {
  return facts.kind === "file" && facts.size === expect.size && facts.mtimeNs === expect.mtimeNs;
}

async function checkSource(leg: Leg, files: SortFiles): Promise<void> {
  let facts: FileFacts | null;
  try {
    facts = await files.facts(leg.source);
  } catch (error) {
    throw sourceTrouble(leg.source, error);
  }
  if (facts === null) throw new PlacingError("file", "file-missing", leg.source);
  if (!isExpected(facts, leg)) throw changed(leg.source);
}

function changed(path: string): PlacingError {
  return new PlacingError("file", "file-changed", path);
}

/** A whole copy under the part's name, with the source's times and permissions, on the disk and read back. */
async function copyToPart(leg: Leg, tools: PlaceTools): Promise<NonNullable<Placing>> {
  const { files, clones } = tools;
  try {
    if (clones.possible) {
      const done = await cloned(leg, files);
      if (done) return { how: "cloned", sha256: null };
      if (done === false) clones.possible = false;
    }
    return { how: "copied", sha256: await copied(leg, tools) };
  } catch (error) {
    await tidy(() => removePart(files, leg.part));
    throw error;
  }
}

/** False: these file systems cannot. Null: this file could not. */
async function cloned(leg: Leg, files: SortFiles): Promise<boolean | null> {
  await checkSource(leg, files);
  try {
    if (!(await files.clone(leg.source, leg.part))) return false;
  } catch {
    // The copy that is tried instead meets the same trouble, and knows whether reading or writing has it.
    return null;
  }
  const like = await files.facts(leg.source);
  let part: OpenFile | null = null;
  try {
    part = await files.read(leg.part);
    const { size } = await part.facts();
    if (like === null || !isExpected(like, leg) || size !== leg.expect.size) throw changed(leg.source);
    await part.setAttributes(like, leg.mtimeNs);
    await part.sync();
  } catch (error) {
    throw targetTrouble(leg.part, error);
  } finally {
    await part?.close();
  }
  return true;
}

async function copied(leg: Leg, tools: PlaceTools): Promise<string> {
  const { files, signal } = tools;
  let source: OpenFile | null = null;
  let part: OpenFile | null = null;
  let sha256: string;
  try {
    source = await files.read(leg.source);
    const like = await source.facts();
    if (!isExpected(like, leg)) throw changed(leg.source);
    part = await attempt(leg.part, () => files.create(leg.part));
    const into = part;
    const read = await eachBlock(source, signal, (bytes) => attempt(leg.part, () => into.write(bytes)));
    sha256 = read.sha256;
    const after = await source.facts();
    if (read.size !== leg.expect.size || !isExpected(after, leg)) throw changed(leg.source);
    if (leg.expect.sha256 !== null && leg.expect.sha256 !== sha256) throw changed(leg.source);
    await attempt(leg.part, async () => {
      await into.setAttributes(like, leg.mtimeNs);
      await into.sync();
    });
  } catch (error) {
    throw sourceTrouble(leg.source, error);
  } finally {
    await source?.close();
    await part?.close();
  }
  const back = await attempt(leg.part, () => digestOf(files, leg.part, signal));
  if (back.sha256 !== sha256) throw new PlacingError("sort", "copy-differs", leg.target);
  return sha256;
}

async function attempt<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw targetTrouble(path, error);
  }
}

async function commitPart(leg: Leg, tools: PlaceTools): Promise<boolean> {
  const { files } = tools;
  try {
    await files.link(leg.part, leg.target);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    if (!NO_LINKS.has(systemCode(error))) throw error;
    return replaceHeld(leg.part, leg, tools);
  }
  await files.unlink(leg.part);
  return true;
}

/** Where there are no second names an empty file of ours holds the name, and the whole one replaces that. */
async function replaceHeld(from: string, leg: Leg, { files, reserve }: PlaceTools): Promise<boolean> {
  await reserve();
  try {
    await (await files.create(leg.target)).close();
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
  try {
    await files.rename(from, leg.target);
    return true;
  } catch (error) {
    await tidy(() => files.unlink(leg.target));
    throw error;
  }
}

/** After a failure: what cannot be tidied now is named in the journal, and `resume` and `undo` do it. */
async function tidy(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (systemCode(error) === "") throw error;
  }
}

export async function removePart(files: SortFiles, part: string): Promise<void> {
  if ((await files.facts(part)) !== null) await files.unlink(part);
}
