import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keywordValue } from "../../src/main/formats/index.ts";
import { csvRecords } from "../../src/main/learning/csv.ts";
import { parseLabels } from "../../src/main/learning/labels.ts";
import { planNight, simulateOptions, writeNight } from "../../src/main/simulate/index.ts";
import { openStore } from "../../src/main/storage/index.ts";
import type { Report, ReportFrame } from "../../src/shared/domain.ts";
import { runCommand } from "../fixtures/command-line.ts";
import { decodePixels } from "../fixtures/decoded-pixels.ts";

let folder: string;
let night: string;
let report: Report;
let reportPath: string;
/** Clean by the program; the user said it is not. */
let overruled: ReportFrame;

const fileOf = (frame: ReportFrame): string => join(night, frame.path);
const hash = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
const run = (...args: string[]) => runCommand(folder, args);

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nebulift-export-")));
  night = join(folder, "night é 夜");
  const { spec, seed } = simulateOptions({ frames: "12", size: "800x600", seed: "5", defects: "cloud,focus" });
  await writeNight(planNight(spec, seed), night);
  reportPath = join(folder, "r.json");
  expect((await run("batch", night, "--report", "r.json")).code).toBe(0);
  report = JSON.parse(readFileSync(reportPath, "utf8")) as Report;
  const clean = report.frames.filter((frame) => frame.verdict === "clean");
  expect(clean.length).toBeGreaterThan(5);
  expect(clean.length).toBeLessThan(12);
  overruled = clean[2];
  const store = openStore(
    { data: join(folder, "home"), cache: join(folder, "home", "cache") },
    { onTrouble: (error) => expect(error).toBeNull() },
  );
  const { content } = overruled;
  if (!content) throw new Error("the report does not say what its frames hold");
  store.decisions.add({
    content,
    path: fileOf(overruled),
    who: "ada",
    before: "clean",
    after: "contaminated",
    cause: "trail",
    program: "clean",
    probability: 0,
    app: "test",
  });
  store.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** By verdict and decision together: what a stacker should get. */
function approvedPaths(): string[] {
  return report.frames.filter((frame) => frame.verdict === "clean" && frame.path !== overruled.path).map((frame) => frame.path);
}

