import { expect, test } from "vitest";
import { killSorts, otherDisk } from "./kills.ts";

if (otherDisk() === null)
  process.stdout.write("NOT RUN: kills of sorts to another disk (no second file system, such as /dev/shm, was found)\n");

// `npm run kills` does three hundred.
test("forty killed sorting processes lose, double and change nothing", async () => {
  const tally = await killSorts(40, 7);
  expect(tally.wrong).toEqual([]);
  expect(tally.kills).toBeGreaterThanOrEqual(40);
  expect(tally.midway).toBeGreaterThan(5);
}, 900_000);
