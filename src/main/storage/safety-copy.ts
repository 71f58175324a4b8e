import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import type { DatabaseSync, Session } from "node:sqlite";
import { crc32 } from "node:zlib";
import { checkSound } from "./damage.ts";
import { saveCopy } from "./migrations.ts";
import { isDamage } from "./trouble.ts";

/** Before every change in the log, so that the next one is found behind one that was cut short. */
const MARK = Buffer.from("NBchange", "latin1");
const HEAD = MARK.length + 8;
/** A log that has grown to this is replaced by a new copy. */
const LARGEST_LOG = 256 * 1024;

/**
 * What a database is made from again after damage: a whole copy beside it, made while it was known to be sound, and a log
 * of every change committed since (SQLite's changesets: sqlite.org/sessionintro.html). Both are on the disk before a change
 * counts as saved. A runtime without changesets has the copy alone.
 */
export class SafetyCopy {
  private readonly file: string;
  private readonly copy: string;
  private readonly log: string;
  /** The log while its changes are on their way into a new copy. */
  private readonly older: string;
  private session: Session | null = null;

  constructor(file: string) {
    this.file = file;
    this.copy = `${file}.copy`;
    this.log = `${file}.changes`;
    this.older = `${file}.changes-older`;
  }

  /** Begins to record what is changed through this connection; `changed`: its layout is newer than the copy's. */
  begin(db: DatabaseSync, changed: boolean): void {
    const canRecord = typeof db.createSession === "function";
    const logged = statSync(this.log, { throwIfNoEntry: false })?.size ?? 0;
    if (changed || !canRecord || logged > LARGEST_LOG || !existsSync(this.copy)) this.renew(db);
    this.session = canRecord ? db.createSession() : null;
  }

  /** Logs what has been committed since the last call. */
  record(db: DatabaseSync): void {
    const { session } = this;
    if (session === null || db.isTransaction) return;
    const change = session.changeset();
    if (change.length === 0) return;
    append(this.log, change);
    session.close();
    this.session = db.createSession();
  }

  /** To be called before the connection is closed. */
  end(): void {
    this.session?.close();
    this.session = null;
  }

  /**
   * Puts a database made from copy and log where none is, or an empty file; false when there is no sound copy. Throws what the disk throws: the
   * copy then stays for the next time.
   */
  restore(sqlite: typeof import("node:sqlite")): boolean {
    if (!existsSync(this.copy)) return false;
    const made = `${this.file}.restored-${process.pid}`;
    try {
      copyFileSync(this.copy, made);
      const db = new sqlite.DatabaseSync(made);
      try {
        checkSound(db, made);
        this.replay(db, sqlite.constants);
      } finally {
        db.close();
      }
      putInPlace(made, this.file);
      return true;
    } catch (error) {
      if (!isDamage(error)) throw error;
      renameSync(this.copy, `${this.copy}.damaged`);
      return false;
    } finally {
      for (const part of ["", "-wal", "-shm", "-journal"]) rmSync(made + part, { force: true });
    }
  }

  /** Applies the log to a database that may have any part of it already: the later word holds. */
  private replay(db: DatabaseSync, codes: typeof import("node:sqlite")["constants"]): void {
    const { SQLITE_CHANGESET_DATA, SQLITE_CHANGESET_REPLACE, SQLITE_CHANGESET_OMIT } = codes;
    const onConflict = (kind: number) => (kind === SQLITE_CHANGESET_DATA ? SQLITE_CHANGESET_REPLACE : SQLITE_CHANGESET_OMIT);
    for (const change of [...changesIn(this.older), ...changesIn(this.log)]) db.applyChangeset(change, { onConflict });
  }

  /** What is logged while the copy is being made goes into a new log; the old one is dropped once the copy is whole. */
  private renew(db: DatabaseSync): void {
    if (existsSync(this.log) && !existsSync(this.older)) renameSync(this.log, this.older);
    saveCopy(db, this.copy);
    rmSync(this.older, { force: true });
  }
}

/** One write, appended, and on the disk when it returns. */
function append(log: string, change: Uint8Array): void {
  const head = Buffer.alloc(HEAD);
  MARK.copy(head);
  head.writeUInt32LE(change.length, MARK.length);
  head.writeUInt32LE(crc32(change), MARK.length + 4);
  const file = openSync(log, "a");
  try {
    writeSync(file, Buffer.concat([head, change]));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The changes of a log in order; what was cut short or damaged is passed over. */
export function changesIn(log: string): Uint8Array[] {
  if (!existsSync(log)) return [];
  const bytes = readFileSync(log);
  const changes: Uint8Array[] = [];
  for (let at = bytes.indexOf(MARK); at >= 0 && at + HEAD <= bytes.length; ) {
    const start = at + HEAD;
    const end = start + bytes.readUInt32LE(at + MARK.length);
    const whole = end <= bytes.length && crc32(bytes.subarray(start, end)) === bytes.readUInt32LE(at + MARK.length + 4);
    if (whole) changes.push(bytes.subarray(start, end));
    at = bytes.indexOf(MARK, whole ? end : at + 1);
  }
  return changes;
}

/** Unless another process has been quicker. */
function putInPlace(made: string, file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) for (const part of ["-wal", "-shm", ""]) rmSync(file + part, { force: true });
  try {
    linkSync(made, file);
  } catch (error) {
    if (existsSync(file)) return;
    // Some file systems have no hard links.
    if (error instanceof Error) renameSync(made, file);
  }
}
