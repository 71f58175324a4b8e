import { type BigIntStats, constants } from "node:fs";
import * as fs from "node:fs/promises";
import type { FileFacts, OpenFile, SortFiles } from "./sort-files.ts";

const WINDOWS = process.platform === "win32";
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
/** What a file system answers that cannot share blocks between these two places. */
const CANNOT_CLONE = new Set(["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EINVAL", "ENOTTY", "EPERM", "EBADF", "ETXTBSY"]);

/** Error code of the operating system, e.g. ENOENT; empty for any other error. */
export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The disks of this computer. */
export const DISK_FILES: SortFiles = {
  async facts(path) {
    try {
      return factsOf(await fs.lstat(path, { bigint: true }));
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(systemCode(error))) return null;
      throw error;
    }
  },
  async list(folder) {
    const entries = await fs.readdir(folder, { withFileTypes: true });
    return { files: entries.filter((entry) => entry.isFile()).map(({ name }) => name), all: entries.map(({ name }) => name) };
  },
  realPath: (path) => fs.realpath(path),
  read: async (path) => new DiskFile(await fs.open(path, READ)),
  create: async (path) => new DiskFile(await fs.open(path, "wx")),
  append: async (path) => new DiskFile(await fs.open(path, "a+")),
  async clone(from, to) {
    try {
      await fs.copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
      return true;
    } catch (error) {
      if (CANNOT_CLONE.has(systemCode(error))) return false;
      throw error;
    }
  },
  link: (existing, made) => fs.link(existing, made),
  symlink: (target, made) => fs.symlink(target, made, "file"),
  readLink: (path) => fs.readlink(path),
  rename: (from, to) => fs.rename(from, to),
  unlink: (path) => fs.unlink(path),
  makeFolder: async (path) => void (await fs.mkdir(path)),
  removeFolder: (path) => fs.rmdir(path),
  async syncFolder(path) {
    // Windows cannot open folders, and writes their changes through.
    if (WINDOWS) return;
    const folder = await fs.open(path, "r");
    try {
      await folder.sync();
    } catch (error) {
      // Some network and FUSE file systems do not know the call; they have no more to offer.
      if (!["EINVAL", "ENOTSUP", "ENOSYS", "EBADF"].includes(systemCode(error))) throw error;
    } finally {
      await folder.close();
    }
  },
  async freeBytes(path) {
    const { bavail, bsize } = await fs.statfs(path);
    return bavail * bsize;
  },
};

class DiskFile implements OpenFile {
  readonly #handle: fs.FileHandle;

  constructor(handle: fs.FileHandle) {
    this.#handle = handle;
  }

  async facts(): Promise<FileFacts> {
    return factsOf(await this.#handle.stat({ bigint: true }));
  }

  async read(into: Uint8Array): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, null)).bytesRead;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at, bytes.length - at, null)).bytesWritten;
  }

  async setAttributes(like: FileFacts, mtimeNs: bigint): Promise<void> {
    try {
      // Only root may give files away; for everybody else the copy is theirs, as with cp.
      if (process.getuid?.() === 0) await this.#handle.chown(like.owner, like.group);
      await this.#handle.chmod(like.mode & 0o7777);
    } catch (error) {
      // FAT and some network shares have no owners and permissions to keep.
      if (!["EPERM", "ENOTSUP", "ENOSYS"].includes(systemCode(error))) throw error;
    }
    await this.#handle.utimes(secondsOf(like.atimeNs), secondsOf(mtimeNs));
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function factsOf(stats: BigIntStats): FileFacts {
  return {
    kind: stats.isFile() ? "file" : stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "other",
    size: Number(stats.size),
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    atimeNs: stats.atimeNs,
    device: stats.dev,
    inode: stats.ino,
    names: Number(stats.nlink),
    mode: Number(stats.mode),
    owner: Number(stats.uid),
    group: Number(stats.gid),
  };
}

/**
 * The seconds that Node turns into a time at or up to 0.25 us after this one: it takes seconds as a double, and cuts.
 * The next lower one would show the millisecond before.
 */
function secondsOf(ns: bigint): number {
  let seconds = Number(ns) / 1e9;
  if (seconds <= 0) return seconds;
  const step = 2 ** (Math.floor(Math.log2(seconds)) - 52);
  while (nanosecondsOf(seconds) < ns) seconds += step;
  while (nanosecondsOf(seconds - step) >= ns) seconds -= step;
  return seconds;
}

/** As libuv does it (uv__fs_to_timespec). */
function nanosecondsOf(seconds: number): bigint {
  const whole = Math.trunc(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(Math.trunc((seconds - whole) * 1e9));
}
