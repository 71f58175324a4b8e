import type { DecidedVerdict, ReasonCode, VerdictKind } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { Connection, Database } from "./database.ts";
import { isDamage, troubleOf } from "./trouble.ts";

/** One word of the user about one frame. */
export interface Decision {
  /** What the file holds (engine/identity.ts): finds the decision again after a move, a rename or a copy. */
  content: string;
  /** Where it lay then. */
  path: string;
  who: string;
  /** What held before: an earlier decision or the program's verdict. */
  before: VerdictKind;
  /** Null takes the decisions back: the program's verdict holds again. */
  after: DecidedVerdict | null;
  cause: ReasonCode | null;
  /** The program's verdict and probability of being contaminated when the user looked at it. */
  program: VerdictKind;
  probability: number | null;
  app: string;
}

export interface KeptDecision extends Decision {
  /** Counts up: the later one holds. */
  number: number;
  /** Milliseconds since 1970. */
  time: number;
}

/** Every value is bound as a parameter; SQLite allows 32766 of them in a statement. */
const ASKED_AT_A_TIME = 500;

/**
 * What the user decided, kept for ever: nothing is changed or deleted, taking back is one more entry. Unlike the rest of
 * the store it does not go on without its database: a decision that is not on the disk must not look as if it were.
 */
export class Decisions {
  private readonly database: Database;
  private readonly file: string;
  private readonly now: () => number;
  private lastTime = 0;

  constructor(database: Database, file: string, now: () => number) {
    this.database = database;
    this.file = file;
    this.now = now;
  }

  /** Returns once the decision is on the disk. Throws `output-unwritable`, `disk-full`, `file-io`, `store-damaged`, `feature-missing`. */
  add(decision: Decision): KeptDecision {
    return this.addAll([decision])[0];
  }

  /** All or none. They share a time that no others of this process have, which tells later what was said in one word. */
  addAll(decisions: readonly Decision[]): KeptDecision[] {
    const time = Math.max(this.now(), this.lastTime + 1);
    const kept = this.mustDo((connection) =>
      connection.transaction(() => decisions.map((decision) => this.insert(connection, decision, time))),
    );
    this.lastTime = time;
    return kept;
  }

  /** What holds now, by content; frames without a decision, or whose decisions were taken back, are not in it. */
  latest(contents: readonly string[]): Map<string, KeptDecision> {
    const newest = this.aboutMany(
      contents,
      (marks) => `SELECT * FROM decisions WHERE number IN (SELECT max(number) FROM decisions WHERE content IN (${marks}) GROUP BY content)`,
    );
    return new Map(newest.flatMap((kept) => (kept.after === null ? [] : [[kept.content, kept] as const])));
  }

  /** Everything that was ever decided about these frames, in order. */
  about(contents: readonly string[]): KeptDecision[] {
    const found = this.aboutMany(contents, (marks) => `SELECT * FROM decisions WHERE content IN (${marks})`);
    return found.sort((a, b) => a.number - b.number);
  }

  /** Everything that was ever decided about a frame, in order. */
  history(content: string): KeptDecision[] {
    return this.rows("SELECT * FROM decisions WHERE content = ? ORDER BY number", content);
  }

  /** Everything that was ever decided, in order. */
  all(): KeptDecision[] {
    return this.rows("SELECT * FROM decisions ORDER BY number");
  }

  private aboutMany(contents: readonly string[], query: (marks: string) => string): KeptDecision[] {
    const found: KeptDecision[] = [];
    for (let at = 0; at < contents.length; at += ASKED_AT_A_TIME) {
      const some = contents.slice(at, at + ASKED_AT_A_TIME);
      found.push(...this.rows(query(some.map(() => "?").join(",")), ...some));
    }
    return found;
  }

  private rows(text: string, ...values: string[]): KeptDecision[] {
    const rows = this.database.attempt([], ({ sql }) => sql(text).all(...values));
    return rows.flatMap((row) => decisionOf(row) ?? []);
  }

  private insert({ sql }: Connection, decision: Decision, time: number): KeptDecision {
    const { content, path, who, before, after, cause, program, probability, app } = decision;
    const { lastInsertRowid } = sql(
      `INSERT INTO decisions (content, path, who, time, before, after, cause, program, probability, app)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(content, path, who, time, before, after, cause, program, probability, app);
    return { ...decision, number: Number(lastInsertRowid), time };
  }

  /** As Database.attempt, but what went wrong is the caller's to show. */
  private mustDo<T extends object>(work: (connection: Connection) => T): T {
    const failure: { error: unknown } = { error: null };
    const once = (): T | null =>
      this.database.attempt<T | null>(null, (connection) => {
        try {
          return work(connection);
        } catch (error) {
          failure.error = error;
          throw error;
        }
      });
    // A damaged database has been replaced by a fresh one by then, which can keep it.
    const done = once() ?? (isDamage(failure.error) ? once() : null);
    if (done !== null) return done;
    if (failure.error === null) throw new NebuliftError("output-unwritable", `${this.file} is not open`);
    throw troubleOf(failure.error, this.file);
  }
}

const VERDICTS = new Set<unknown>(["clean", "contaminated", "review", "not-light", "unreadable"]);
const DECIDED = new Set<unknown>(["clean", "contaminated", "review", null]);

/** Null for a row that no version of Nebulift has written. */
function decisionOf(row: Record<string, unknown>): KeptDecision | null {
  const { number, content, path, who, time, before, after, cause, program, probability, app } = row;
  if (typeof content !== "string" || !VERDICTS.has(before) || !VERDICTS.has(program) || !DECIDED.has(after)) return null;
  return {
    number: Number(number),
    content,
    path: String(path),
    who: String(who),
    time: Number(time),
    before: before as VerdictKind,
    after: after as DecidedVerdict | null,
    cause: typeof cause === "string" ? (cause as ReasonCode) : null,
    program: program as VerdictKind,
    probability: typeof probability === "number" ? probability : null,
    app: String(app),
  };
}
