import { digestOf } from "./digest.ts";
import { systemCode } from "./disk-files.ts";
import type { PlacedRecord, SortAction } from "./journal-records.ts";
import { isExpected, type Leg, removePart } from "./place.ts";
import { type FileFacts, type SortFiles, sameFile } from "./sort-files.ts";

/** Times on FAT have steps of two seconds. */
const COARSEST_TIME_NS = 2_000_000_000n;

/**
 * Where a file is that was on its way when a sort ended: `both` only when a move has left it under both names, or whole on
 * both disks, which has just been compared.
 */
export type Whereabouts = "source" | "target" | "both" | "nowhere";

/**
 * Finds out where a file is from what the journal had said (`begin` at least) and from the disk, and removes what is ours
 * and half-done: the part, and an empty file that held the name.
 */
export async function settle(
  leg: Leg,
  action: SortAction,
  known: { reserved: boolean; placed: PlacedRecord | null },
  files: SortFiles,
): Promise<Whereabouts> {
  const part = await files.facts(leg.part);
  let target = await files.facts(leg.target);
  const named = sameFile(part, target);
  await removePart(files, leg.part);
  const source = await files.facts(leg.source);
  const held = known.reserved && known.placed === null && target?.kind === "file" && target.size === 0;
  // A frame may be empty itself: once its old place is, too, it is the frame.
  if (held && (leg.expect.size > 0 || source !== null)) {
    await files.unlink(leg.target);
    target = null;
  }
  if (target === null) return source === null ? "nowhere" : "source";
  if (action === "link") return (await isLinkOf(leg, source, target, files)) ? "target" : "source";
  if (action === "move" && sameFile(source, target)) return "both";
  if (source === null) return named || isRecorded(target, known.placed) || isLikely(target, leg) ? "target" : "nowhere";
  if (named || (known.placed !== null && isRecorded(target, known.placed)) || (await sameContent(leg, source, target, files))) {
    if (action === "copy") return "target";
    return (await sameContent(leg, source, target, files)) ? "both" : "target";
  }
  return "source";
}

export function isRecorded(facts: FileFacts, placed: PlacedRecord | null): boolean {
  return placed !== null && facts.kind === "file" && facts.size === placed.size && String(facts.mtimeNs) === placed.mtime;
}

/** Not even its attributes were touched: on file systems with change times its content is what it was. */
export function isUntouched(facts: FileFacts, record: { size: number; mtime: string; ctime: string; inode: string }): boolean {
  return (
    facts.size === record.size &&
    String(facts.mtimeNs) === record.mtime &&
    String(facts.ctimeNs) === record.ctime &&
    String(facts.inode) === record.inode
  );
}

export async function isLinkOf(leg: Leg, source: FileFacts | null, target: FileFacts, files: SortFiles): Promise<boolean> {
  if (target.kind === "link") return (await files.readLink(leg.target)) === leg.source;
  return sameFile(source, target);
}

/** A move that was not recorded any more: the file itself, or one that kept its time as well as the disk can. */
function isLikely(target: FileFacts, leg: Leg): boolean {
  const apart = target.mtimeNs - leg.mtimeNs;
  return target.kind === "file" && target.size === leg.expect.size && apart < COARSEST_TIME_NS && apart > -COARSEST_TIME_NS;
}

async function sameContent(leg: Leg, source: FileFacts, target: FileFacts, files: SortFiles): Promise<boolean> {
  if (source.kind !== "file" || target.kind !== "file" || source.size !== target.size) return false;
  if (!isExpected(source, leg)) return false;
  return equalFiles(leg.source, leg.target, files);
}

/** Byte for byte, but for SHA-256's sake. A file that cannot be read is equal to none. */
export async function equalFiles(a: string, b: string, files: SortFiles, signal?: AbortSignal): Promise<boolean> {
  try {
    return (await digestOf(files, a, signal)).sha256 === (await digestOf(files, b, signal)).sha256;
  } catch (error) {
    if (systemCode(error) === "") throw error;
    return false;
  }
}
