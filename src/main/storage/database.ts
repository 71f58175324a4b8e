import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { NebuliftError } from "../../shared/errors.ts";
import { checkSound, fileNumber, setAside } from "./damage.ts";
import { type Migration, migrate } from "./migrations.ts";
import { SafetyCopy } from "./safety-copy.ts";
import { inTransaction } from "./transaction.ts";
import { isBusy, isDamage, type OnTrouble, troubleOf } from "./trouble.ts";

export interface DatabaseOptions {
  file: string;
  migrations: readonly Migration[];
  /** FULL survives a power cut with everything that was said to be saved; NORMAL may lose the last moments, never the rest. */
  synchronous: "NORMAL" | "FULL";
  /** Copy before each migration, and keep what a damaged file is made from again (safety-copy.ts). */
  backup: boolean;
  /** Databases up to this size are checked whole when opened, bytes; damage in larger ones is met when it is read. */
  checkUpTo: number;
  /** How long to wait for another process, ms: this blocks the caller. */
  busyMs: number;
  /** Called once per error code. */
  onTrouble: OnTrouble;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** An open database: statements are prepared once. */
export interface Connection {
  sql(text: string): StatementSync;
  exec(text: string): void;
  transaction<T>(work: () => T): T;
}

const RESTORED = "everything in it was restored from its safety copy";

/** Between attempts at opening while other processes do the same: changing to WAL does not wait for its turn by itself. */
const OPEN_PAUSE_MS = 25;

/**
 * A SQLite file that never fails its user: damaged, it is set aside and made afresh; unwritable or gone, it answers with
 * what the caller named as the answer without it. Several processes may have it open.
 */
export class Database {
  private readonly options: DatabaseOptions;
  private readonly told = new Set<string>();
  private readonly statements = new Map<string, StatementSync>();
  private readonly safety: SafetyCopy | null;
  private db: DatabaseSync | null = null;
  private number: string | null = null;
  private closed = false;

  constructor(options: DatabaseOptions) {
    this.options = options;
    this.safety = options.backup ? new SafetyCopy(options.file) : null;
    this.open();
  }

  /** False when nothing can be kept in it. */
  get usable(): boolean {
    return this.db !== null;
  }

  /** What `work` returns, or `without` when the database cannot do it just now; `onTrouble` has heard why. */
  attempt<T>(without: T, work: (connection: Connection) => T): T {
    const db = this.db;
    if (db === null) return without;
    try {
      const result = work({
        sql: (text) => this.statement(db, text),
        exec: (text) => db.exec(text),
        transaction: (inner) => inTransaction(db, inner),
      });
      this.record(db);
      return result;
    } catch (error) {
      if (isDamage(error)) this.replace(error);
      else this.tell(troubleOf(error, this.options.file));
      return without;
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.release();
  }

  private open(): void {
    const { file } = this.options;
    try {
      mkdirSync(dirname(file), { recursive: true });
      // Gone, emptied by a power cut, or its restoration was cut short: SQLite would begin anew without a word.
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0 && this.restore())
        this.tell(new NebuliftError("store-damaged", `${file} was missing; ${RESTORED}`));
      this.number = fileNumber(file);
      this.db = this.connect();
      this.number = fileNumber(file);
    } catch (error) {
      if (isDamage(error)) this.replace(error);
      else this.tell(troubleOf(error, file));
    }
  }

  private connect(): DatabaseSync {
    const { now, busyMs } = this.options;
    const began = now();
    for (;;) {
      try {
        return this.connectOnce();
      } catch (error) {
        if (!isBusy(error) || now() - began >= busyMs) throw error;
        pause(OPEN_PAUSE_MS);
      }
    }
  }

  private connectOnce(): DatabaseSync {
    const { file, migrations, synchronous, backup, busyMs, now } = this.options;
    const db = new (nodeSqlite().DatabaseSync)(file);
    try {
      db.exec(`PRAGMA busy_timeout = ${busyMs}`);
      // Only has an effect before the first table is made.
      db.exec("PRAGMA auto_vacuum = INCREMENTAL");
      db.exec("PRAGMA journal_mode = WAL");
      db.exec(`PRAGMA synchronous = ${synchronous}`);
      // On macOS an ordinary fsync may stay in the drive's own memory; elsewhere this changes nothing.
      if (synchronous === "FULL") db.exec("PRAGMA fullfsync = ON");
      // Pages that are damaged, or made to look so as to harm, are noticed as they are read.
      db.exec("PRAGMA cell_size_check = ON");
      db.exec("PRAGMA trusted_schema = OFF");
      this.check(db);
      const changed = migrate(db, file, migrations, backup, now);
      this.keepSafe(() => this.safety?.begin(db, changed));
      return db;
    } catch (error) {
      this.safety?.end();
      db.close();
      throw error;
    }
  }

  private check(db: DatabaseSync): void {
    const { file, checkUpTo } = this.options;
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= checkUpTo) checkSound(db, file);
  }

  /** At most once for each file: a fresh one that is damaged again means a broken disk. */
  private replace(damage: unknown): void {
    const { file, now, onTrouble } = this.options;
    const number = this.number;
    this.release();
    try {
      const aside = setAside(file, number, now());
      if (aside !== null) {
        const restored = this.restore();
        this.told.add("store-damaged");
        onTrouble(new NebuliftError("store-damaged", `kept as ${aside}${restored ? `; ${RESTORED}` : ""}`, damage));
      }
      this.db = this.connect();
      this.number = fileNumber(file);
    } catch (error) {
      this.tell(troubleOf(error, file));
    }
  }

  private restore(): boolean {
    return this.safety?.restore(nodeSqlite()) ?? false;
  }

  /** A change that is in the database counts, whether or not it could be logged as well. */
  private record(db: DatabaseSync): void {
    this.keepSafe(() => this.safety?.record(db));
  }

  private keepSafe(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (isDamage(error)) throw error;
      this.tell(troubleOf(error, this.options.file));
    }
  }

  private statement(db: DatabaseSync, text: string): StatementSync {
    let statement = this.statements.get(text);
    if (statement === undefined) {
      statement = db.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }

  private release(): void {
    const db = this.db;
    this.db = null;
    this.statements.clear();
    try {
      this.safety?.end();
      db?.close();
    } catch (error) {
      this.tell(troubleOf(error, this.options.file));
    }
  }

  private tell(trouble: NebuliftError): void {
    if (this.told.has(trouble.code)) return;
    this.told.add(trouble.code);
    this.options.onTrouble(trouble);
  }
}

/** Asked for at run time: older Node versions do not have it, and must still be able to grade. */
function nodeSqlite(): typeof import("node:sqlite") {
  const sqlite = process.getBuiltinModule("node:sqlite") as typeof import("node:sqlite") | undefined;
  if (sqlite === undefined) throw new NebuliftError("feature-missing", "SQLite needs Node 22.13 or newer; nothing is remembered");
  return sqlite;
}

/** node:sqlite is synchronous, and so is waiting for it. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
