import { crc32 } from "node:zlib";
import { type Connection, Database } from "./database.ts";
import type { Migration } from "./migrations.ts";
import type { OnTrouble } from "./trouble.ts";

/** Texts and bytes as they were given: what they mean is the engine's business. */
export interface CachedFrame {
  summary: string;
  measurement: { json: string; list: Uint8Array };
}

export interface MeasurementCacheOptions {
  file: string;
  onTrouble: OnTrouble;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Beyond either the longest unused are dropped. */
  mostBytes: number;
  mostFrames: number;
  /** Longest time that a result waits to be written together with others, ms. */
  flushMs: number;
}

interface Entry {
  version: string;
  frame: CachedFrame;
}

const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "measurements",
    sql: `CREATE TABLE measurements (
            identity TEXT PRIMARY KEY,
            version TEXT NOT NULL,
            summary TEXT NOT NULL,
            json TEXT NOT NULL,
            list BLOB NOT NULL,
            sum INTEGER NOT NULL,
            lastUsed INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX measurementsByUse ON measurements (lastUsed);`,
  },
];

const DAY = 86_400_000;
/** Written at once when this many wait: bounds what is lost when the process is killed. */
const FLUSH_AT = 64;
/** More than this many are not kept waiting for a database that another process holds. */
const MOST_WAITING = 4096;
/** Dropping many rows in one go would hold the caller up for long. */
const DROPPED_AT_A_TIME = 500;
const CHECK_EVERY = 500;

/**
 * What has been measured before, by file identity. Looking up is immediate; writing is gathered and done every half
 * second, since each transaction costs more than its rows. Never throws: without a database everything is a miss.
 */
export class MeasurementCache {
  private readonly options: MeasurementCacheOptions;
  private readonly database: Database;
  private readonly waiting = new Map<string, Entry>();
  private readonly touched = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private sinceCheck = CHECK_EVERY;
  private tooMany = false;

  constructor(options: MeasurementCacheOptions) {
    this.options = options;
    this.database = new Database({
      file: options.file,
      migrations: MIGRATIONS,
      synchronous: "NORMAL",
      backup: false,
      checkUpTo: 16 * 1024 * 1024,
      busyMs: 1000,
      onTrouble: options.onTrouble,
      now: options.now,
    });
  }

  /** False when nothing is remembered beyond this process. */
  get usable(): boolean {
    return this.database.usable;
  }

  find(identity: string, version: string): CachedFrame | null {
    const waiting = this.waiting.get(identity);
    if (waiting !== undefined) return waiting.version === version ? waiting.frame : null;
    return this.database.attempt(null, ({ sql }) => {
      const row = sql("SELECT version, summary, json, list, sum, lastUsed FROM measurements WHERE identity = ?").get(identity);
      if (row === undefined || row["version"] !== version) return null;
      const { summary, json, list } = row;
      if (typeof summary !== "string" || typeof json !== "string" || !(list instanceof Uint8Array)) return null;
      const frame = { summary, measurement: { json, list } };
      // SQLite does not guard the content of its pages: a flipped bit would come back as a measurement.
      if (row["sum"] !== sumOf(identity, version, frame)) return null;
      if (this.options.now() - Number(row["lastUsed"]) > DAY) this.touch(identity);
      return frame;
    });
  }

  keep(identity: string, version: string, frame: CachedFrame): void {
    if (!this.database.usable) return;
    this.waiting.delete(identity);
    this.waiting.set(identity, { version, frame });
    if (this.waiting.size >= FLUSH_AT && this.waiting.size % FLUSH_AT === 0) this.flush();
    else this.flushSoon();
  }

  /** Writes what waits to be written. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.waiting.size === 0 && this.touched.size === 0) return;
    const written = this.database.attempt(false, (connection) => {
      connection.transaction(() => this.write(connection));
      return true;
    });
    if (written) {
      this.sinceCheck += this.waiting.size;
      this.waiting.clear();
      this.touched.clear();
      this.dropUnused();
      return;
    }
    // Another process may hold the database: the next flush tries again, but not with ever more.
    for (const identity of [...this.waiting.keys()].slice(0, Math.max(0, this.waiting.size - MOST_WAITING))) this.waiting.delete(identity);
  }

  /** Forgets everything. */
  clear(): void {
    this.waiting.clear();
    this.touched.clear();
    this.database.attempt(undefined, ({ exec }) => exec("DELETE FROM measurements; PRAGMA incremental_vacuum"));
  }

  count(): number {
    this.flush();
    return this.database.attempt(0, ({ sql }) => Number(sql("SELECT count(*) AS n FROM measurements").get()?.["n"]));
  }

  close(): void {
    this.flush();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.database.close();
  }

  private write({ sql }: Connection): void {
    const time = this.options.now();
    const insert = sql(
      `INSERT INTO measurements (identity, version, summary, json, list, sum, lastUsed) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (identity) DO UPDATE SET version = excluded.version, summary = excluded.summary, json = excluded.json,
         list = excluded.list, sum = excluded.sum, lastUsed = excluded.lastUsed`,
    );
    for (const [identity, { version, frame }] of this.waiting) {
      const { json, list } = frame.measurement;
      insert.run(identity, version, frame.summary, json, list, sumOf(identity, version, frame), time);
    }
    const use = sql("UPDATE measurements SET lastUsed = ? WHERE identity = ?");
    for (const identity of this.touched) use.run(time, identity);
  }

  private touch(identity: string): void {
    this.touched.add(identity);
    this.flushSoon();
  }

  private flushSoon(): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.flush();
    }, this.options.flushMs);
    this.timer.unref();
  }

  /** Keeps within bounds a little at a time, with every flush, once they have been found exceeded. */
  private dropUnused(): void {
    if (!this.tooMany && this.sinceCheck < CHECK_EVERY) return;
    this.sinceCheck = 0;
    this.tooMany = this.database.attempt(false, (connection) => {
      const excess = this.excess(connection);
      if (excess === 0) return false;
      const drop = "DELETE FROM measurements WHERE rowid IN (SELECT rowid FROM measurements ORDER BY lastUsed LIMIT ?)";
      connection.transaction(() => connection.sql(drop).run(Math.min(excess, DROPPED_AT_A_TIME)));
      // Reading it to the end is what frees the pages.
      connection.sql("PRAGMA incremental_vacuum").all();
      return excess > DROPPED_AT_A_TIME;
    });
  }

  /** How many rows to drop so that a tenth of the bounds is free again. */
  private excess({ sql }: Connection): number {
    const { mostBytes, mostFrames } = this.options;
    const number = (text: string, name: string) => Number(sql(text).get()?.[name]);
    const rows = number("SELECT count(*) AS n FROM measurements", "n");
    const pages = number("PRAGMA page_count", "page_count") - number("PRAGMA freelist_count", "freelist_count");
    const bytes = pages * number("PRAGMA page_size", "page_size");
    const keepByRows = rows > mostFrames ? Math.floor(0.9 * mostFrames) : rows;
    const keepByBytes = bytes > mostBytes ? Math.floor((rows * 0.9 * mostBytes) / bytes) : rows;
    return rows - Math.min(keepByRows, keepByBytes);
  }
}

function sumOf(identity: string, version: string, { summary, measurement }: CachedFrame): number {
  return crc32(measurement.list, crc32(`${identity}\n${version}\n${summary}\n${measurement.json}`));
}
