import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DISK_FILES } from "../../src/main/night/sort/disk-files.ts";
import { resumeSort, type SortAction, sortFrames, sortsIn, undoSort } from "../../src/main/night/sort/index.ts";
import type { SortFiles } from "../../src/main/night/sort/sort-files.ts";
import { smallNight, tools } from "./small-night.ts";
import { seeTree } from "./trees.ts";

/** File systems made for the test: only root may, so elsewhere it says that it did not run. */
const root = process.getuid?.() === 0 && process.platform === "linux";
const makers = {
  tmpfs: [] as string[],
  ext4: ["mkfs.ext4", "-q", "-F"],
  xfs: ["mkfs.xfs", "-q", "-f"],
  btrfs: ["mkfs.btrfs", "-q", "-f"],
};
type Kind = keyof typeof makers;
let folder: string;
const mounted: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-disks-"));
});
afterAll(() => {
  for (const place of mounted.reverse()) spawnSync("umount", [place]);
  rmSync(folder, { recursive: true, force: true });
});

/** Null, and said aloud, where this machine cannot. */
function mount(kind: Kind, megabytes: number, name: string): string | null {
  const place = join(folder, name);
  mkdirSync(place);
  const ok = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: "ignore" }).status === 0;
  let done = false;
  if (root && kind === "tmpfs") done = ok("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "none", place);
  else if (root) {
    const image = `${place}.img`;
    writeFileSync(image, "");
    truncateSync(image, megabytes * 1e6);
    const [maker, ...options] = makers[kind];
    done = ok(maker, ...options, image) && ok("mount", "-o", "loop", image, place);
  }
  if (done) mounted.push(place);
  else process.stdout.write(`NOT RUN: a sort on ${kind} (needs root, loop devices and ${makers[kind][0] ?? "mount"})\n`);
  return done ? place : null;
}

function night(place: string, frames: number, bytes: number): { input: string; frames: { path: string; verdict: "clean" }[] } {
  const input = join(place, "in");
  mkdirSync(input);
  const names = Array.from({ length: frames }, (_, i) => ({ path: `light ${i}.fits`, verdict: "clean" as const }));
  for (const [i, { path }] of names.entries()) writeFileSync(join(input, path), Buffer.alloc(bytes, i + 1));
  return { input, frames: names };
}

const request = (input: string, output: string, action: SortAction, frames: { path: string; verdict: "clean" }[]) => ({
  input,
  output,
  action,
  keepFolders: false,
  frames,
  app: "test",
  settings: {},
  report: "{}",
});
const latest = async (output: string): Promise<string> => (await sortsIn(DISK_FILES, output)).at(-1)?.header.session ?? "";

describe("a full disk", () => {
  it.each(["copy", "move"] as const)("stops a %s with a clear error and nothing half-done, and lets it go on later", async (action) => {
    const place = mount("tmpfs", 4, `full ${action}`);
    if (!place) return;
    const small = join(folder, `from ${action}`);
    mkdirSync(small);
    const { input, frames } = night(small, 8, 700_000);
    const before = seeTree(input);
    const output = join(place, "out");
    // What was free when it was asked is not any more.
    const files: SortFiles = { ...DISK_FILES, freeBytes: async () => 1e9 };
    await expect(sortFrames(request(input, output, action, frames), tools(), () => {})).rejects.toMatchObject({ code: "disk-full" });
    expect(seeTree(output).size).toBe(0);
    await expect(sortFrames(request(input, output, action, frames), tools(files), () => {})).rejects.toMatchObject({ code: "disk-full" });
    expect([...seeTree(output).keys()].filter((path) => path.includes(".part"))).toEqual([]);
    const all = [...seeTree(output).values(), ...seeTree(input).values()].map(({ sha256 }) => sha256);
    expect(new Set(all).size).toBe(8);
    // Not even one byte for the journal.
    spawnSync("sh", ["-c", 'cat /dev/zero > "$0"', join(place, "filler")], { stdio: "ignore" });
    await expect(resumeSort(output, await latest(output), tools(files))).rejects.toMatchObject({ code: "disk-full" });
    expect(spawnSync("mount", ["-o", "remount,size=16m", place]).status).toBe(0);
    await resumeSort(output, await latest(output), tools(files));
    expect(new Set([...seeTree(output).values()].map(({ sha256 }) => sha256)).size).toBe(8);
    await undoSort(output, await latest(output), tools());
    const back = seeTree(input);
    expect([...back].map(([path, { sha256 }]) => [path, sha256])).toEqual([...before].map(([path, { sha256 }]) => [path, sha256]));
  });
});

it("a place that may only be read is refused in words, and so is taking files from one", async () => {
  const place = mount("tmpfs", 8, "read only");
  if (!place) return;
  const { input, frames } = night(place, 3, 1000);
  spawnSync("mount", ["-o", "remount,ro", place]);
  await expect(sortFrames(request(input, join(place, "out"), "copy", frames), tools(), () => {})).rejects.toMatchObject({
    code: "output-unwritable",
  });
  const output = join(folder, "beside read only");
  await expect(sortFrames(request(input, output, "move", frames), tools(), () => {})).rejects.toMatchObject({ code: "output-unwritable" });
  expect([...seeTree(output).keys()]).toEqual([]);
  expect((await sortFrames(request(input, output, "copy", frames), tools(), () => {})).outcome?.sorted).toBe(3);
});

it.each([
  ["ext4", 64],
  ["xfs", 400],
  ["btrfs", 160],
] as const)("%s: sorted within it, from it and back", async (kind, megabytes) => {
  const place = mount(kind, megabytes, `real ${kind}`);
  if (!place) return;
  const { input, frames } = night(place, 6, 2_000_000);
  const before = seeTree(input);
  for (const action of ["copy", "move", "link"] as const) {
    for (const output of [join(place, `out ${action}`), join(folder, `${kind} ${action}`)]) {
      const { outcome } = await sortFrames(request(input, output, action, frames), tools(), () => {});
      expect(outcome?.sorted).toBe(6);
      const kept = readdirSync(join(output, ".nebulift")).length;
      expect(kept).toBe(2);
      const [session] = await sortsIn(DISK_FILES, output);
      const ways = new Set(session.items.map(({ placed }) => placed?.how));
      const near = output.startsWith(place);
      const expected = {
        copy: near && kind !== "ext4" ? "cloned" : "copied",
        move: near ? "renamed" : "copied",
        link: near ? "linked" : "symlinked",
      };
      expect([...ways]).toEqual([expected[action]]);
      await undoSort(output, session.header.session, tools());
      expect([...seeTree(output).keys()]).toEqual([]);
      const after = seeTree(input);
      expect([...after].map(([path, { sha256, mode }]) => [path, sha256, mode])).toEqual(
        [...before].map(([path, { sha256, mode }]) => [path, sha256, mode]),
      );
    }
  }
});

it("a folder that may not be read is named", async () => {
  const small = smallNight();
  expect(existsSync(small.input)).toBe(true);
  const unreadable: SortFiles = {
    ...DISK_FILES,
    facts: async (path) => {
      if (path.includes("/Ha/")) throw Object.assign(new Error("EACCES"), { code: "EACCES" });
      return DISK_FILES.facts(path);
    },
  };
  const frames = ["a.fits", "Ha/a.fits"].map((path) => ({ path, verdict: "clean" as const }));
  const { plan, outcome } = await sortFrames(request(small.input, small.output, "copy", frames), tools(unreadable), () => {});
  expect(plan.missing).toMatchObject([{ path: "Ha/a.fits", code: "file-permission" }]);
  expect(outcome?.sorted).toBe(2);
  small.remove();
});
