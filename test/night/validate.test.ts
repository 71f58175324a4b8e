import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Check } from "../../src/main/installation.ts";

const folder = mkdtempSync(join(tmpdir(), "nebulift-validate-"));
afterAll(() => rmSync(folder, { recursive: true }));

function validate(home: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const cli = join(import.meta.dirname, "..", "..", "src", "main", "cli.ts");
  return spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", cli, "validate", ...args], {
    encoding: "utf8",
    // A proxy that is not there: anything that asked the network would fail.
    env: { ...process.env, NEBULIFT_HOME: home, TMPDIR: folder, HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" },
  });
}

test("a fresh installation passes, says what it looked at, and leaves no scratch behind", () => {
  const home = join(folder, "fresh é");
  const { status, stdout, stderr } = validate(home, "--json");
  const { schema, ok, checks } = JSON.parse(stdout) as { schema: number; ok: boolean; checks: Check[] };
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect([status, schema, ok, stderr]).toEqual([0, 1, true, ""]);
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["SIMD", "decoding kernels", "measuring kernels", "reader of JPEG (sharp)", "model", "simulated night"]),
  );
  expect(checks.at(-1)?.detail).toContain("truncated");
  expect(readdirSync(folder)).toEqual(["fresh é"]);
});

test("what is wrong is named with what to do, and the rest is looked at all the same", () => {
  const home = join(folder, "harmed");
  mkdirSync(join(home, "cache"), { recursive: true });
  writeFileSync(join(home, "nebulift.db"), "no database".repeat(1000));
  writeFileSync(join(home, "cache", "measurements.db"), "");
  const { status, stdout } = validate(home);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^BAD {2}decisions and settings .*nebulift\.db.*\n {5}\S/m);
  expect(stdout).toMatch(/^ok {3}simulated night/m);
  expect(stdout).toContain("1 of 15 need attention");
  // Looking changes nothing.
  expect(existsSync(join(home, "nebulift.db.copy"))).toBe(false);
});

test("a place that is a file is named", () => {
  writeFileSync(join(folder, "file"), "");
  const { status, stdout } = validate(join(folder, "file", "home"), "--json");
  expect(status).toBe(1);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  const bad = checks.filter(({ ok }) => !ok);
  expect(bad.map(({ name }) => name)).toEqual(["data folder", "cache folder"]);
  for (const { action } of bad) expect(action).toContain("NEBULIFT_HOME");
});
