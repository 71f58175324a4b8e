import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { type ErrorCode, NebuliftError, toNebuliftError } from "../../shared/errors.ts";

/** Told once per kind of trouble. The store goes on without what it lost: grading never fails for it. */
export type OnTrouble = (trouble: NebuliftError) => void;

/** SQLite result codes (sqlite.org/rescode.html), primary ones. */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** The primary result code of an error of node:sqlite; null for any other error. */
function resultCode(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("errcode" in error) || typeof error.errcode !== "number") return null;
  return error.errcode & 0xff;
}

export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === CORRUPT || code === NOTADB || (error instanceof NebuliftError && error.code === "store-damaged");
}

/** Another process holds the database just now. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === BUSY || code === LOCKED;
}

const CODE_OF: Record<number, ErrorCode> = {
  [BUSY]: "output-unwritable",
  [LOCKED]: "output-unwritable",
  [READONLY]: "output-unwritable",
  [IOERR]: "file-io",
  [CORRUPT]: "store-damaged",
  [FULL]: "disk-full",
  [CANTOPEN]: "output-unwritable",
  [NOTADB]: "store-damaged",
};

/** What a failure of the database at `file` means to people. */
export function troubleOf(error: unknown, file: string): NebuliftError {
  if (error instanceof NebuliftError) return error;
  const code = resultCode(error);
  if (code === null) {
    const known = toNebuliftError(error);
    const meant = known.code === "file-permission" || known.code === "file-missing" ? "output-unwritable" : known.code;
    return new NebuliftError(meant, `${file}: ${known.detail}`, error);
  }
  const full = DISGUISES.has(code) && isFull(file);
  return new NebuliftError(
    full ? "disk-full" : (CODE_OF[code] ?? "internal"),
    `${file}: ${error instanceof Error ? error.message : code}`,
    error,
  );
}

/** What SQLite says of a full disk, besides FULL, depends on which of its files it was about to enlarge. */
const DISGUISES = new Set([IOERR, CANTOPEN]);
/** Less than this and SQLite cannot work: its shared memory and the first page of a log need as much. */
const LEAST_FREE = 128 * 1024;

function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < LEAST_FREE;
  } catch (error) {
    // The folder itself is gone or not readable: that is another trouble, and already on its way.
    if (error instanceof Error) return false;
    throw error;
  }
}
