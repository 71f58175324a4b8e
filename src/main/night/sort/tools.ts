import { dirname, join } from "node:path";
import { toNebuliftError } from "../../../shared/errors.ts";
import type { Journal } from "./journal.ts";
import type { PlacedRecord } from "./journal-records.ts";
import type { LockTaker } from "./lock.ts";
import type { Leg, Placing } from "./place.ts";
import type { SortItem, Trouble } from "./session.ts";
import type { FileFacts, SortFiles } from "./sort-files.ts";
import { placeIn } from "./survey.ts";

/** What a sort needs of the world. */
export interface SortTools {
  files: SortFiles;
  lock: Omit<LockTaker, "since">;
  /** Now. */
  now: () => Date;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: SortProgress) => void) | undefined;
}

export interface SortProgress {
  /** Files, sidecars among them. */
  done: number;
  total: number;
}

/** A journal at work, and where its two folders are now. */
export interface OpenSort {
  journal: Journal;
  input: string;
  output: string;
  /** Becomes false when the disks turn out not to share blocks. */
  clones: { possible: boolean };
  held: HeldLocks;
}

export interface HeldLocks {
  /** What a sort that had died left behind was cleared away. */
  tookOver: boolean;
  /** Lets go of the input, where it is held: all of its files are where they belong. */
  leaveInput(): Promise<void>;
}

/** How many files are begun together: the journal is synchronised once for all of them. */
const MOST_FILES = 32;
const MOST_BYTES = 256_000_000;

export function* groupsOf(items: readonly SortItem[]): Generator<SortItem[]> {
  let group: SortItem[] = [];
  let bytes = 0;
  for (const item of items) {
    if (group.length === MOST_FILES || (group.length > 0 && bytes + item.plan.size > MOST_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(item);
    bytes += item.plan.size;
  }
  if (group.length > 0) yield group;
}

/** From where the file was to where it is sorted. */
export function legThere(sort: OpenSort, { plan, to }: SortItem): Leg {
  const target = placeIn(sort.output, to);
  return {
    source: sourceOf(sort, plan),
    target,
    part: partIn(target, sort, plan.n),
    expect: { size: plan.size, mtimeNs: BigInt(plan.mtime), sha256: null },
    mtimeNs: BigInt(plan.mtime),
  };
}

/** And back. */
export function legBack(sort: OpenSort, { plan, to, placed }: SortItem): Leg {
  const target = sourceOf(sort, plan);
  return {
    source: placeIn(sort.output, to),
    target,
    part: partIn(target, sort, plan.n),
    expect: { size: plan.size, mtimeNs: BigInt(placed?.mtime ?? plan.mtime), sha256: placed?.sha256 ?? null },
    mtimeNs: BigInt(plan.mtime),
  };
}

function sourceOf(sort: OpenSort, { base, from }: SortItem["plan"]): string {
  return placeIn(base === "in" ? sort.input : sort.output, from);
}

function partIn(target: string, sort: OpenSort, n: number): string {
  return join(dirname(target), `.nebulift-${sort.journal.session.header.session}-${n}.part`);
}

/** What the journal says of a file in its new place. */
export function placedRecord(facts: FileFacts, { how, sha256 }: NonNullable<Placing>): PlacedRecord {
  return { how, sha256, ...stampOf(facts) };
}

export function stampOf(facts: FileFacts): Pick<PlacedRecord, "size" | "mtime" | "ctime" | "inode"> {
  return { size: facts.size, mtime: String(facts.mtimeNs), ctime: String(facts.ctimeNs), inode: String(facts.inode) };
}

export function troubleOf(error: unknown): Trouble {
  const { code, detail } = toNebuliftError(error, "file-io");
  return { code, detail };
}
