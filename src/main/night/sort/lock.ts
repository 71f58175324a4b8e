import { createHash } from "node:crypto";
import { join } from "node:path";
import { codeOfSystemError, NebuliftError } from "../../../shared/errors.ts";
import { systemCode } from "./disk-files.ts";
import type { OpenFile, SortFiles } from "./sort-files.ts";

/** Who holds a lock, well enough to know whether they still live. */
export interface LockHolder {
  pid: number;
  host: string;
  /** Changes when the number of a dead process is given to another, or the computer starts anew; empty where unknown. */
  life: string;
}

/** Who we are, and who else is still there. */
export interface Processes {
  self: LockHolder;
  /** The life of a process of this computer as it is now; null when it does not run. */
  lifeOf(pid: number): string | null;
}

/** `sort` in the output of every sort; `move` in the input of one that takes files from there. */
export type LockRole = "sort" | "move";

export interface LockTaker {
  processes: Processes;
  /** For people who look into the file. */
  since: string;
  /** Six hexadecimal digits. */
  random: () => string;
  pause: (milliseconds: number) => Promise<void>;
}

interface SortLock {
  /** Locks of holders who do not live any more were cleared away. */
  tookOver: boolean;
  release(): Promise<void>;
}

const ATTEMPTS = 6;
/** The locks of this process; one of ours that is not among them could not be removed when it was let go. */
const HELD = new Set<string>();
const MOST_BYTES = 1000;

/**
 * Takes the lock of a role in a folder. Every holder has a file of its own, whose name says who it is: made first, then
 * looked for others, so that of two who come at once at least one sees the other; and a dead holder's file can be removed
 * without ever hitting a living one's. If both see each other both step back, and try again after a random pause.
 * Throws `sort-busy`, `output-unwritable`, `disk-full`.
 */
export async function takeLock(files: SortFiles, folder: string, role: LockRole, by: LockTaker): Promise<SortLock> {
  const { processes, since, random, pause } = by;
  for (let attempt = 1; ; attempt++) {
    const name = nameOf(role, processes.self, random());
    const path = join(folder, name);
    HELD.add(path);
    await writeLock(files, path, `process ${processes.self.pid} on ${processes.self.host}, since ${since}\n`);
    let found: Found;
    try {
      found = await othersIn(files, folder, role, name, processes);
    } catch (error) {
      await letGo(files, path);
      throw new NebuliftError(codeOfSystemError(error, "file-io"), folder, error);
    }
    if (found.held === null) return { tookOver: found.cleared > 0, release: () => letGo(files, path) };
    await letGo(files, path);
    if (attempt === ATTEMPTS) throw new NebuliftError("sort-busy", found.held);
    await pause(20 + (Number.parseInt(random(), 16) % 200));
  }
}

/** Throws `sort-busy` when somebody holds the lock of this role there. Nothing is written. */
export async function refuseIfLocked(files: SortFiles, folder: string, role: LockRole, processes: Processes): Promise<void> {
  const { held } = await othersIn(files, folder, role, null, processes);
  if (held !== null) throw new NebuliftError("sort-busy", held);
}

function nameOf(role: LockRole, { pid, host, life }: LockHolder, random: string): string {
  return `.nebulift-${role}-lock-${pid}-${short(host)}-${short(life)}-${random}`;
}

function short(text: string): string {
  return text === "" ? "0" : createHash("sha256").update(text).digest("hex").slice(0, 12);
}

async function writeLock(files: SortFiles, path: string, text: string): Promise<void> {
  let file: OpenFile | null = null;
  try {
    file = await files.create(path);
    await file.write(new TextEncoder().encode(text));
  } catch (error) {
    if (file) await letGo(files, path);
    HELD.delete(path);
    throw new NebuliftError(codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable", path, error);
  } finally {
    await file?.close();
  }
}

interface Found {
  held: string | null;
  cleared: number;
}

async function othersIn(files: SortFiles, folder: string, role: LockRole, own: string | null, processes: Processes): Promise<Found> {
  const found: Found = { held: null, cleared: 0 };
  const here = short(processes.self.host);
  for (const name of (await files.list(folder)).files) {
    const parts = new RegExp(`^\\.nebulift-${role}-lock-(\\d{1,10})-([0-9a-f]+)-([0-9a-f]+)-[0-9a-f]+$`).exec(name);
    if (!parts || name === own) continue;
    const path = join(folder, name);
    const [, pid, host, life] = parts;
    const lifeNow = processes.lifeOf(Number(pid));
    const ours = Number(pid) === processes.self.pid && !HELD.has(path);
    if (host !== here) found.held = `${await words(files, path)}; if it does not run any more, remove ${path}`;
    else if (!ours && lifeNow !== null && (life === "0" || lifeNow === "" || short(lifeNow) === life))
      found.held = await words(files, path);
    else if (own !== null) {
      await removed(files, path);
      found.cleared++;
    }
  }
  return found;
}

async function words(files: SortFiles, path: string): Promise<string> {
  let file: OpenFile | null = null;
  try {
    file = await files.read(path);
    const bytes = new Uint8Array(MOST_BYTES);
    const read = await file.read(bytes);
    return new TextDecoder().decode(bytes.subarray(0, read)).trim() || path;
  } catch (error) {
    // Its holder may have let go of it a moment ago; that the lock was there is what counts.
    if (systemCode(error) === "") throw error;
    return path;
  } finally {
    await file?.close();
  }
}

/** A lock that cannot be removed holds nobody up: it is known as let go here, and as a dead process's later. */
async function letGo(files: SortFiles, path: string): Promise<void> {
  HELD.delete(path);
  try {
    await files.unlink(path);
  } catch (error) {
    if (systemCode(error) === "") throw error;
  }
}

async function removed(files: SortFiles, path: string): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    // Somebody else cleared it a moment ago.
    if (systemCode(error) !== "ENOENT") throw error;
  }
}
