import { createReadStream } from "node:fs";
import { chmod, open, readFile, realpath, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import { NebuliftError } from "../../../shared/errors.ts";
import { giveName, outputError, sha256, writeNew } from "./new-files.ts";

/** `oldLength` bytes at `start` become `bytes`; everything else stays. */
export interface HeaderEdit {
  start: number;
  oldLength: number;
  bytes: Uint8Array;
}

type Verify = (path: string) => void;

/** Writes a changed copy to a place where nothing is, verified before it gets its name. */
export async function rewriteCopy(source: string, target: string, edit: HeaderEdit, verify: Verify, signal?: AbortSignal): Promise<void> {
  const part = `${target}.${process.pid}.part`;
  try {
    await writeEdited(source, part, edit, verify, signal);
    const { atime, mtime } = await stat(source);
    await utimes(part, atime, mtime);
    await giveName(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw outputError(error, target);
  }
}

const journalLine = z.object({
  path: z.string(),
  start: z.int().min(0),
  /** How long the changed stretch is in the changed file. */
  length: z.int().min(0),
  /** What was there before, deflated, base64. */
  before: z.string(),
  /** SHA-256 of everything else. */
  rest: z.string(),
});
type JournalLine = z.infer<typeof journalLine>;

/** What headers were before they were changed in place; on the disk before the file changes. */
export interface Journal {
  add(line: JournalLine): Promise<void>;
}

/** Throws `output-exists`, `output-unwritable`. */
export async function beginJournal(path: string, keyword: string, app: string): Promise<Journal> {
  await writeNew(path, `${JSON.stringify({ nebulift: "header-journal", schema: 1, app, keyword })}\n`);
  return {
    add: async (line) => {
      const file = await open(path, "a");
      try {
        await file.writeFile(`${JSON.stringify(line)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/**
 * Replaces a file by its changed self: the new one is complete, verified and on the disk before it takes the name, in one
 * step; a crash leaves the old file or the new one. The journal can undo it.
 */
export async function rewriteInPlace(
  path: string,
  edit: HeaderEdit,
  verify: Verify,
  journal: Journal,
  signal?: AbortSignal,
): Promise<void> {
  await replace(path, edit, verify, signal, async (rest) => {
    const before = await bytesAt(path, edit.start, edit.oldLength);
    await journal.add({ path, start: edit.start, length: edit.bytes.length, before: deflateRawSync(before).toString("base64"), rest });
  });
}

/** Undoes what a journal holds, last first. Files that have changed since are left as they are and named. Throws `journal-damaged`. */
export async function undoJournal(path: string): Promise<{ restored: number; left: { path: string; why: string }[] }> {
  const done = { restored: 0, left: [] as { path: string; why: string }[] };
  for (const line of (await journalLines(path)).reverse()) {
    const before = inflateRawSync(Buffer.from(line.before, "base64"));
    try {
      if (await isUndone(line, before)) continue;
      const now = { start: line.start, oldLength: line.length, bytes: before };
      await replace(
        line.path,
        now,
        () => undefined,
        undefined,
        async (rest) => {
          if (rest !== line.rest) throw new NebuliftError("file-changed", line.path);
        },
      );
      done.restored++;
    } catch (error) {
      done.left.push({ path: line.path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return done;
}

/** Nothing is to be done where a crash came between the journal and the file, or where it was undone before. */
async function isUndone({ path, start, rest }: JournalLine, before: Uint8Array): Promise<boolean> {
  const { size } = await stat(path);
  if (size < start + before.length || Buffer.compare(await bytesAt(path, start, before.length), before) !== 0) return false;
  return (await restOf(path, start, before.length)) === rest;
}

async function journalLines(path: string): Promise<JournalLine[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new NebuliftError("journal-damaged", `${path} cannot be read`, error);
  }
  const [head, ...lines] = text.split("\n");
  if (!head?.startsWith('{"nebulift":"header-journal","schema":1,'))
    throw new NebuliftError("journal-damaged", `${path} is no journal of weights`);
  const whole: JournalLine[] = [];
  for (const [i, line] of lines.entries()) {
    // A crash may have cut the last line: its file was not touched.
    if (line === "" || i === lines.length - 1) continue;
    whole.push(parsed(line, `${path}, line ${i + 2}`));
  }
  return whole;
}

function parsed(line: string, name: string): JournalLine {
  try {
    return journalLine.parse(JSON.parse(line));
  } catch (error) {
    throw new NebuliftError("journal-damaged", name, error);
  }
}

async function replace(
  path: string,
  edit: HeaderEdit,
  verify: Verify,
  signal: AbortSignal | undefined,
  before: (rest: string) => Promise<void>,
): Promise<void> {
  // A link stays one: what it points to is the file.
  const target = await realpath(path);
  const part = `${target}.${process.pid}.part`;
  try {
    const stats = await stat(target);
    const rest = await writeEdited(target, part, edit, verify, signal);
    await before(rest);
    await chmod(part, stats.mode & 0o7777);
    await utimes(part, stats.atime, stats.mtime);
    const now = await stat(target);
    if (now.mtimeMs !== stats.mtimeMs || now.size !== stats.size) throw new NebuliftError("file-changed", target);
    await rename(part, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(part, { force: true });
    throw outputError(error, path);
  }
}

/** Writes `part` and reads it back; returns the SHA-256 of the bytes that stay. */
async function writeEdited(source: string, part: string, edit: HeaderEdit, verify: Verify, signal?: AbortSignal): Promise<string> {
  const { size } = await stat(source);
  const file = await open(part, "wx");
  try {
    const pour = async (start: number, end: number): Promise<void> => {
      if (end <= start) return;
      for await (const chunk of createReadStream(source, { start, end: end - 1, highWaterMark: 1 << 20 })) {
        if (signal?.aborted) throw new NebuliftError("cancelled", "");
        await file.writeFile(chunk as Uint8Array);
      }
    };
    await pour(0, edit.start);
    await file.writeFile(edit.bytes);
    await pour(edit.start + edit.oldLength, size);
    await file.sync();
  } finally {
    await file.close();
  }
  const kept = await restOf(source, edit.start, edit.oldLength, signal);
  if ((await restOf(part, edit.start, edit.bytes.length, signal)) !== kept) throw new NebuliftError("copy-differs", part);
  verify(part);
  return kept;
}

/** SHA-256 over what lies before and behind the changed stretch. */
async function restOf(path: string, start: number, length: number, signal?: AbortSignal): Promise<string> {
  const head = start > 0 ? await sha256(path, signal, { end: start - 1 }) : "";
  return `${head}${await sha256(path, signal, { start: start + length })}`;
}

async function bytesAt(path: string, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const file = await open(path, "r");
  try {
    const { bytesRead } = await file.read(bytes, 0, length, start);
    if (bytesRead < length) throw new NebuliftError("file-changed", path);
    return bytes;
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems do not know the call; they have no more to offer.
    if (!(error instanceof Error && "code" in error && ["EINVAL", "ENOTSUP", "ENOSYS", "EBADF"].includes(String(error.code)))) throw error;
  } finally {
    await folder.close();
  }
}
