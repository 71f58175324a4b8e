import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { NebuliftError } from "../../shared/errors.ts";
import { inTransaction } from "./transaction.ts";

export interface Migration {
  /** 1, 2, 3 ... without gaps; one that has been released never changes. */
  number: number;
  name: string;
  sql: string;
}

/**
 * Brings a database to the newest layout, one transaction per step, so that a crash leaves it before or after a step.
 * With `backup` a copy is made before every step, except of an empty database. Returns whether anything had to be done.
 * Throws `store-newer` when a later version of Nebulift has been here.
 */
export function migrate(db: DatabaseSync, file: string, migrations: readonly Migration[], backup: boolean, now: () => number): boolean {
  const newest = migrations.at(-1)?.number ?? 0;
  for (let changed = false; ; changed = true) {
    const at = layoutOf(db);
    if (at > newest) throw new NebuliftError("store-newer", `${file}, layout ${at}, known ${newest}`);
    const next = migrations.find(({ number }) => number > at);
    if (next === undefined) return changed;
    if (backup && at > 0) saveCopy(db, `${file}.before-${next.number}`);
    inTransaction(db, () => {
      // Another process may have taken this step while we waited for the lock.
      if (layoutOf(db) === at) apply(db, next, now());
    });
  }
}

function layoutOf(db: DatabaseSync): number {
  const known = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'").get();
  if (known === undefined) return 0;
  const row = db.prepare("SELECT max(number) AS number FROM migrations").get();
  return Number(row?.["number"] ?? 0);
}

function apply(db: DatabaseSync, { number, name, sql }: Migration, time: number): void {
  db.exec("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, time INTEGER NOT NULL) STRICT");
  db.exec(sql);
  db.prepare("INSERT INTO migrations (number, name, time) VALUES (?, ?, ?)").run(number, name, time);
}

/** Written under another name first, so that a copy with this name is a whole one, also after a power cut. */
export function saveCopy(db: DatabaseSync, target: string): void {
  const partial = `${target}.${process.pid}`;
  if (existsSync(partial)) rmSync(partial);
  try {
    db.prepare("VACUUM INTO ?").run(partial);
    const file = openSync(partial, "r+");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
