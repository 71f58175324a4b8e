import type { ChildProcess } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeFits } from "../../src/main/formats/fits-write.ts";
import { planNight, simulateOptions, writeNight } from "../../src/main/simulate/index.ts";
import type { Report } from "../../src/shared/domain.ts";
import { type Done, runCommand } from "../fixtures/command-line.ts";

let folder: string;
let night: string;

const start = (args: string[], onChild?: (child: ChildProcess) => void): Promise<Done> => runCommand(folder, args, onChild);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-cli-"));
  night = join(folder, "night é 夜");
  const { spec, seed } = simulateOptions({ frames: "10", size: "800x600", seed: "5", defects: "none" });
  await writeNight(planNight(spec, seed), night);
  const [first, second] = readdirSync(night).filter((name) => name.endsWith(".fits"));
  mkdirSync(join(night, "more"));
  copyFileSync(join(night, first), join(night, "more", "CUT.FIT"));
  truncateSync(join(night, "more", "CUT.FIT"), 400_000);
  copyFileSync(join(night, second), join(night, "more", "no extension"));
  writeFileSync(join(night, "log.txt"), "guiding was fine\n");
  writeFileSync(join(night, "empty.xisf"), "");
  const dark = {
    width: 800,
    height: 600,
    bitpix: 16 as const,
    data: new Uint16Array(480_000).fill(500),
    keywords: [["IMAGETYP", "DARK"]] as [string, string][],
  };
  writeFileSync(join(night, "dark_001.fits"), encodeFits(dark));
  writeFileSync(join(folder, "outside.fits"), encodeFits(dark));
  symlinkSync(join(folder, "outside.fits"), join(night, "link.fits"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("batch gives every file a state and prints clean JSON", async () => {
  const before = snapshot(night);
  const { code, stdout, stderr } = await start(["batch", night, "--json", "--report", "r.json", "--csv", "r.csv", "--html", "r.html"]);
  const report = JSON.parse(stdout) as Report & { otherFiles: string[] };
  expect(stderr).toBe("");
  // Two files cannot be read.
  expect(code).toBe(1);
  const state = new Map(report.frames.map((frame) => [frame.path, frame]));
  expect(report.schema).toBe(1);
  expect(report.frames).toHaveLength(14);
  expect(report.summary).toMatchObject({ notLight: 1, unreadable: 2 });
  expect(report.summary.clean + report.summary.contaminated + report.summary.review).toBe(11);
  expect(state.get("more/CUT.FIT")?.error?.code).toBe("truncated");
  expect(state.get("more/CUT.FIT")?.error?.action.length).toBeGreaterThan(10);
  expect(state.get("empty.xisf")?.error?.code).toBe("file-empty");
  expect(state.get("dark_001.fits")).toMatchObject({ verdict: "not-light", notLight: "dark", measurements: null });
  expect(state.get("more/no extension")?.measurements?.["stars"]).toBeGreaterThan(20);
  // Neither the link nor the log is a frame; the log is still accounted for.
  expect(state.has("link.fits")).toBe(false);
  expect(report.otherFiles).toEqual(["log.txt", "truth.csv"]);
  expect(JSON.parse(readFileSync(join(folder, "r.json"), "utf8"))).toEqual(report);
  expect(readFileSync(join(folder, "r.csv"), "utf8").split("\r\n")).toHaveLength(16);
  expect(readFileSync(join(folder, "r.html"), "utf8")).toContain("data:image/jpeg;base64,");
  expect(snapshot(night)).toEqual(before);
});

/** Names, sizes and times of all files: grading must not touch anything. */
function snapshot(path: string): string[] {
  return (readdirSync(path, { recursive: true }) as string[]).sort().map((name) => {
    const { size, mtimeMs } = statSync(join(path, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}

test("a frame alone is judged from its own numbers, and says that it is alone", async () => {
  const name = readdirSync(night).find((entry) => entry.endsWith("0003.fits")) ?? "";
  const { code, stdout } = await start(["analyze", join(night, name), "--json"]);
  const [frame] = (JSON.parse(stdout) as Report).frames;
  expect(code).toBe(0);
  expect(frame).toMatchObject({ path: name, verdict: "clean", comparedWith: 0 });
  expect(frame.reasons.map((reason) => reason.code)).toEqual(["too-few"]);
  for (const value of Object.values(frame.measurements ?? {})) expect(value === null || Number.isFinite(value)).toBe(true);
});

test("a report never replaces a file that is not a report", async () => {
  const victim = join(folder, "victim.fits");
  copyFileSync(join(folder, "outside.fits"), victim);
  const { code, stderr } = await start(["batch", night, "--report", victim]);
  expect(code).toBe(2);
  expect(stderr).toContain("nothing is ever overwritten");
  expect(readFileSync(victim)).toEqual(readFileSync(join(folder, "outside.fits")));
});

test.each([
  [["batch", "nowhere"], 2, "does not exist"],
  [["analyze"], 2, "missing required argument"],
  [["batch", ".", "--trails", "maybe"], 2, "Allowed choices"],
  [["fly"], 2, "unknown command"],
  [["simulate", "."], 2, "nothing is ever overwritten"],
])("%j is wrong use and says what to do", async (args, expected, words) => {
  const { code, stderr, stdout } = await start(args);
  expect(code).toBe(expected);
  expect(stderr).toContain(words);
  expect(stdout).toBe("");
});

test.each(["analyze", "batch", "simulate", "demo"])("%s --help shows an example", async (command) => {
  const { code, stdout } = await start([command, "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("Example: nebulift");
});

test("Ctrl-C cancels with its own exit code, and leaves no half-written report", async () => {
  const { code, stderr } = await start(["simulate", join(folder, "long"), "--frames", "60", "--size", "1200x900"], (child) => {
    const poll = setInterval(() => {
      try {
        if (readdirSync(join(folder, "long")).length === 0) return;
      } catch {
        return;
      }
      clearInterval(poll);
      child.kill("SIGINT");
    }, 20);
  });
  expect(code).toBe(3);
  expect(stderr).toContain("cancelled");
  const left = readdirSync(join(folder, "long"));
  expect(left.filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(left.filter((name) => name.endsWith(".fits")).length).toBeLessThan(60);
});
