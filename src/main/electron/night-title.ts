import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** What people call a night: its folder's name, or what they picked together. */
export async function nightTitle(paths: readonly string[]): Promise<string> {
  const [first] = paths;
  if (first === undefined) return "";
  const names = paths.map((path) => basename(path) || path);
  if (paths.length === 1) return names[0] ?? "";
  const folders = await Promise.all(paths.map(isFolder));
  const allFolders = folders.every(Boolean);
  if (allFolders && paths.length === 2) return names.join(" + ");
  const what = `${paths.length} ${allFolders ? "folders" : folders.some(Boolean) ? "folders and files" : "files"}`;
  const parents = new Set(paths.map((path) => dirname(path)));
  const parent = parents.size === 1 ? basename(dirname(first)) : "";
  return parent === "" ? what : `${parent}, ${what}`;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Opening it says what is wrong with it.
    return true;
  }
}
