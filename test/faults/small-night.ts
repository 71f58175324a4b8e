import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DISK_FILES } from "../../src/main/night/sort/disk-files.ts";
import { resumeSort, type SortAction, type SortTools, sortFrames, sortsIn, stateOf, undoSort } from "../../src/main/night/sort/index.ts";
import type { SortFiles } from "../../src/main/night/sort/sort-files.ts";
import type { VerdictKind } from "../../src/shared/domain.ts";
import { otherDisk } from "./kills.ts";
import { type SeenFile, seeTree } from "./trees.ts";

/** A tiny night and a folder to sort it into, in memory where there is a disk in memory. */
export interface SmallNight {
  input: string;
  output: string;
  before: Map<string, SeenFile>;
  remove(): void;
}

export const FRAMES: { path: string; verdict: VerdictKind }[] = [
  { path: "a.fits", verdict: "clean" },
  { path: "Ha/a.fits", verdict: "clean" },
  { path: "b.fits", verdict: "contaminated" },
  { path: "empty.fits", verdict: "review" },
  { path: "dark.fits", verdict: "not-light" },
];

export function smallNight(): SmallNight {
  const root = mkdtempSync(join(otherDisk() ?? tmpdir(), "nebulift-small-"));
  const input = join(root, "in");
  mkdirSync(join(input, "Ha"), { recursive: true });
  for (const { path } of FRAMES) writeFileSync(join(input, path), path === "empty.fits" ? "" : `light of ${path} `.repeat(40));
  writeFileSync(join(input, "a.wcs"), "where it looks");
  return { input, output: join(root, "out"), before: seeTree(input), remove: () => rmSync(root, { recursive: true, force: true }) };
}

let seconds = 0;
let random = 0;

/** Tools with a clock and a chance of their own. Every call of this is another process. */
export function tools(files: SortFiles = DISK_FILES, pid = process.pid): SortTools {
  return {
    files,
    lock: {
      processes: { self: { pid, host: "here", life: "one" }, lifeOf: (other) => (other === process.pid ? "one" : null) },
      random: () => (++random).toString(16).padStart(6, "0"),
      pause: async () => {},
    },
    now: () => new Date(Date.UTC(2026, 10, 20) + seconds++ * 1000),
  };
}

export function request(night: SmallNight, action: SortAction, frames: typeof FRAMES = FRAMES) {
  const { input, output } = night;
  return { input, output, action, keepFolders: false, frames, app: "test", settings: {}, report: "{}" };
}

export function sort(night: SmallNight, action: SortAction, by: SortTools = tools()) {
  return sortFrames(request(night, action), by, () => {});
}

/** Finishes what is unfinished; sorts where nothing was begun. */
export async function finish(night: SmallNight, action: SortAction): Promise<void> {
  const latest = await latestSort(night);
  if (latest === null || ["planned", "undone"].includes(latest.state)) await sort(night, action);
  else await resumeSort(night.output, latest.session, tools());
}

/** Takes back what was begun. Before there was a journal, that is a dead process's lock, which the next sort clears away. */
export async function takeBack(night: SmallNight, action: SortAction): Promise<void> {
  if ((await latestSort(night)) === null) await sort(night, action);
  const sessions = await sortsIn(DISK_FILES, night.output);
  for (const session of sessions.reverse())
    if (stateOf(session) !== "undone") await undoSort(night.output, session.header.session, tools());
}

export async function latestSort(night: SmallNight): Promise<{ session: string; state: string } | null> {
  try {
    const session = (await sortsIn(DISK_FILES, night.output)).at(-1);
    return session ? { session: session.header.session, state: stateOf(session) } : null;
  } catch {
    // The output was never made.
    return null;
  }
}
