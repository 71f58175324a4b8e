/**
 * What a sort does to files, and nothing else. The real one is disk-files.ts; tests put failing disks in its place.
 * All of it throws the operating system's errors as they are: whoever calls knows whose fault they were.
 */
export interface SortFiles {
  /** What is in this place, without following a link; null when nothing is. */
  facts(path: string): Promise<FileFacts | null>;
  /** Names in a folder: of the plain files, and of everything. */
  list(folder: string): Promise<{ files: string[]; all: string[] }>;
  /** The place without links in it; throws ENOENT. */
  realPath(path: string): Promise<string>;
  /** Opens a plain file to read; a link in its place is not followed. */
  read(path: string): Promise<OpenFile>;
  /** Opens a file that must not have been there. */
  create(path: string): Promise<OpenFile>;
  /** Opens a file to write at its end, making it when it is not there. */
  append(path: string): Promise<OpenFile>;
  /** A copy that shares its blocks; false where the file system cannot, and then nothing is left behind. */
  clone(from: string, to: string): Promise<boolean>;
  /** A second name; throws EEXIST instead of replacing anything. */
  link(existing: string, made: string): Promise<void>;
  symlink(target: string, made: string): Promise<void>;
  readLink(path: string): Promise<string>;
  /** Replaces what is at `to`: only ever called on a place that this sort holds. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  /** Names made, changed and removed in this folder survive a power cut after this. */
  syncFolder(path: string): Promise<void>;
  /** Bytes that this user may still write to the disk that holds `path`. */
  freeBytes(path: string): Promise<number>;
}

export interface OpenFile {
  facts(): Promise<FileFacts>;
  /** Reads on from where the last read ended; 0 at the end. */
  read(into: Uint8Array): Promise<number>;
  /** Writes all of it. */
  write(bytes: Uint8Array): Promise<void>;
  setAttributes(like: FileFacts, mtimeNs: bigint): Promise<void>;
  /** Content and attributes survive a power cut after this. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileFacts {
  kind: "file" | "folder" | "link" | "other";
  size: number;
  mtimeNs: bigint;
  ctimeNs: bigint;
  atimeNs: bigint;
  device: bigint;
  inode: bigint;
  /** How many names the file has. */
  names: number;
  mode: number;
  owner: number;
  group: number;
}

/** Two names of one file. */
export function sameFile(a: FileFacts | null, b: FileFacts | null): boolean {
  return a !== null && b !== null && a.kind === "file" && b.kind === "file" && a.device === b.device && a.inode === b.inode && a.names > 1;
}
