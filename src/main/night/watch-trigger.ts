import { statfs } from "node:fs/promises";
import { type FSWatcher, watch } from "chokidar";
import { toNebuliftError } from "../../shared/errors.ts";

/** statfs magic numbers (Linux, magic.h) of file systems whose changes by other computers are not announced: NFS, SMB, CIFS, 9p, FUSE, AFS, Ceph. */
const NETWORK = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x5346414f, 0x00c36400]);

/** Whether a folder lies where only looking again and again tells what changed. Unknown systems (and their names) count as no. */
export async function isNetworkFolder(folder: string): Promise<boolean> {
  try {
    const { type } = await statfs(folder);
    return process.platform === "linux" && NETWORK.has(type >>> 0);
  } catch {
    // Whatever is amiss with the folder, scanning it says so.
    return false;
  }
}

/**
 * Calls `look` soon after something happened below the folder; what it was, the next scan finds out. Returns how to stop.
 * When the system cannot watch (any more), `onTrouble` hears it once.
 */
export function onChange(folder: string, look: () => void, onTrouble: (detail: string) => void): () => Promise<void> {
  let told = false;
  const watcher: FSWatcher = watch(folder, { ignoreInitial: true, followSymlinks: false, ignorePermissionErrors: true });
  watcher.on("all", () => look());
  // What happened until the system watches was announced to nobody.
  watcher.on("ready", () => look());
  watcher.on("error", (error) => {
    if (told) return;
    told = true;
    onTrouble(toNebuliftError(error, "file-io").detail);
  });
  return () => watcher.close();
}
