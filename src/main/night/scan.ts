import type { Dirent } from "node:fs";
import { lstat, open, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";

/** Decides whether a file is one of the formats that can be read, by its name or by its first bytes. */
export interface FrameSniffer {
  byName(name: string): boolean;
  byContent(head: Uint8Array): boolean;
}

export interface Scan {
  /** The folder that report paths are relative to: the one given, or what several have in common. */
  root: string;
  /** Absolute paths of what is to be graded, ordered by path. */
  frames: string[];
  /** Files that are no images (logs, lists ...): not graded, but not silently left out either. */
  others: string[];
  /** Folders that could not be read, and files that cannot be named. */
  problems: { path: string; error: NebuliftError }[];
}

const HEAD_BYTES = 64;
/** Folders that hold what Nebulift or the system put there. */
const PASSED_OVER = new Set(["$RECYCLE.BIN", "System Volume Information", "lost+found"]);

/**
 * Walks folders (and takes single files) for frames. Symbolic links are not followed: nothing outside what the user gave
 * is ever read. Hidden files are passed over. Throws `folder-missing`, `folder-unreadable`, `cancelled`.
 */
export async function scanPaths(paths: readonly string[], sniffer: FrameSniffer, signal?: AbortSignal): Promise<Scan> {
  if (paths.length === 0) throw new NebuliftError("bad-usage", "no folder or file given");
  const scan: Scan = { root: "", frames: [], others: [], problems: [] };
  const roots: string[] = [];
  for (const given of paths) {
    const path = await existing(given);
    const info = await stat(path);
    if (info.isDirectory()) {
      roots.push(path);
      await walk(path, true, scan, sniffer, signal);
    } else {
      roots.push(dirname(path));
      scan.frames.push(path);
    }
  }
  scan.root = commonFolder(roots);
  scan.frames = [...new Set(scan.frames)].sort(byPath);
  scan.others = [...new Set(scan.others)].sort(byPath);
  return scan;
}

async function existing(given: string): Promise<string> {
  try {
    // The user may name a link: what it points to is what was given.
    return await realpath(resolve(given));
  } catch (error) {
    const found = toNebuliftError(error);
    throw new NebuliftError(found.code === "file-permission" ? "folder-unreadable" : "folder-missing", given, error);
  }
}

function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function walk(folder: string, top: boolean, scan: Scan, sniffer: FrameSniffer, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) throw new NebuliftError("cancelled", folder);
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const problem = folderProblem(folder, error);
    if (top) throw problem;
    scan.problems.push({ path: folder, error: problem });
    return;
  }
  for (const entry of entries.sort((a, b) => byPath(a.name, b.name))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || PASSED_OVER.has(entry.name)) continue;
    if (await isMisnamed(path)) scan.problems.push({ path, error: new NebuliftError("file-missing", MISNAMED) });
    else if (entry.isDirectory()) await walk(path, false, scan, sniffer, signal);
    else if (entry.isFile()) (sniffer.byName(entry.name) || (await looksLikeFrame(path, sniffer)) ? scan.frames : scan.others).push(path);
  }
}

/** Folders go while they are being walked, and drives fail: neither is a matter of permission. */
function folderProblem(folder: string, error: unknown): NebuliftError {
  const { code } = toNebuliftError(error);
  const meant = code === "file-missing" ? "folder-missing" : code === "file-io" ? code : "folder-unreadable";
  return new NebuliftError(meant, basename(folder), error);
}

const MISNAMED = "its name is not valid text (UTF-8), as old cameras and archives write it: rename it";

/** Linux allows any bytes as a name. Those that are no text cannot be given back to the system, which then knows no such file. */
async function isMisnamed(path: string): Promise<boolean> {
  if (!path.includes("\ufffd")) return false;
  try {
    await lstat(path);
    return false;
  } catch (error) {
    return toNebuliftError(error).code === "file-missing";
  }
}

/** Reads the first bytes of a file whose name says nothing. A file that cannot be read is nobody's frame here. */
async function looksLikeFrame(path: string, sniffer: FrameSniffer): Promise<boolean> {
  const head = new Uint8Array(HEAD_BYTES);
  try {
    const file = await open(path, "r");
    try {
      const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
      return bytesRead > 8 && sniffer.byContent(head.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    // Unreadable and without an image's name: listed among the others.
    return false;
  }
}

function commonFolder(folders: readonly string[]): string {
  let common = folders[0] ?? sep;
  for (const folder of folders) {
    while (folder !== common && !folder.startsWith(common.endsWith(sep) ? common : common + sep)) {
      const parent = dirname(common);
      if (parent === common) return common;
      common = parent;
    }
  }
  return common;
}

/** A path as reports give it: relative to the root, with `/` on every system. */
export function reportPath(root: string, path: string): string {
  const within = relative(root, path) || basename(path);
  return within.split(sep).join("/");
}