describe("lists", () => {
  test("JSON and CSV carry the decision beside the verdict", async () => {
    const { stdout, code } = await run("export", "r.json", "--to", "json");
    expect(code).toBe(0);
    const again = JSON.parse(stdout) as Report;
    const frame = again.frames.find(({ path }) => path === overruled.path);
    expect(frame).toMatchObject({ verdict: "clean", decided: { verdict: "contaminated", cause: "trail" } });
    const [head, ...rows] = csvRecords((await run("export", "r.json", "--to", "csv")).stdout);
    const column = (name: string): number => head.fields.indexOf(name);
    expect(
      rows
        .filter(({ fields }) => fields[column("decided")] !== "")
        .map(({ fields }) => [fields[column("path")], fields[column("decided")]]),
    ).toEqual([[overruled.path, "contaminated"]]);
  });

  test("DeepSkyStacker gets every light, checked or not, relative to the list", async () => {
    mkdirSync(join(folder, "lists"), { recursive: true });
    expect((await run("export", "r.json", "--to", "dss", "-o", "lists/m31.txt")).code).toBe(0);
    const [first, second, ...rows] = readFileSync(join(folder, "lists", "m31.txt"), "utf8").split("\n");
    expect([first, second, rows.pop()]).toEqual(["DSS file list", "CHECKED\tTYPE\tFILE", ""]);
    const parsed = rows.map((row) => row.split("\t"));
    expect(parsed.every(([, type]) => type === "light")).toBe(true);
    expect(parsed.filter(([checked]) => checked === "1").map(([, , file]) => basename(file))).toEqual(approvedPaths());
    for (const [, , file] of parsed) expect(existsSync(join(folder, "lists", file))).toBe(true);
  });

  test("APP gets absolute paths of the approved frames", async () => {
    const { stdout, stderr } = await run("export", "r.json", "--to", "app");
    expect(stdout).toBe(
      approvedPaths()
        .map((path) => `${join(night, path)}\n`)
        .join(""),
    );
    expect(stderr).toContain(`${approvedPaths().length} of 12 frames approved`);
  });

  test("PixInsight gets SubframeSelector's table, and a script that says the same", async () => {
    expect((await run("export", "r.json", "--to", "pixinsight", "-o", "pi")).code).toBe(0);
    const lines = readFileSync(join(folder, "pi", "subframe-selector.csv"), "utf8")
      .trimEnd()
      .split("\n");
    const at = lines.findIndex((line) => line.startsWith("Index,"));
    expect(at).toBe(22);
    const [head, ...rows] = csvRecords(lines.slice(at).join("\n")).map(({ fields }) => fields);
    expect(head).toHaveLength(30);
    expect(rows.every((row) => row.length === 30)).toBe(true);
    const approved = rows.filter((row) => row[1] === "true").map((row) => basename(row[3]));
    expect(approved).toEqual(approvedPaths());
    expect(rows.find((row) => row[3].endsWith(overruled.path))?.slice(1, 3)).toEqual(["false", "true"]);
    for (const row of rows) {
      const frame = report.frames.find(({ path }) => row[3].endsWith(path));
      expect(Number(row[head.indexOf("Stars")])).toBe(frame?.measurements?.["stars"]);
      expect(Number(row[head.indexOf("FWHM")])).toBeCloseTo(frame?.measurements?.["fwhmArcsec"] ?? Number.NaN, 3);
    }
    // The script is run with a stand-in for PixInsight's own class: what arrives in it is what counts.
    const script = readFileSync(join(folder, "pi", "subframe-selector.js"), "utf8");
    const seen = spawnSync(
      process.execPath,
      ["--eval", `class SubframeSelector { launch() { console.log(JSON.stringify(this.subframes)); } }\n${script}`],
      { encoding: "utf8" },
    );
    const subframes = JSON.parse(seen.stdout) as [boolean, string, string, string][];
    expect(subframes.filter(([enabled]) => enabled).map(([, file]) => basename(file))).toEqual(approvedPaths());
    expect(
      readFileSync(join(folder, "pi", "approved.txt"), "utf8")
        .trimEnd()
        .split("\n"),
    ).toHaveLength(approvedPaths().length);
  });

  test("a place that is taken stays as it is", async () => {
    writeFileSync(join(folder, "mine.txt"), "my notes");
    const { code, stderr } = await run("export", "r.json", "--to", "dss", "-o", "mine.txt");
    expect([code, readFileSync(join(folder, "mine.txt"), "utf8")]).toEqual([2, "my notes"]);
    expect(stderr).toContain("nothing is ever overwritten");
    for (const to of ["siril", "weights"]) expect((await run("export", "r.json", "--to", to, "-o", ".")).code).toBe(2);
    expect((await run("export-curated", "r.json", ".")).code).toBe(2);
  });
});

const siril = spawnSync("siril-cli", ["--version"], { encoding: "utf8" });
if (siril.error) console.log("NOT RUN: Siril loads what is exported for it (no siril-cli; apt-get install siril)");

describe.skipIf(siril.error)("Siril", () => {
  const script = (lines: string[], where: string): string => {
    writeFileSync(join(folder, "test.ssf"), ["requires 1.0.0", ...lines, ""].join("\n"));
    return execFileSync("siril-cli", ["-d", where, "-s", join(folder, "test.ssf")], {
      encoding: "utf8",
      env: { ...process.env, HOME: folder },
    });
  };

  test("stacks exactly what was approved: from the sequence's selection, and from lights/", async () => {
    expect((await run("export", "r.json", "--to", "siril", "-o", "siril")).code).toBe(0);
    const out = join(folder, "siril");
    expect(readdirSync(join(out, "lights")).sort()).toEqual(approvedPaths().sort());
    script(["setext fit", "set32bits", "stack all_ mean none -nonorm -filter-included -out=mean"], join(out, "all"));
    const mean = await decodePixels(join(out, "all", "mean.fit"));
    const frames = await Promise.all(approvedPaths().map((path) => decodePixels(join(night, path))));
    // Siril's 32-bit results run from 0 to 1.
    let worst = 0;
    for (let i = 0; i < mean.length; i += 7) {
      const expected = frames.reduce((sum, frame) => sum + frame[i], 0) / frames.length / 65535;
      worst = Math.max(worst, Math.abs(mean[i] - expected));
    }
    expect(worst).toBeLessThan(2e-5);
    const log = execFileSync("siril-cli", ["-s", join(out, "stack.ssf")], {
      encoding: "utf8",
      cwd: out,
      env: { ...process.env, HOME: folder },
    });
    expect(log).toContain("Script execution finished successfully");
    expect(log).toMatch(new RegExp(`Integration of ${approvedPaths().length} images|${approvedPaths().length} (?:images|of)`));
    expect(statSync(join(out, "stacked.fit")).size).toBeGreaterThan(100_000);
  });
});

