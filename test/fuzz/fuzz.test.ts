import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fuzz, tallyLines } from "./fuzz.ts";

test("damaged files of every format end with a code or an honest verdict, and cost nothing but themselves", async () => {
  const keep = mkdtempSync(join(tmpdir(), "nebulift-found-"));
  const tally = await fuzz({ files: 240, seed: 11, jobs: 2, keep });
  for (const what of tally.missing) process.stderr.write(`\n*** NOT FUZZED: ${what} ***\n`);
  expect(tally.findings, tallyLines(tally).join("\n")).toEqual([]);
  const results = [...tally.families.values()];
  expect(results).toHaveLength(8);
  // Damage is neither fatal nor harmless as a rule.
  for (const family of results) expect(family.size).toBeGreaterThan(2);
  rmSync(keep, { recursive: true });
});
