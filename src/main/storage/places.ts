import { join } from "node:path";
import envPaths from "env-paths";

export interface Places {
  /** What the user would miss: settings and decisions. */
  data: string;
  /** What can be made again: measurements and previews. */
  cache: string;
  log: string;
}

/** Where Nebulift keeps its own files: the system's usual folders, or all below NEBULIFT_HOME where that is set. */
export function placesOf(environment: Readonly<Record<string, string | undefined>>): Places {
  const home = environment["NEBULIFT_HOME"];
  if (home) return { data: home, cache: join(home, "cache"), log: join(home, "log") };
  const { data, cache, log } = envPaths("nebulift", { suffix: "" });
  return { data, cache, log };
}
