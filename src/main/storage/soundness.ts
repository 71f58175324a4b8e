import { statSync } from "node:fs";
import { join } from "node:path";
import { toNebuliftError } from "../../shared/errors.ts";
import type { Places } from "./places.ts";

export interface Soundness {
  file: string;
  /** Null where there is no such file yet. */
  bytes: number | null;
  /** Null when all of it is as it should be. */
  fault: string | null;
}

/** Reads the databases from end to end without changing anything (SQLite's integrity_check). */
export function databaseSoundness(places: Pick<Places, "data" | "cache">): Soundness[] {
  const sqlite = process.getBuiltinModule("node:sqlite") as typeof import("node:sqlite") | undefined;
  return [join(places.data, "nebulift.db"), join(places.cache, "measurements.db")].map((file) => {
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? null;
    if (bytes === null) return { file, bytes, fault: null };
    if (sqlite === undefined) return { file, bytes, fault: "SQLite needs Node 22.13 or newer" };
    try {
      const db = new sqlite.DatabaseSync(file, { readOnly: true });
      try {
        const found = String(db.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"]);
        return { file, bytes, fault: found === "ok" ? null : found };
      } finally {
        db.close();
      }
    } catch (error) {
      return { file, bytes, fault: toNebuliftError(error).detail };
    }
  });
}
