import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { NebuliftError } from "../../shared/errors.ts";

/**
 * A database is its file and, while in use, two beside it. The log goes first: a fresh database that found the old log
 * under its name would take its pages for its own.
 */
const PARTS = ["-wal", "-shm", ""];
/** Copies of damaged databases that are kept; someone may want to look at them, but not for ever. */
const KEPT = 3;

/** Reads every page. Throws `store-damaged` or SQLite's own error where one is not as it should be. */
export function checkSound(db: DatabaseSync, file: string): void {
  const found = String(db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"]);
  if (found !== "ok") throw new NebuliftError("store-damaged", `${file}: ${found}`);
}

/** Which file is under this name just now; null for none. */
export function fileNumber(file: string): string | null {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}

/**
 * Renames a damaged database out of the way; its new name, or null when another process has done so before us.
 * `number` is what fileNumber said of the file that was found damaged.
 */
export function setAside(file: string, number: string | null, time: number): string | null {
  if (number === null || fileNumber(file) !== number) return null;
  const stamp = new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
  let target = `${file}.damaged-${stamp}`;
  for (let i = 2; existsSync(target); i++) target = `${file}.damaged-${stamp}-${i}`;
  for (const part of PARTS) if (existsSync(file + part)) renameSync(file + part, target + part);
  forgetOldest(file);
  return target;
}

function forgetOldest(file: string): void {
  const folder = dirname(file);
  const marked = `${basename(file)}.damaged-`;
  const copies = readdirSync(folder)
    .filter((name) => name.startsWith(marked) && !/-(wal|shm)$/.test(name))
    .sort();
  for (const name of copies.slice(0, -KEPT)) for (const part of PARTS) rmSync(join(folder, name + part), { force: true });
}
