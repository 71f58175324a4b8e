import type { Connection, Database } from "./database.ts";

/** Where the journal of a sort lies. How far the sort has come, the journal knows. */
export interface KeptSort {
  session: string;
  output: string;
  input: string;
  action: string;
}

/** Finds the journals again: they lie in the folders that were sorted into. Without the database none is known. */
export class Sorts {
  private readonly database: Database;
  private readonly now: () => number;

  constructor(database: Database, now: () => number) {
    this.database = database;
    this.now = now;
  }

  add({ session, output, input, action }: KeptSort): void {
    this.database.attempt(undefined, ({ sql }) => {
      sql("INSERT OR IGNORE INTO sorts (session, output, input, action, time) VALUES (?, ?, ?, ?, ?)").run(
        session,
        output,
        input,
        action,
        this.now(),
      );
    });
  }

  /** The sort of this session; null when it is not known here. */
  find(session: string): KeptSort | null {
    return this.database.attempt<KeptSort | null>(null, (connection) => select(connection, "WHERE session = ?", session)[0] ?? null);
  }

  /** The latest ones, newest first. */
  latest(most = 100): KeptSort[] {
    return this.database.attempt<KeptSort[]>([], (connection) => select(connection, "ORDER BY session DESC LIMIT ?", most));
  }
}

function select({ sql }: Connection, which: string, value: string | number): KeptSort[] {
  return sql(`SELECT session, output, input, action FROM sorts ${which}`)
    .all(value)
    .map((row) => ({
      session: String(row["session"]),
      output: String(row["output"]),
      input: String(row["input"]),
      action: String(row["action"]),
    }));
}
