import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { codeOfSystemError, NebuliftError } from "../../shared/errors.ts";

export interface OutputFoldersParts {
  /** Throws for what the user did not pick; PickedFolders.require. */
  requirePicked: (paths: string[]) => Promise<string[]>;
  /** Whether frames were sorted into this folder before. */
  hasSortedInto: (output: string) => boolean;
}

/**
 * Where the app may write: below what the user picked, and where an earlier sort wrote. A window sends paths as text, and
 * text can be anything.
 */
export class OutputFolders {
  readonly #parts: OutputFoldersParts;
  readonly #written = new Set<string>();

  constructor(parts: OutputFoldersParts) {
    this.#parts = parts;
  }

  /** The place with links resolved; it need not be there yet. Throws `folder-unreadable` for one that was not picked. */
  async require(given: string): Promise<string> {
    const { real, missing } = await nearest(given);
    const place = join(real, ...missing);
    if (!this.#parts.hasSortedInto(place)) await this.#parts.requirePicked([real]);
    return place;
  }

  /** Something was written here: it may be shown from now on. */
  wrote(place: string): void {
    this.#written.add(place);
  }

  /** The place, if it may be shown: written to in this run, by an earlier sort, or picked. */
  async requireShown(given: string): Promise<string> {
    if (this.#written.has(given)) return given;
    const { real, missing } = await nearest(given);
    if (missing.length > 0) throw new NebuliftError("folder-missing", given);
    if (!this.#parts.hasSortedInto(real)) await this.#parts.requirePicked([real]);
    return real;
  }
}

/** The nearest folder at or above a place that is there, without links, and the names that are missing from it. */
async function nearest(given: string): Promise<{ real: string; missing: string[] }> {
  if (!isAbsolute(given)) throw new NebuliftError("folder-missing", given);
  const missing: string[] = [];
  for (let path = resolve(given); ; path = dirname(path)) {
    try {
      return { real: await realpath(path), missing };
    } catch (error) {
      if (codeOfSystemError(error) !== "file-missing" || dirname(path) === path) throw new NebuliftError("folder-missing", given, error);
      missing.unshift(path.slice(dirname(path).length).replace(sep, ""));
    }
  }
}
