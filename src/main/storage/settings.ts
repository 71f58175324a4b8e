import type { z } from "zod";
import { NebuliftError } from "../../shared/errors.ts";
import type { Connection, Database } from "./database.ts";
import type { OnTrouble } from "./trouble.ts";

/** A group of settings that belong together: where it is kept, what it may hold, and what holds without it. */
export interface SettingGroup<T extends object> {
  /** Never changes once released. */
  readonly key: string;
  readonly schema: z.ZodType<T>;
  readonly defaults: T;
}

export function settingGroup<T extends object>(key: string, schema: z.ZodType<T>, defaults: T): SettingGroup<T> {
  return { key, schema, defaults };
}

/**
 * Settings by group, valid whatever the file holds: what is missing, of an older version or garbled has its default,
 * member by member. Without a database, changes last as long as the process.
 */
export class Settings {
  private readonly database: Database;
  private readonly onTrouble: OnTrouble;
  /** Changes that could not be saved. */
  private readonly unsaved = new Map<string, string>();
  private readonly told = new Set<string>();

  constructor(database: Database, onTrouble: OnTrouble) {
    this.database = database;
    this.onTrouble = onTrouble;
  }

  get<T extends object>(group: SettingGroup<T>): T {
    return this.understand(group, this.stored(group.key));
  }

  /**
   * Changes some members, all or none, also against other processes; returns the whole group as it is now.
   * Throws `bad-usage` for a value that the schema refuses.
   */
  change<T extends object>(group: SettingGroup<T>, change: Partial<T>): T {
    const { key, schema } = group;
    const merged = (stored: string | null): T => {
      const checked = schema.safeParse({ ...this.understand(group, stored), ...change });
      if (!checked.success) throw refused(key, checked.error);
      return checked.data;
    };
    // A refusal is the caller's mistake, not the database's trouble: found out before that is asked.
    const fallback = merged(this.stored(key));
    const saved = this.database.attempt(null, (connection) =>
      connection.transaction(() => {
        const whole = merged(this.unsaved.get(key) ?? read(connection, key));
        write(connection, key, JSON.stringify(whole));
        return { whole };
      }),
    );
    if (saved === null) {
      this.unsaved.set(key, JSON.stringify(fallback));
      return fallback;
    }
    this.unsaved.delete(key);
    return saved.whole;
  }

  /** Whether the group as it is now outlives the process; false when the last change could not be saved. */
  isSaved(group: Pick<SettingGroup<object>, "key">): boolean {
    return !this.unsaved.has(group.key);
  }

  /** Back to the defaults. */
  reset<T extends object>(group: SettingGroup<T>): T {
    this.unsaved.delete(group.key);
    this.database.attempt(undefined, ({ sql }) => void sql("DELETE FROM settings WHERE key = ?").run(group.key));
    return group.defaults;
  }

  private stored(key: string): string | null {
    return this.unsaved.get(key) ?? this.database.attempt(null, (connection) => read(connection, key));
  }

  private understand<T extends object>({ key, schema, defaults }: SettingGroup<T>, stored: string | null): T {
    if (stored === null) return defaults;
    const found = parse(stored);
    if (found === null) {
      if (!this.told.has(key)) {
        this.told.add(key);
        this.onTrouble(new NebuliftError("store-damaged", `settings "${key}" were not readable and are the defaults again`));
      }
      return defaults;
    }
    let whole: T = defaults;
    for (const name of Object.keys(defaults)) {
      if (!Object.hasOwn(found, name)) continue;
      const checked = schema.safeParse({ ...whole, [name]: found[name] });
      if (checked.success) whole = checked.data;
    }
    return whole;
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function read({ sql }: Connection, key: string): string | null {
  const json = sql("SELECT json FROM settings WHERE key = ?").get(key)?.["json"];
  return typeof json === "string" ? json : null;
}

function write({ sql }: Connection, key: string, json: string): void {
  sql("INSERT INTO settings (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json").run(key, json);
}

function refused(key: string, error: z.ZodError): NebuliftError {
  const issue = error.issues[0];
  return new NebuliftError("bad-usage", `setting ${[key, ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "not valid"}`, error);
}
