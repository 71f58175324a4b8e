import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killSorts, otherDisk } from "./kills.ts";
import { seeTree, writeNightTree } from "./trees.ts";

if (otherDisk() === null)
  process.stdout.write("NOT RUN: kills of sorts to another disk (no second file system, such as /dev/shm, was found)\n");

test("of six sorts of one folder that start at once one sorts, and the others are told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nebulift-at-once-"));
  const [input, output] = [join(folder, "in"), join(folder, "out")];
  mkdirSync(input);
  writeNightTree(input, 60, 5);
  const before = seeTree(input);
  const sorter = join(import.meta.dirname, "sorter.ts");
  const run = (what: string): Promise<{ code: number | null; told: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", sorter, what, input, output, "move"]);
      let told = "";
      child.stdout.on("data", (chunk) => {
        told += chunk;
      });
      child.on("close", (code) => resolve({ code, told }));
    });
  const ended = await Promise.all(Array.from({ length: 6 }, () => run("sort")));
  // One that came after the first was done found nothing left to sort.
  expect(ended.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
  for (const { code, told } of ended) if (code !== 0) expect(told).toContain("sort-busy");
  const both = [...seeTree(input).values(), ...seeTree(output).values()].map(({ sha256 }) => sha256);
  expect(both.sort()).toEqual([...before.values()].map(({ sha256 }) => sha256).sort());
  expect((await run("undo")).code).toBe(0);
  expect(seeTree(input)).toEqual(before);
  rmSync(folder, { recursive: true, force: true });
});

// `npm run kills` does three hundred.
test("forty killed sorting processes lose, double and change nothing", async () => {
  const tally = await killSorts(40, 7);
  expect(tally.wrong).toEqual([]);
  expect(tally.kills).toBeGreaterThanOrEqual(40);
  expect(tally.midway).toBeGreaterThan(5);
}, 900_000);
