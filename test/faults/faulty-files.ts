import type { OpenFile, SortFiles } from "../../src/main/night/sort/sort-files.ts";

/** A process that has died does nothing any more; whoever sees this error is not there in reality. */
export class Died extends Error {}

export interface Faults {
  /** The operation at which it happens, counted from 1; the ones before work. */
  at: number;
  /** `die`: nothing works from there on. An error code: this one operation (or, `for ever`, it and all later ones of its kind) fails. */
  how: { die: true } | { code: string; forEver: boolean };
  /** Which operations count; default all. */
  only?: (name: string, path: string) => boolean;
}

export interface Disk {
  /** What naming a file twice answers here; undefined: it works. */
  link?: "EPERM" | "EXDEV";
  freeBytes?: number;
}

const systemError = (code: string, name: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: made to fail, ${name}`), { code });

/**
 * Files that fail as real ones do. Nothing is synchronised: what is tested is what a dead process leaves, and the order of
 * a disk's writes is the disk's.
 */
export function faultyFiles(real: SortFiles, disk: Disk, faults: Faults | null): { files: SortFiles; count: () => number; log: string[] } {
  let count = 0;
  let dead = false;
  let failing: string | null = null;
  const log: string[] = [];
  const step = async <T>(name: string, path: string, act: () => Promise<T>, half?: () => Promise<void>): Promise<T> => {
    if (dead) throw new Died(name);
    if (faults?.only && !faults.only(name, path)) return act();
    count++;
    log.push(`${name} ${path}`);
    if (faults === null) return act();
    if (count === faults.at) {
      if ("die" in faults.how) {
        dead = true;
        await half?.();
        throw new Died(name);
      }
      if (faults.how.forEver) failing = name;
      await half?.();
      throw systemError(faults.how.code, name);
    }
    if (failing === name && "code" in faults.how) throw systemError(faults.how.code, name);
    return act();
  };
  const opened = (path: string, file: OpenFile): OpenFile => ({
    facts: () => step("stat", path, () => file.facts()),
    read: (into) => step("read", path, () => file.read(into)),
    write: (bytes) =>
      step(
        "write",
        path,
        () => file.write(bytes),
        () => file.write(bytes.subarray(0, bytes.length >> 1)),
      ),
    setAttributes: (like, mtimeNs) => step("attributes", path, () => file.setAttributes(like, mtimeNs)),
    sync: () => step("sync", path, async () => {}),
    // A dead process's files are closed for it.
    close: () => file.close(),
  });
  const files: SortFiles = {
    facts: (path) => step("facts", path, () => real.facts(path)),
    list: (path) => step("list", path, () => real.list(path)),
    realPath: (path) => step("realPath", path, () => real.realPath(path)),
    read: (path) => step("open", path, async () => opened(path, await real.read(path))),
    create: (path) => step("create", path, async () => opened(path, await real.create(path))),
    append: (path) => step("append", path, async () => opened(path, await real.append(path))),
    clone: (from) => step("clone", from, async () => false),
    link: (existing, made) =>
      step("link", made, async () => {
        if (disk.link === "EPERM" || (disk.link === "EXDEV" && folderOf(existing) !== folderOf(made))) throw systemError(disk.link, "link");
        await real.link(existing, made);
      }),
    symlink: (target, made) => step("symlink", made, () => real.symlink(target, made)),
    readLink: (path) => step("readLink", path, () => real.readLink(path)),
    rename: (from, to) => step("rename", to, () => real.rename(from, to)),
    unlink: (path) => step("unlink", path, () => real.unlink(path)),
    makeFolder: (path) => step("makeFolder", path, () => real.makeFolder(path)),
    removeFolder: (path) => step("removeFolder", path, () => real.removeFolder(path)),
    syncFolder: (path) => step("syncFolder", path, async () => {}),
    freeBytes: (path) => step("freeBytes", path, async () => disk.freeBytes ?? real.freeBytes(path)),
  };
  return { files, count: () => count, log };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
