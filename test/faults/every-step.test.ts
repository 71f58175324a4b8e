import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DISK_FILES } from "../../src/main/night/sort/disk-files.ts";
import { resumeSort, type SortAction, undoSort } from "../../src/main/night/sort/index.ts";
import { NebuliftError } from "../../src/shared/errors.ts";
import { Died, type Disk, faultyFiles } from "./faulty-files.ts";
import { finish, latestSort, type SmallNight, smallNight, sort, takeBack, tools } from "./small-night.ts";
import { seeTree } from "./trees.ts";

const SORTED = ["Ha/a.fits", "a.fits", "a.wcs", "b.fits", "empty.fits"];
const DEAD = 999_999;
const DISKS: [name: string, disk: Disk][] = [
  ["one disk", {}],
  ["two disks", { link: "EXDEV" }],
  ["a disk without second names", { link: "EPERM" }],
];
const CASES = (["copy", "move", "link"] as SortAction[]).flatMap((action) => DISKS.map(([name, disk]) => ({ action, name, disk })));

/** By place: what is where after a sort of these frames. `Ha/a.fits` comes first and keeps its name. */
function sortedTree(night: SmallNight): Map<string, string> {
  const content = (path: string): string => night.before.get(path)?.sha256 ?? "";
  return new Map(
    [...seeTree(night.output)].map(([place, { sha256, link }]) => [
      place,
      link === null ? sha256 : content(link.slice(night.input.length + 1)),
    ]),
  );
}

function expectSorted(night: SmallNight, action: SortAction, where: string): void {
  const content = (path: string): string | undefined => night.before.get(path)?.sha256;
  const tree = sortedTree(night);
  const names = [...tree.keys()].map((name) => name.replace(/-[0-9a-f]{6,}/, "-#"));
  expect(names.sort(), where).toEqual(["clean/a-#.fits", "clean/a-#.wcs", "clean/a.fits", "contaminated/b.fits", "review/empty.fits"]);
  expect(tree.get("clean/a.fits"), where).toBe(content("Ha/a.fits"));
  expect([...tree.values()].sort(), where).toEqual(SORTED.map(content).sort());
  const left = seeTree(night.input);
  expect([...left.keys()], where).toEqual(action === "move" ? ["dark.fits"] : [...night.before.keys()]);
  for (const [path, file] of left) expect(file, where).toEqual(night.before.get(path));
}

function expectUndone(night: SmallNight, disk: Disk, where: string): void {
  const now = seeTree(night.input);
  expect([...now.keys()], where).toEqual([...night.before.keys()]);
  for (const [path, file] of now) {
    const before = night.before.get(path);
    expect({ ...file, mtimeNs: 0n }, where).toEqual({ ...before, mtimeNs: 0n });
    const apart = Number(file.mtimeNs - (before?.mtimeNs ?? 0n));
    // What was copied to another disk and back has its time to a quarter of a microsecond.
    expect(Math.abs(apart), where).toBeLessThanOrEqual(disk.link === "EXDEV" ? 250 : 0);
  }
  // The lock of a process that died with all its work done lies beside the journal until somebody sorts there again.
  const left = [...seeTree(night.output).keys()].filter((path) => !path.startsWith(`.nebulift/.nebulift-sort-lock-${DEAD}`));
  expect(left, where).toEqual([]);
}

/** A lock whose removal was made to fail stays for the next sort to clear. */
function removeLocks(night: SmallNight): void {
  for (const folder of [night.input, join(night.output, ".nebulift")]) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) if (name.includes("-lock-")) rmSync(join(folder, name));
  }
}

/** Runs until it dies, fails or ends. The error, unless it died. */
async function run(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof Died || (error instanceof Error && error.cause instanceof Died)) return null;
    return error;
  }
}

test.each(CASES)(
  "$action on $name: a process that dies at any step leaves what can be finished and taken back",
  async ({ action, disk }) => {
    for (let at = 1; ; at++) {
      for (const end of ["finish", "undo"] as const) {
        const night = smallNight();
        const faulty = faultyFiles(DISK_FILES, disk, { at, how: { die: true } });
        const error = await run(() => sort(night, action, tools(faulty.files, DEAD)));
        expect(error).toBeNull();
        const ended = faulty.count() < at;
        const where = `${action}, step ${at} (${faulty.log.at(-1)}), ${end}`;
        if (end === "finish") {
          await finish(night, action);
          expectSorted(night, action, where);
        }
        await takeBack(night, action);
        expectUndone(night, disk, where);
        night.remove();
        if (ended && end === "undo") return;
      }
    }
  },
);

test.each(CASES)("$action on $name: so does an undo, and a resume", async ({ action, disk }) => {
  for (const what of ["undo", "resume"] as const) {
    for (let at = 1; ; at++) {
      const night = smallNight();
      // Half-way through a sort.
      const half = faultyFiles(DISK_FILES, disk, { at: 3, how: { die: true }, only: (name) => name === "link" || name === "symlink" });
      await run(() => sort(night, action, tools(half.files, DEAD)));
      const session = (await latestSort(night))?.session ?? "";
      const faulty = faultyFiles(DISK_FILES, disk, { at, how: { die: true } });
      const by = tools(faulty.files, DEAD);
      expect(await run(() => (what === "undo" ? undoSort : resumeSort)(night.output, session, by))).toBeNull();
      const where = `${action}, ${what}, step ${at} (${faulty.log.at(-1)})`;
      if (what === "resume") {
        await finish(night, action);
        expectSorted(night, action, where);
      }
      await takeBack(night, action);
      expectUndone(night, disk, where);
      night.remove();
      if (faulty.count() < at) break;
    }
  }
});

test.each(CASES)(
  "$action on $name: an operation that fails at any step is told, and works once the cause is gone",
  async ({ action, disk }) => {
    for (let at = 1; ; at++) {
      const code = ["ENOSPC", "EIO", "EACCES"][at % 3];
      const night = smallNight();
      const forEver = at % 4 < 2;
      const faulty = faultyFiles(DISK_FILES, disk, { at, how: { code, forEver } });
      const where = `${action}, ${code} at step ${at}`;
      let failed: unknown = null;
      let left = 0;
      let unseen = 0;
      try {
        const { outcome, plan } = await sort(night, action, tools(faulty.files));
        left = outcome?.failed.length ?? 0;
        unseen = plan.missing.length;
      } catch (error) {
        failed = error;
      }
      const what = `${where} (${faulty.log[at - 1]})`;
      if (failed !== null) expect(failed, `${what}: ${failed instanceof Error ? failed.stack : failed}`).toBeInstanceOf(NebuliftError);
      if (failed instanceof NebuliftError) expect(failed.code, what).not.toBe("internal");
      if (failed !== null || left > 0) await finish(night, action);
      // What could not be seen when the sort was planned was named, and is the next one's.
      removeLocks(night);
      if (unseen > 0) await sort(night, action);
      else expectSorted(night, action, what);
      expect(new Set(sortedTree(night).values()), what).toEqual(new Set(SORTED.map((path) => night.before.get(path)?.sha256)));
      await takeBack(night, action);
      expectUndone(night, disk, what);
      night.remove();
      if (faulty.count() < at) break;
    }
  },
);
