import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, lstat, mkdir, open, readdir, rename, rm, stat, symlink, utimes } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { codeOfSystemError, NebuliftError } from "../../../shared/errors.ts";

/** Makes a folder, or takes an empty one. Throws `output-exists` for anything else, `output-unwritable`, `disk-full`. */
export async function newFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    if ((await readdir(path)).length > 0) throw new NebuliftError("output-exists", path);
  } catch (error) {
    throw outputError(error, path);
  }
}

/** Writes a file where none is. Throws `output-exists`, `output-unwritable`, `disk-full`. */
export async function writeNew(path: string, bytes: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw outputError(error, path);
  }
}

/**
 * Copies a file to a place where none is, whole or not at all: under another name first, compared with its source, then
 * given its name. The time of change comes along. Shares blocks where the file system can.
 */
export async function copyNew(source: string, target: string, signal?: AbortSignal): Promise<void> {
  const part = `${target}.${process.pid}.part`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, part, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const file = await open(part, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    if ((await sha256(source, signal)) !== (await sha256(part, signal))) throw new NebuliftError("copy-differs", target);
    const { atime, mtime } = await stat(source);
    await utimes(part, atime, mtime);
    await giveName(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw outputError(error, target);
  }
}

/** A second way to a file: a symbolic link, or a hard link where those are not allowed (Windows), else a copy. */
export async function linkNew(source: string, target: string): Promise<"link" | "copy"> {
  await mkdir(dirname(target), { recursive: true });
  for (const make of [() => symlink(source, target, "file"), () => link(source, target)]) {
    try {
      await make();
      return "link";
    } catch (error) {
      if (isTaken(error)) throw outputError(error, target);
    }
  }
  await copyNew(source, target);
  return "copy";
}

/** The first of `name`, `name~2`, `name~3` ... in a folder that is not in use; `used` is added to. */
export function freeName(used: Set<string>, folder: string, path: string): string {
  const extension = extname(path);
  const stem = basename(path, extension);
  for (let i = 1; ; i++) {
    const target = join(folder, i === 1 ? `${stem}${extension}` : `${stem}~${i}${extension}`);
    // Windows and macOS take names that differ in case only for one.
    const key = target.toLowerCase();
    if (used.has(key)) continue;
    used.add(key);
    return target;
  }
}

/** `part` becomes `target`; what is there already is never replaced. */
export async function giveName(part: string, target: string): Promise<void> {
  try {
    // Unlike rename, a link fails where something is.
    await link(part, target);
  } catch (error) {
    if (isTaken(error)) throw error;
    // FAT and some shares know no links.
    const taken = await lstat(target).then(
      () => true,
      () => false,
    );
    if (taken) throw new NebuliftError("output-exists", target, error);
    await rename(part, target);
    return;
  }
  await rm(part);
}

export async function sha256(path: string, signal?: AbortSignal, range: { start?: number; end?: number } = {}): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path, { ...range, highWaterMark: 1 << 20 }), hash, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw new NebuliftError("cancelled", "");
    throw error;
  }
  return hash.digest("hex");
}

function isTaken(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "EEXIST";
}

export function outputError(error: unknown, path: string): NebuliftError {
  if (error instanceof NebuliftError) return error;
  if (isTaken(error)) return new NebuliftError("output-exists", path, error);
  const code = codeOfSystemError(error, "output-unwritable");
  return new NebuliftError(code === "disk-full" || code === "file-io" ? code : "output-unwritable", path, error);
}
