import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { simulateNight } from "../../src/main/services.ts";
import type { Report, ReportSort } from "../../src/shared/domain.ts";
import { otherDisk } from "../faults/kills.ts";
import { seeTree } from "../faults/trees.ts";

const root = join(import.meta.dirname, "..", "..");
let folder: string;
let away: string;
let night: string;
let frames: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-sort-cli-"));
  night = join(folder, "night é");
  await simulateNight(night, { frames: "12", size: "500x400", seed: "3", defects: "cloud=0.9" });
  frames = readdirSync(night).filter((name) => name.endsWith(".fits")).length;
  // Beside each frame so much that sorting takes a moment.
  for (const name of readdirSync(night))
    if (name.endsWith(".fits")) writeFileSync(join(night, name.replace(".fits", ".txt")), name.repeat(300_000));
  writeFileSync(join(night, "cut.fits"), "SIMPLE  =");
  // To another disk a move is a copy: it can be interrupted half-way.
  away = mkdtempSync(join(otherDisk() ?? tmpdir(), "nebulift-sort-cli-"));
});
afterAll(() => {
  for (const made of [folder, away]) rmSync(made, { recursive: true, force: true });
});

interface Done {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

function start(args: string[], onChild?: (child: ChildProcess) => void): Promise<Done> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(root, "src", "main", "cli.ts"), ...args], {
      cwd: folder,
      env: { ...process.env, NEBULIFT_HOME: join(folder, "home"), NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const done: Done = { code: null, signal: null, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      done.stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      done.stderr += chunk;
    });
    child.on("close", (code, signal) => resolve({ ...done, code, signal }));
    onChild?.(child);
  });
}

/** Kills it once the journal in this output tells of a file. */
function killWhenSorting(output: string, signal: NodeJS.Signals): (child: ChildProcess) => void {
  return (child) => {
    const kept = join(output, ".nebulift");
    const poll = setInterval(() => {
      const journals = existsSync(kept) ? readdirSync(kept).filter((name) => name.endsWith(".jsonl")) : [];
      if (!journals.some((name) => readFileSync(join(kept, name), "utf8").includes('"what":"begin"'))) return;
      clearInterval(poll);
      child.kill(signal);
    }, 1);
    child.on("close", () => clearInterval(poll));
  };
}

interface Sorted extends Report {
  sort: ReportSort;
}

test("batch sorts, tells where each frame is, and undo takes it back", async () => {
  const before = seeTree(night);
  const output = join(folder, "sorted");
  const dry = await start(["batch", night, output, "--action", "move", "--dry-run", "--json"]);
  const planned = JSON.parse(dry.stdout) as Sorted;
  expect(planned.sort.plan).toHaveLength(2 * frames);
  expect(existsSync(output)).toBe(false);
  expect(seeTree(night)).toEqual(before);

  const done = await start(["batch", night, output, "--action", "move", "--json", "--report", "moved.json"]);
  expect(done.stderr).toBe("");
  // One file is no frame that can be read.
  expect(done.code).toBe(1);
  const report = JSON.parse(done.stdout) as Sorted;
  expect(JSON.parse(readFileSync(join(folder, "moved.json"), "utf8"))).toEqual(report);
  expect(new Set(report.frames.map(({ verdict }) => verdict)).size).toBeGreaterThan(2);
  for (const { path, verdict, sortedTo } of report.frames) {
    if (verdict === "unreadable") expect(sortedTo).toBeNull();
    else {
      expect(sortedTo).toBe(`${verdict}/${path}`);
      expect(existsSync(join(output, sortedTo ?? ""))).toBe(true);
    }
  }
  expect([...seeTree(night).keys()]).toEqual(["cut.fits", "truth.csv"]);

  // Whoever works on the report finds the frames where they are now.
  const list = await start(["export", "moved.json", "--to", "dss", "-o", join(folder, "moved.dssfilelist")]);
  expect(list.code).toBe(0);
  const clean = report.frames.filter(({ verdict }) => verdict === "clean");
  for (const { path } of clean) expect(readFileSync(join(folder, "moved.dssfilelist"), "utf8")).toContain(path);

  // Without arguments the latest sort is meant.
  const undone = await start(["undo"]);
  expect(undone.code).toBe(0);
  expect(undone.stdout).toContain(`${2 * frames} files are back where they were`);
  expect(seeTree(night)).toEqual(before);
  const nothing = await start(["undo", output]);
  expect(nothing.code).toBe(2);
});

test.each(["SIGKILL", "SIGINT"] as const)(
  "a move that ends with %s goes on with the same command, and tells the whole night",
  async (signal) => {
    const before = seeTree(night);
    const output = join(away, `cut short by ${signal}`);
    const first = await start(["batch", night, output, "--action", "move"], killWhenSorting(output, signal));
    expect(first.signal ?? first.code).toBe(signal === "SIGKILL" ? "SIGKILL" : 3);
    if (signal === "SIGINT") expect(first.stderr).toMatch(/of \d+ files sorted/);
    const refused = await start(["batch", night, output, "--action", "copy"]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain("nebulift resume OUT");
    const second = await start(["batch", night, output, "--action", "move", "--json"]);
    const report = JSON.parse(second.stdout) as Sorted;
    expect(report.frames).toHaveLength(frames + 1);
    for (const { verdict, path, sortedTo } of report.frames) expect(sortedTo).toBe(verdict === "unreadable" ? null : `${verdict}/${path}`);
    expect((await start(["undo", output])).code).toBe(0);
    const after = seeTree(night);
    const untimed = (tree: typeof after) => [...tree].map(([path, file]) => [path, { ...file, mtimeNs: 0n }]);
    expect(untimed(after)).toEqual(untimed(before));
    // Copied there and back, each has its time to a quarter of a microsecond.
    for (const [path, { mtimeNs }] of after) expect(Math.abs(Number(mtimeNs - (before.get(path)?.mtimeNs ?? 0n)))).toBeLessThanOrEqual(250);
  },
);

test("a copy that was killed is resumed by session from anywhere, and sorting again does nothing", async () => {
  const output = join(away, "copied");
  const first = await start(["batch", night, output], killWhenSorting(output, "SIGKILL"));
  expect(first.signal).toBe("SIGKILL");
  const journal = readdirSync(join(output, ".nebulift")).find((name) => name.endsWith(".jsonl")) ?? "";
  const resumed = await start(["resume", journal.slice(5, -6)]);
  expect(resumed.code).toBe(0);
  expect(resumed.stdout).toContain(`${2 * frames} files copied`);
  const again = await start(["batch", night, output, "--json"]);
  const report = JSON.parse(again.stdout) as Sorted;
  expect(report.sort).toMatchObject({ sorted: 0, journal: null });
  for (const { verdict, path, sortedTo } of report.frames) expect(sortedTo).toBe(verdict === "unreadable" ? null : `${verdict}/${path}`);
});

test.each([
  [["batch", "night é", join("night é", "sorted")], "lies inside"],
  [["batch", "night é", "--dry-run"], "needs a folder to sort into"],
  [["batch", "night é", "--action", "move"], "needs a folder to sort into"],
  [["undo", "nowhere"], "does not exist"],
  [["resume", "20200101-000000000-abcdef"], "no such sort"],
])("%j is wrong use and says what to do", async (args, words) => {
  const { code, stderr, stdout } = await start(args);
  expect(stderr).toContain(words);
  expect(code).toBe(2);
  expect(stdout).toBe("");
});
