import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { simulateNight } from "../../src/main/services.ts";
import type { Report } from "../../src/shared/domain.ts";
import { parseReport } from "../../src/shared/report-reading.ts";

const root = join(import.meta.dirname, "..", "..");
let folder: string;

interface RuleCount {
  name: string;
  frames: number;
  minutes: number;
  changed: number;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-rules-cli-"));
  await simulateNight(join(folder, "night"), { frames: "10", size: "700x500", seed: "5", defects: "none" });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function nebulift(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", join(root, "src", "main", "cli.ts"), ...args], {
    cwd: folder,
    env: { ...process.env, NEBULIFT_HOME: join(folder, "home"), NO_COLOR: "1" },
    encoding: "utf8",
  });
}

function rulesFile(rules: unknown): string {
  writeFileSync(join(folder, "rules.json"), JSON.stringify(rules, null, 1));
  return "rules.json";
}

function reported(stdout: string): { report: Report; counts: RuleCount[] } {
  const report = parseReport(stdout, "stdout");
  return { report, counts: report.settings["rules"] as RuleCount[] };
}

test("rules of the user decide, are counted, and are named beside every frame that they touch", () => {
  const file = rulesFile({
    trails: "ignore",
    limits: { weight: 0.3 },
    rules: [
      { name: "softer half", when: "rank(fwhm) > 0.5", verdict: "review" },
      { name: "no frame at all", metric: "fwhm", above: 500 },
    ],
  });
  const plain = reported(nebulift("batch", "night", "--json").stdout).report;
  const { status, stdout } = nebulift("batch", "night", "--json", "--rules", file);
  const { report, counts } = reported(stdout);
  expect(status).toBe(0);
  const median = [...plain.frames].map((frame) => frame.measurements?.["fwhm"] ?? 0).sort((a, b) => a - b)[4] ?? 0;
  const soft = plain.frames.filter((frame) => (frame.measurements?.["fwhm"] ?? 0) > median).map((frame) => frame.path);
  const named = report.frames.filter((frame) => frame.reasons.some((reason) => reason.rule === "softer half")).map((frame) => frame.path);
  expect(soft).toHaveLength(5);
  expect(named).toEqual(soft);
  for (const frame of report.frames.filter(({ path }) => soft.includes(path))) expect(frame.verdict).not.toBe("clean");
  const minutes = plain.frames
    .filter(({ path }) => soft.includes(path))
    .reduce((sum, frame) => sum + (frame.metadata?.exposure ?? 0) / 60, 0);
  expect(counts[0]).toMatchObject({ name: "softer half", frames: 5 });
  expect(counts[0]?.minutes).toBeCloseTo(minutes, 4);
  const kindOf = new Map(plain.frames.map((frame) => [frame.path, frame.verdict]));
  expect(counts[0]?.changed).toBe(report.frames.filter((frame) => frame.verdict !== kindOf.get(frame.path)).length);
  expect(counts[1]).toMatchObject({ name: "no frame at all", frames: 0, minutes: 0, changed: 0 });
  expect(report.settings).toMatchObject({ trails: "ignore", limits: { weight: 0.3 } });
  const summary = nebulift("batch", "night", "--rules", file, "--trails", "strict").stdout;
  expect(summary).toContain(`your rule "softer half" (to review): 5 frames`);
  expect(summary).toContain(`your rule "no frame at all" (contaminated): no frame`);
});

test("what the user keeps is clean, and says whose word that is", () => {
  const file = rulesFile({
    rules: [
      { name: "drop all", metric: "stars", above: 0 },
      { name: "mine", when: "exposure > 0", verdict: "clean" },
    ],
  });
  const { status, stdout } = nebulift("analyze", "night", "--rules", file);
  expect(status).toBe(0);
  expect(stdout.match(/kept by your rule "mine"/g)).toHaveLength(10);
  expect(stdout.match(/your rule "drop all": Stars \d+/g)).toHaveLength(10);
});

test("a slip in the file is told with its line before any frame is touched", () => {
  writeFileSync(join(folder, "slip.json"), '{\n "rules": [\n  { "metric": "fwmh", "above": 3 }\n ]\n}\n');
  const { status, stdout, stderr } = nebulift("batch", "nowhere at all", "--rules", "slip.json");
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain('slip.json, line 3, rules[0].metric: there is no "fwmh"; did you mean "fwhm"?');
});

test("what is no rules file is refused", () => {
  mkdirSync(join(folder, "a folder"));
  writeFileSync(join(folder, "large.json"), " ".repeat(300_000));
  writeFileSync(join(folder, "utf16.json"), Buffer.from('\ufeff{"rules": []}', "utf16le"));
  for (const [name, words] of [
    ["missing.json", "there is no file missing.json"],
    ["a folder", "cannot be read"],
    ["large.json", "has 300000 bytes"],
    ["utf16.json", "line 1, column 1"],
  ] as const) {
    const { status, stderr } = nebulift("analyze", "night", "--rules", name);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
  }
});
