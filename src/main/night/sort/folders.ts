import { dirname, join, resolve, sep } from "node:path";
import { codeOfSystemError, NebuliftError } from "../../../shared/errors.ts";
import { systemCode } from "./disk-files.ts";
import { SORTED_VERDICTS } from "./journal-records.ts";
import type { FileFacts, SortFiles } from "./sort-files.ts";

export interface SortFolders {
  input: string;
  output: string;
  /** The nearest folder at or above the output that exists. */
  existing: string;
}

/**
 * Finds both folders without links in their paths. Throws `sort-folders` where one lies in the other so that the sort would
 * feed on itself, `folder-missing`, `output-exists`, `output-unwritable`.
 */
export async function sortFolders(files: SortFiles, givenInput: string, givenOutput: string): Promise<SortFolders> {
  const input = await real(files, resolve(givenInput), "folder-missing");
  const { output, existing } = await outputFolder(files, resolve(givenOutput));
  if (await isAtOrAbove(files, input, existing))
    throw new NebuliftError(
      "sort-folders",
      `${output} lies inside ${input}: the next run would grade the sorted frames again; name a folder beside it`,
    );
  for (const verdict of SORTED_VERDICTS) {
    if (await isAtOrAbove(files, join(output, verdict), input))
      throw new NebuliftError(
        "sort-folders",
        `${input} is what was sorted into ${output}; sort the folder it came from, or name another place`,
      );
  }
  return { input, output, existing };
}

/** The folder of an earlier sort. Throws `folder-missing`. */
export async function sortedFolder(files: SortFiles, given: string): Promise<string> {
  return real(files, resolve(given), "folder-missing");
}

async function real(files: SortFiles, path: string, otherwise: "folder-missing"): Promise<string> {
  try {
    return await files.realPath(path);
  } catch (error) {
    throw new NebuliftError(codeOfSystemError(error) === "file-permission" ? "folder-unreadable" : otherwise, path, error);
  }
}

async function outputFolder(files: SortFiles, given: string): Promise<{ output: string; existing: string }> {
  const missing: string[] = [];
  for (let path = given; ; path = dirname(path)) {
    try {
      const existing = await files.realPath(path);
      if ((await files.facts(existing))?.kind !== "folder") throw new NebuliftError("output-exists", `${existing} is a file`);
      return { existing, output: join(existing, ...missing) };
    } catch (error) {
      if (error instanceof NebuliftError) throw error;
      if (systemCode(error) !== "ENOENT" || dirname(path) === path) throw new NebuliftError("output-unwritable", path, error);
      missing.unshift(path.slice(dirname(path).length).replace(sep, ""));
    }
  }
}

async function isAtOrAbove(files: SortFiles, folder: string, place: string): Promise<boolean> {
  const target = await files.facts(folder);
  if (target === null) return false;
  for (let path = place; ; path = dirname(path)) {
    if (path === folder || sameFolder(target, await files.facts(path))) return true;
    if (dirname(path) === path) return false;
  }
}

function sameFolder(a: FileFacts, b: FileFacts | null): boolean {
  return b !== null && b.inode !== 0n && a.device === b.device && a.inode === b.inode;
}

/** Makes a folder and those above it, each durable in the one above. A link in place of a folder is refused. */
export async function makeFolders(files: SortFiles, from: string, path: string): Promise<void> {
  if (path === from) return;
  const found = await files.facts(path);
  if (found?.kind === "folder") return;
  if (found !== null) throw new NebuliftError("output-unwritable", `${path} is no folder`);
  if (dirname(path) !== path) await makeFolders(files, from, dirname(path));
  try {
    await files.makeFolder(path);
    await files.syncFolder(dirname(path));
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    throw new NebuliftError(codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable", path, error);
  }
}
