import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { codeOfSystemError, NebuliftError } from "../../shared/errors.ts";

/**
 * What the user picked by dialog or by dropping. A window can only have these opened, and what lies inside them: the
 * paths it sends are text, and text can be anything.
 */
export class PickedFolders {
  readonly #real = new Set<string>();

  /** Remembers those that exist, by their real place (links resolved), and returns them; throws when none does. */
  async pick(paths: string[]): Promise<string[]> {
    const picked: string[] = [];
    let failure: unknown = null;
    for (const path of paths) {
      if (!isAbsolute(path)) continue;
      try {
        const real = await realpath(path);
        this.#real.add(real);
        picked.push(path);
      } catch (error) {
        failure = error;
      }
    }
    if (picked.length === 0) throw folderError(paths[0] ?? "", failure);
    return picked;
  }

  /** The real places of these paths. Throws `folder-missing`, and `folder-unreadable` for what was not picked. */
  async require(paths: string[]): Promise<string[]> {
    const real: string[] = [];
    for (const path of paths) {
      const place = await realpath(path).catch((error: unknown) => {
        throw folderError(path, error);
      });
      if (!this.#holds(place)) throw new NebuliftError("folder-unreadable", `${path}: not chosen in a dialog and not dropped`);
      real.push(place);
    }
    return real;
  }

  #holds(place: string): boolean {
    for (const root of this.#real) {
      const way = relative(root, place);
      if (way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way) && resolve(root, way) === place)) return true;
    }
    return false;
  }
}

function folderError(path: string, error: unknown): NebuliftError {
  const denied = codeOfSystemError(error) === "file-permission";
  return new NebuliftError(denied ? "folder-unreadable" : "folder-missing", path, error);
}
