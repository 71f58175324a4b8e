import { join } from "node:path";
import { Database } from "./database.ts";
import { Decisions } from "./decisions.ts";
import { MeasurementCache } from "./measurement-cache.ts";
import type { Migration } from "./migrations.ts";
import type { Places } from "./places.ts";
import { Settings } from "./settings.ts";
import { Sorts } from "./sorts.ts";
import type { OnTrouble } from "./trouble.ts";

export interface StoreOptions {
  /**
   * Told when something was lost or cannot be kept (`store-damaged`, `store-newer`, `output-unwritable`, `disk-full`,
   * `file-io`, `feature-missing`), once per database and kind. Nothing else happens: the store works on without it.
   */
  onTrouble: OnTrouble;
  /** Milliseconds since 1970; default Date.now. */
  now?: (() => number) | undefined;
  /** Size to which the measurements may grow; default 500 MB and 200 000 frames. */
  mostBytes?: number | undefined;
  mostFrames?: number | undefined;
  /** Default 500 ms. */
  flushMs?: number | undefined;
}

export interface Store {
  readonly measurements: MeasurementCache;
  readonly settings: Settings;
  readonly decisions: Decisions;
  readonly sorts: Sorts;
  /** Writes what waits to be written. Idempotent. */
  close(): void;
}

/** What the user would miss. Released steps never change; a new table is a new step. */
const USER_DATA: readonly Migration[] = [
  { number: 1, name: "settings", sql: "CREATE TABLE settings (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT" },
  {
    number: 2,
    name: "decisions",
    sql: `CREATE TABLE decisions (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            content TEXT NOT NULL,
            path TEXT NOT NULL,
            who TEXT NOT NULL,
            time INTEGER NOT NULL,
            before TEXT NOT NULL,
            after TEXT,
            cause TEXT,
            program TEXT NOT NULL,
            probability REAL,
            app TEXT NOT NULL
          ) STRICT;
          CREATE INDEX decisionsByContent ON decisions (content, number);
          CREATE TRIGGER decisionsAreKept BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are never deleted'); END;
          CREATE TRIGGER decisionsStay BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;`,
  },
  {
    number: 3,
    name: "sorts",
    sql: `CREATE TABLE sorts (
            session TEXT PRIMARY KEY,
            output TEXT NOT NULL,
            input TEXT NOT NULL,
            action TEXT NOT NULL,
            time INTEGER NOT NULL
          ) STRICT`,
  },
];

/** Opens (and makes) the databases `cache/measurements.db` and `data/nebulift.db`. Never throws. */
export function openStore(places: Pick<Places, "data" | "cache">, options: StoreOptions): Store {
  const { onTrouble, now = Date.now } = options;
  const measurements = new MeasurementCache({
    file: join(places.cache, "measurements.db"),
    onTrouble,
    now,
    mostBytes: options.mostBytes ?? 500_000_000,
    mostFrames: options.mostFrames ?? 200_000,
    flushMs: options.flushMs ?? 500,
  });
  const userFile = join(places.data, "nebulift.db");
  const userData = new Database({
    file: userFile,
    migrations: USER_DATA,
    synchronous: "FULL",
    backup: true,
    checkUpTo: Number.POSITIVE_INFINITY,
    busyMs: 5000,
    onTrouble,
    now,
  });
  return {
    measurements,
    settings: new Settings(userData, onTrouble),
    decisions: new Decisions(userData, userFile, now),
    sorts: new Sorts(userData, now),
    close: () => {
      measurements.close();
      userData.close();
    },
  };
}
