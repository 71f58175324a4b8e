import { stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";

export interface SettleOptions {
  signal?: AbortSignal | undefined;
  /** A file that has not changed for this long is complete, ms. */
  quietMs: number;
  /** How long to wait for that, ms. */
  timeoutMs: number;
  /** Milliseconds since 1970, the clock that file times are compared with; this computer's unless a test brings its own. */
  now?: () => number;
  /** Resolves after `ms`, or rejects when the signal aborts. */
  sleep?: (ms: number) => Promise<void>;
}

interface Snapshot {
  size: number;
  changed: number;
}

/**
 * Waits until a capture program has finished writing a file: size and time of change have stayed the same for `quietMs`.
 * A file that was last changed longer ago than that is not waited for at all. Throws `file-growing` after `timeoutMs`,
 * `cancelled`, `file-missing`, `file-permission`, `file-io`.
 */
export async function waitUntilSettled(path: string, options: SettleOptions): Promise<void> {
  const { quietMs, timeoutMs, now = Date.now, sleep = (ms: number) => pause(ms, options) } = options;
  const began = now();
  let last = await snapshot(path, options);
  const age = began - last.changed;
  if (age >= quietMs) return;
  // A clock that differs from the file server's makes ages meaningless: then only staying the same counts.
  let same = age < 0 ? began : last.changed;
  while (now() - same < quietMs) {
    const left = timeoutMs - (now() - began);
    if (left <= 0) throw new NebuliftError("file-growing", `${last.size} bytes after ${Math.round(timeoutMs / 1000)} s`);
    await sleep(Math.max(1, Math.min(left, quietMs - (now() - same))));
    const current = await snapshot(path, options);
    if (current.size !== last.size || current.changed !== last.changed) same = now();
    last = current;
  }
}

async function pause(ms: number, options: SettleOptions): Promise<void> {
  try {
    await setTimeout(ms, undefined, options.signal ? { signal: options.signal } : {});
  } catch (error) {
    throw new NebuliftError("cancelled", "waiting for a file", error);
  }
}

async function snapshot(path: string, options: SettleOptions): Promise<Snapshot> {
  if (options.signal?.aborted) throw new NebuliftError("cancelled", "waiting for a file");
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, changed: mtimeMs };
  } catch (error) {
    throw toNebuliftError(error, "file-io");
  }
}
