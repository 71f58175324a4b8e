import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";

/** O_NONBLOCK is absent on Windows, where opening never waits for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A regular file opened for reading at any position. Opening never blocks on pipes, sockets and devices: they are refused. */
export class FileBytes {
  readonly path: string;
  readonly size: number;
  private fd: number | null;

  private constructor(path: string, fd: number, size: number) {
    this.path = path;
    this.fd = fd;
    this.size = size;
  }

  /** Throws `file-missing`, `file-permission`, `file-io`, `file-empty`, and `not-an-image` for what is not a regular file. */
  static open(path: string): FileBytes {
    let fd: number | null = null;
    try {
      fd = openSync(path, OPEN_FLAGS);
      const stats = fstatSync(fd);
      if (!stats.isFile()) throw new NebuliftError("not-an-image", stats.isDirectory() ? "a folder" : "not a regular file");
      if (stats.size === 0) throw new NebuliftError("file-empty", "0 bytes");
      const file = new FileBytes(path, fd, stats.size);
      fd = null;
      return file;
    } catch (error) {
      throw openingError(error);
    } finally {
      if (fd !== null) closeSync(fd);
    }
  }

  /** Fills `into` from `position`. Throws `truncated` when the file ends first. */
  read(position: number, into: Uint8Array): void {
    const got = this.readUpTo(position, into);
    if (got < into.length) throw new NebuliftError("truncated", `${into.length - got} bytes are missing at ${position + got}`);
  }

  /** Fills as much of `into` as the file has from `position`; returns how much. */
  readUpTo(position: number, into: Uint8Array): number {
    if (this.fd === null) throw new NebuliftError("internal", "reading a closed file");
    let done = 0;
    while (done < into.length) {
      let got: number;
      try {
        got = readSync(this.fd, into, done, into.length - done, position + done);
      } catch (error) {
        throw toNebuliftError(error, "file-io");
      }
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  /** `length` fresh bytes from `position`. The caller has checked `length` against what the file can hold. */
  slice(position: number, length: number): Uint8Array<ArrayBuffer> {
    if (position + length > this.size) {
      throw new NebuliftError("truncated", `${position + length - this.size} bytes are missing after ${this.size}`);
    }
    const bytes = new Uint8Array(length);
    this.read(position, bytes);
    return bytes;
  }

  close(): void {
    if (this.fd === null) return;
    closeSync(this.fd);
    this.fd = null;
  }
}

function openingError(error: unknown): NebuliftError {
  if (error instanceof NebuliftError) return error;
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  // A socket cannot be opened (ENXIO on Linux, EOPNOTSUPP on macOS); Windows refuses folders this way.
  if (code === "ENXIO" || code === "EOPNOTSUPP" || code === "EISDIR") return new NebuliftError("not-an-image", "not a regular file", error);
  return toNebuliftError(error, "file-io");
}