describe("weights", () => {
  const dataOf = (path: string): string => {
    const bytes = readFileSync(path);
    return createHash("sha256")
      .update(bytes.subarray(bytes.length - 800 * 600 * 2 - 2000))
      .digest("hex");
  };

  test("go into copies; originals and pixels stay byte for byte", async () => {
    const before = report.frames.map((frame) => hash(fileOf(frame)));
    expect((await run("export", "r.json", "--to", "weights", "-o", "weighted")).code).toBe(0);
    expect(readdirSync(join(folder, "weighted")).sort()).toEqual(approvedPaths().sort());
    expect(report.frames.map((frame) => hash(fileOf(frame)))).toEqual(before);
    for (const path of approvedPaths()) {
      const frame = report.frames.find((other) => other.path === path);
      const copy = join(folder, "weighted", path);
      expect(keywordValue(copy, "SSWEIGHT")).toBeCloseTo(frame?.measurements?.["weight"] ?? Number.NaN, 5);
      expect(Buffer.compare(Buffer.from(await bytesOf(copy)), Buffer.from(await bytesOf(join(night, path))))).toBe(0);
      expect(statSync(copy).mtimeMs).toBeCloseTo(statSync(join(night, path)).mtimeMs, -1);
    }
  });

  test("go into the frames themselves only when asked, and come out again to the last byte", async () => {
    const place = join(folder, "moved");
    cpSync(night, place, { recursive: true, preserveTimestamps: true });
    const path = approvedPaths()[0];
    const hashes = new Map(report.frames.map((frame) => [frame.path, hash(join(place, frame.path))]));
    expect((await run("export", "r.json", "--to", "weights", "--root", "moved", "--in-place")).code).toBe(0);
    expect(keywordValue(join(place, path), "SSWEIGHT")).not.toBeNull();
    expect(dataOf(join(place, path))).toBe(dataOf(join(night, path)));
    expect(hash(join(place, overruled.path))).toBe(hashes.get(overruled.path));
    const journal = readdirSync(folder).find((name) => name.startsWith("r.json.weights-"));
    if (!journal) throw new Error("no journal");
    // One of them is changed by somebody else meanwhile: that one is left alone.
    const touched = join(place, approvedPaths()[1]);
    const bytes = readFileSync(touched);
    bytes[bytes.length - 4000] ^= 1;
    writeFileSync(touched, bytes);
    const { code, stdout, stderr } = await run("export", "r.json", "--to", "weights", "--undo", journal);
    expect([code, stdout]).toEqual([1, `${approvedPaths().length - 1} headers are as they were\n`]);
    expect(stderr).toContain(basename(touched));
    for (const name of approvedPaths()) if (join(place, name) !== touched) expect(hash(join(place, name))).toBe(hashes.get(name));
    expect(Buffer.compare(readFileSync(touched), bytes)).toBe(0);
    expect(readdirSync(place).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("a crash between journal and file is undone as nothing", async () => {
    const journal = readdirSync(folder).find((name) => name.startsWith("r.json.weights-"));
    if (!journal) throw new Error("no journal");
    const untouched = readFileSync(join(folder, journal), "utf8").replaceAll("/moved/", `/${basename(night)}/`);
    writeFileSync(join(folder, "crashed.jsonl"), `${untouched}{"path":"cut of`);
    const { code, stdout } = await run("export", "r.json", "--to", "weights", "--undo", "crashed.jsonl");
    expect([code, stdout]).toEqual([0, "0 headers are as they were\n"]);
    writeFileSync(join(folder, "no-journal.jsonl"), "hello\n");
    expect((await run("export", "r.json", "--to", "weights", "--undo", "no-journal.jsonl")).code).toBe(4);
  });

  test("as sidecars they leave even copies alone", async () => {
    expect((await run("export", "r.json", "--to", "weights", "--sidecars", "-o", "side")).code).toBe(0);
    const [head, ...rows] = csvRecords(readFileSync(join(folder, "side", "weights.csv"), "utf8"));
    expect(head.fields).toEqual(["path", "file", "SSWEIGHT"]);
    expect(rows.map(({ fields }) => fields[1])).toEqual(approvedPaths());
    expect(readFileSync(join(folder, "side", `${approvedPaths()[0]}.ssweight`), "utf8")).toBe(`SSWEIGHT=${rows[0].fields[2]}\n`);
  });
});

describe("labelled copies", () => {
  test("lie by verdict and cause, with labels that evaluation reads", async () => {
    expect((await run("export-curated", "r.json", "curated")).code).toBe(0);
    const place = join(folder, "curated");
    expect(hash(join(place, "contaminated", "trail", overruled.path))).toBe(hash(fileOf(overruled)));
    const { labels } = parseLabels(readFileSync(join(place, "labels.csv"), "utf8"), "labels.csv");
    expect(labels).toHaveLength(12);
    expect(labels.filter(({ truth }) => truth === "clean").map(({ path }) => basename(path))).toEqual(approvedPaths());
    expect(labels.find(({ path }) => path.endsWith(overruled.path))).toMatchObject({ truth: "contaminated", causes: ["trail"] });
    for (const { path } of labels) expect(existsSync(join(place, path))).toBe(true);
  });

  test("hold only what the user decided when that is asked for", async () => {
    expect((await run("export-curated", "r.json", "mine", "--decided-only")).stdout).toContain("1 frames copied");
  });
});

describe("reports that are not as they were", () => {
  test.each<[name: string, text: (whole: string) => string]>([
    ["cut off", (whole) => whole.slice(0, whole.length / 2)],
    ["of another schema", (whole) => whole.replace('"schema": 1', '"schema": 2')],
    ["no report at all", () => "{}"],
    ["that points outside its folder", (whole) => whole.replace(overruled.path, "../../etc/passwd")],
    ["that points at an absolute path", (whole) => whole.replace(overruled.path, "/etc/passwd")],
  ])("%s: wrong use, nothing written", async (_, text) => {
    writeFileSync(join(folder, "bad.json"), text(readFileSync(reportPath, "utf8")));
    const { code, stderr, stdout } = await run("export", "bad.json", "--to", "weights", "-o", "never");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("is not a report");
    expect(existsSync(join(folder, "never"))).toBe(false);
  });

  test("frames that moved are found beside the report, where --root says, or named as missing", async () => {
    const elsewhere = join(folder, "elsewhere");
    cpSync(night, elsewhere, { recursive: true });
    copyFileSync(reportPath, join(elsewhere, "r.json"));
    const moved = readFileSync(join(elsewhere, "r.json"), "utf8").replace(/"input": "[^"]*"/, '"input": "/nowhere"');
    writeFileSync(join(elsewhere, "r.json"), moved);
    expect((await run("export", "elsewhere/r.json", "--to", "app")).stdout).toContain(`${elsewhere}/`);
    writeFileSync(join(folder, "moved.json"), moved);
    const lost = await run("export", "moved.json", "--to", "app");
    expect([lost.code, lost.stdout]).toEqual([4, ""]);
    expect(lost.stderr).toContain("--root");
    // The decision is found by what the frame holds, wherever it lies.
    const found = await run("export", "moved.json", "--to", "app", "--root", "elsewhere");
    expect(
      found.stdout
        .trimEnd()
        .split("\n")
        .map((path) => basename(path)),
    ).toEqual(approvedPaths());
    renameSync(join(elsewhere, approvedPaths()[0]), join(elsewhere, "renamed.fits"));
    const some = await run("export", "moved.json", "--to", "dss", "--root", "elsewhere");
    expect(some.code).toBe(1);
    expect(some.stderr).toContain("1 frames are not there any more");
    expect((await run("export", "moved.json", "--to", "csv")).code).toBe(0);
  });

  test("options that contradict each other are wrong use", async () => {
    for (const args of [
      ["--to", "dss", "--in-place"],
      ["--to", "weights"],
      ["--to", "siril"],
      ["--to", "nothing"],
      ["--to", "weights", "--in-place", "-o", "x"],
    ])
      expect((await run("export", "r.json", ...args)).code).toBe(2);
    expect((await run("export", "missing.json", "--to", "csv")).code).toBe(2);
  });
});

async function bytesOf(path: string): Promise<Uint8Array> {
  const pixels = await decodePixels(path);
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
