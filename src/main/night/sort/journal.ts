import { join } from "node:path";
import { codeOfSystemError, NebuliftError } from "../../../shared/errors.ts";
import { systemCode } from "./disk-files.ts";
import { isSession, type JournalRecord, recordSchema } from "./journal-records.ts";
import { apply, type SortSession, sessionOf } from "./session.ts";
import type { OpenFile, SortFiles } from "./sort-files.ts";

/** What a sort keeps beside the sorted frames. */
export const KEPT_FOLDER = ".nebulift";

/** Ten thousand frames with sidecars make 20 MB; more than this was not written by a sort. */
const MOST_BYTES = 400_000_000;
const BLOCK = 1 << 20;

export function journalPath(output: string, session: string): string {
  return join(output, KEPT_FOLDER, `sort-${session}.jsonl`);
}

/** Sessions whose journals lie in this output folder, oldest first. */
export async function sessionsIn(files: SortFiles, output: string): Promise<string[]> {
  try {
    const { files: names } = await files.list(join(output, KEPT_FOLDER));
    return names
      .map((name) => /^sort-(.+)\.jsonl$/.exec(name)?.[1] ?? "")
      .filter((session) => isSession(session))
      .sort();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error))) return [];
    throw new NebuliftError(codeOfSystemError(error, "file-io"), join(output, KEPT_FOLDER), error);
  }
}

/**
 * Reads a journal. Lines that cannot be read are passed over and counted: the last one may be torn, and what it would have
 * said had not been relied on yet. Throws `journal-damaged`, `file-missing`, `file-permission`, `file-io`.
 */
export async function readJournal(files: SortFiles, path: string): Promise<SortSession> {
  const records: JournalRecord[] = [];
  let unread = 0;
  for (const line of (await textOf(files, path)).split("\n")) {
    if (line === "") continue;
    const record = parse(line);
    if (record === null) unread++;
    else records.push(record);
  }
  const session = sessionOf(records, unread);
  if (session === null) throw new NebuliftError("journal-damaged", path);
  if (!session.ready && records.some(({ what }) => what === "begin"))
    throw new NebuliftError("journal-damaged", `${path}: its plan has gaps`);
  return session;
}

/** Whether a journal's last line says that all is done: nobody needs to read the rest to know that. Throws as readJournal does. */
export async function hasEnded(files: SortFiles, path: string): Promise<boolean> {
  const last = (await textOf(files, path)).trimEnd().split("\n").at(-1) ?? "";
  const what = parse(last)?.what;
  return what === "end" || what === "undo-end";
}

function parse(line: string): JournalRecord | null {
  try {
    const checked = recordSchema.safeParse(JSON.parse(line));
    return checked.success ? checked.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function textOf(files: SortFiles, path: string): Promise<string> {
  let file: OpenFile | null = null;
  try {
    file = await files.read(path);
    const { size } = await file.facts();
    if (size > MOST_BYTES) throw new NebuliftError("journal-damaged", `${path} has ${size} bytes`);
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; ) {
      const read = await file.read(bytes.subarray(at, Math.min(size, at + BLOCK)));
      if (read === 0) break;
      at += read;
    }
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof NebuliftError) throw error;
    throw new NebuliftError(codeOfSystemError(error, "file-io"), path, error);
  } finally {
    await file?.close();
  }
}

/**
 * The journal being written: only ever longer. `note` remembers a line, `commit` returns once all noted lines would
 * survive a power cut. After a failed write nothing more is written, so that no line can follow a torn one unnoticed.
 */
export class Journal {
  readonly path: string;
  readonly session: SortSession;
  readonly #file: OpenFile;
  #lines: string[] = [];
  #broken: NebuliftError | null = null;
  #closed = false;

  private constructor(path: string, session: SortSession, file: OpenFile, lines: string[]) {
    this.path = path;
    this.session = session;
    this.#file = file;
    this.#lines = lines;
  }

  /** A new journal that begins with these lines; nothing is written before the first `commit`. Throws EEXIST as it comes. */
  static async create(files: SortFiles, path: string, records: readonly JournalRecord[]): Promise<Journal> {
    const session = sessionOf(records, 0);
    if (session === null) throw new NebuliftError("internal", "a journal begins with its session");
    return new Journal(path, session, await files.create(path), records.map(lineOf));
  }

  /** Goes on with a journal. */
  static async open(files: SortFiles, path: string): Promise<Journal> {
    const session = await readJournal(files, path);
    try {
      // An empty line ends one that was torn; where none was, it says nothing.
      return new Journal(path, session, await files.append(path), [""]);
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  note(record: JournalRecord): void {
    this.#lines.push(lineOf(record));
    apply(this.session, record);
  }

  async commit(): Promise<void> {
    if (this.#broken) throw this.#broken;
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join("\n")}\n`;
    this.#lines = [];
    try {
      await this.#file.write(new TextEncoder().encode(text));
      await this.#file.sync();
    } catch (error) {
      this.#broken = unwritable(this.path, error);
      throw this.#broken;
    }
  }

  /** Writes what was noted where that is still possible, and lets go of the file. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (!this.#broken) await this.commit();
    } finally {
      await this.#file.close();
    }
  }
}

function lineOf(record: JournalRecord): string {
  return JSON.stringify(record);
}

function unwritable(path: string, error: unknown): NebuliftError {
  return new NebuliftError(codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable", path, error);
}
