import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planNight, simulateOptions, writeNight } from "../../src/main/simulate/index.ts";
import { openStore, placesOf } from "../../src/main/storage/index.ts";
import type { Report } from "../../src/shared/domain.ts";
import type { Evaluation } from "../../src/shared/evaluation.ts";
import { type FrameSketch, reasonOf, reportOf } from "../fixtures/labelled-night.ts";
import { randomOf } from "../fixtures/measured-night.ts";

const root = join(import.meta.dirname, "..", "..");
let folder: string;

function run(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const done = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", join(root, "src", "main", "cli.ts"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NEBULIFT_HOME: join(folder, "home"), NO_COLOR: "1" },
  });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** 30 good and 10 bad frames: one good thrown away, one bad kept, one of each asked about. */
function night(): { report: Report; truth: string } {
  const frames = Array.from({ length: 40 }, (_, i): FrameSketch => {
    const bad = i < 10;
    const verdict = i === 0 || i === 11 ? "review" : i === 1 || (!bad && i !== 10) ? "clean" : "contaminated";
    const probability = { clean: 0.02, review: 0.5, contaminated: 0.97 }[verdict];
    return {
      path: `lights/${i}.fits`,
      verdict,
      probability,
      reasons: verdict === "clean" ? [] : [reasonOf("clouds")],
      time: i * 60_000,
      content: `${i}`.padStart(64, "0"),
    };
  });
  const rows = frames.map(({ path }, i) => `${path},${i < 10 ? "contaminated,clouds,1.5" : "clean,,0.5"}`);
  return { report: { ...reportOf(frames), input: join(folder, "night") }, truth: `path,label,cause,severity\n${rows.join("\n")}\n` };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-evaluate-"));
  mkdirSync(join(folder, "night"));
  const { report, truth } = night();
  writeFileSync(join(folder, "r.json"), JSON.stringify(report));
  writeFileSync(join(folder, "night", "truth.csv"), truth);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("evaluate finds truth.csv beside the frames and prints what was right", () => {
  const { code, stdout, stderr } = run("evaluate", "r.json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(join(folder, "night", "truth.csv"));
  expect(stdout).toMatch(/right +36 of 40 \(90\.0 %\), 36 min of 40 min/);
  expect(stdout).toMatch(/good lost +1 of 30 \(3\.3 %\); to review 1 of 30/);
  expect(stdout).toMatch(/bad kept +1 of 10 \(10\.0 %\); to review 1 of 10/);
  expect(stdout).toMatch(/clouds +10 +9 +90\.0 % +11 +9 +81\.8 %/);
  expect(stdout).toMatch(/wrong +lights\/10\.fits +labelled clean, called contaminated P 0\.97: clouds/);
});

test("evaluate --json prints one document, --html writes a page, --fail-under decides the exit code", () => {
  const { code, stdout, stderr } = run("evaluate", "r.json", "--json", "--html", "e.html", "--fail-under", "95");
  const evaluation = JSON.parse(stdout) as Evaluation;
  expect(code).toBe(1);
  expect(stderr).toContain("90.00 % are right, fewer than 95 %");
  expect(evaluation).toMatchObject({ schema: 1, kind: "evaluation", matched: 40, overall: { right: 36, wrong: 2, undecided: 2 } });
  expect(readFileSync(join(folder, "e.html"), "utf8")).toContain("lights/10.fits");
  expect(run("evaluate", "r.json", "--fail-under", "90").code).toBe(0);
  expect(run("evaluate", "r.json", "--fail-under", "110").code).toBe(2);
});

test("--truth takes labels by hand; words that say nothing are told", () => {
  writeFileSync(join(folder, "mine.csv"), "file;verdict\n5.fits;reject\n20.fits;keep\n21.fits;purple\n99.fits;keep\n");
  const { code, stdout } = run("evaluate", "r.json", "--truth", "mine.csv");
  expect(code).toBe(0);
  expect(stdout).toMatch(/right +2 of 2/);
  expect(stdout).toContain("1 more label of frames that are not in the report");
  expect(stdout).toContain('1 label says nothing of good or bad: "purple"');
});

test("the user's decisions are labels where no file has one", () => {
  const store = openStore(placesOf({ NEBULIFT_HOME: join(folder, "home") }), { onTrouble: (error) => expect.unreachable(error.message) });
  const decision = { who: "me", before: "clean", program: "clean", probability: 0.02, app: "0", cause: null } as const;
  // The frame that was kept though it is bad, and one that the user does not know about either.
  store.decisions.add({ ...decision, content: "1".padStart(64, "0"), path: "lights/1.fits", after: "contaminated" });
  store.decisions.add({ ...decision, content: "2".padStart(64, "0"), path: "lights/2.fits", after: "review" });
  store.close();
  writeFileSync(join(folder, "moved.json"), JSON.stringify({ ...night().report, input: join(folder, "gone") }));
  const { code, stdout } = run("evaluate", "moved.json", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    matched: 1,
    sources: ["1 decision of yours"],
    overall: { wrong: 1, bad: { frames: 1, kept: 1 } },
  });
});

test("what is no report or has no labels is told with what to do, exit code 2", () => {
  const { report } = night();
  const stranger = { ...report, input: join(folder, "gone"), frames: report.frames.map((frame) => ({ ...frame, content: null })) };
  const cases: [name: string, text: string, part: string][] = [
    ["cut.json", JSON.stringify(report).slice(0, 4000), "no whole JSON"],
    ["other.json", JSON.stringify({ ...report, schema: 2 }), "schema"],
    ["odd.json", JSON.stringify({ ...report, frames: [{ ...report.frames[0], probability: 2 }] }), "frames.0.probability"],
    ["alone.json", JSON.stringify(stranger), "truth.csv or labels.csv"],
  ];
  for (const [name, text, part] of cases) {
    writeFileSync(join(folder, name), text);
    const { code, stderr } = run("evaluate", name);
    expect({ name, code }).toEqual({ name, code: 2 });
    expect(stderr).toContain(part);
  }
  expect(run("evaluate", "nothing.json")).toMatchObject({ code: 2, stderr: expect.stringContaining("does not exist") });
  expect(run("evaluate", "r.json", "--truth", "r.json").code).toBe(2);
});

test("calibrate refuses few labels; with enough it proposes, and changes nothing until promoted", () => {
  writeFileSync(join(folder, "few.csv"), "file,label\n5.fits,bad\n20.fits,good\n");
  const few = run("calibrate", "r.json", "--truth", "few.csv");
  expect(few.code).toBe(2);
  expect(few.stderr).toContain("1 good and 1 bad");
  expect(run("promote-thresholds").code).toBe(2);

  // Three nights of a probability that is far too sure.
  const { uniform, normal } = randomOf(8);
  const names = [1, 2, 3].map((number) => {
    const rows: string[] = [];
    const frames = Array.from({ length: 150 }, (_, i): FrameSketch => {
      const x = 3 * normal() - 1;
      rows.push(`${i}.fits,${uniform() < 1 / (1 + Math.exp(-(0.5 * x + 0.5))) ? "bad" : "good"}`);
      return { path: `${i}.fits`, verdict: "clean", probability: 1 / (1 + Math.exp(-x)), time: number * 86_400_000 + i * 60_000 };
    });
    mkdirSync(join(folder, `n${number}`));
    writeFileSync(join(folder, `n${number}`, "labels.csv"), `path,label\n${rows.join("\n")}\n`);
    writeFileSync(join(folder, `n${number}.json`), JSON.stringify({ ...reportOf(frames), input: join(folder, `n${number}`) }));
    return `n${number}.json`;
  });
  const { code, stdout } = run("calibrate", ...names, "--json", "--bad-kept", "5");
  const proposal = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(proposal).toMatchObject({ nights: 3, labels: 450, targets: { goodLost: 0.005, badKept: 0.05 } });
  expect(proposal.after.ece).toBeLessThan(proposal.before.ece);
  expect(JSON.parse(run("show-thresholds", "--json").stdout)).toMatchObject({
    inForce: { review: [0.35, 0.7], calibration: null },
    changed: null,
    proposed: { thresholds: proposal.thresholds, labels: 450 },
  });
  expect(run("promote-thresholds")).toMatchObject({ code: 0, stdout: expect.stringContaining("in force from now on") });
  expect(JSON.parse(run("show-thresholds", "--json").stdout).inForce).toMatchObject(proposal.thresholds);
  expect(run("show-thresholds").stdout).toContain("set by you: review, calibration");
  expect(run("promote-thresholds", "--reset").code).toBe(0);
  expect(JSON.parse(run("show-thresholds", "--json").stdout)).toMatchObject({ inForce: { review: [0.35, 0.7] }, changed: null });
});

test("frames are judged by the thresholds in force, and the report says by which", async () => {
  const { spec, seed } = simulateOptions({ frames: "3", size: "500x400", seed: "5", defects: "none" });
  await writeNight(planNight(spec, seed), join(folder, "sky"));
  const graded = (): Report => JSON.parse(run("batch", "sky", "--json").stdout);
  expect(graded().summary).toMatchObject({ clean: 3 });
  // No sky is darker than a hundred-thousandth of full well.
  writeFileSync(join(folder, "strict.json"), JSON.stringify({ trails: "strict", limits: { skyFill: 1e-5 } }));
  expect(run("promote-thresholds", "strict.json").code).toBe(0);
  const strict = graded();
  expect(strict.summary).toMatchObject({ clean: 0, contaminated: 3 });
  expect(strict.frames[0].reasons.map((reason) => reason.code)).toContain("overexposed");
  expect(strict.settings).toMatchObject({ trails: "strict", limits: { skyFill: 1e-5 }, calibration: null });
  // A correction that believes nothing: the same evidence, now too little.
  writeFileSync(
    join(folder, "meek.json"),
    JSON.stringify({ limits: { skyFill: 1e-5 }, calibration: { kind: "logit", slope: 1, offset: -15 } }),
  );
  run("promote-thresholds", "meek.json");
  expect(graded().summary).toMatchObject({ clean: 3 });
  run("promote-thresholds", "--reset");
  expect(graded().summary).toMatchObject({ clean: 3 });
  writeFileSync(join(folder, "wrong.json"), '{"limits":{"skyFull":0.5}}');
  expect(run("promote-thresholds", "wrong.json")).toMatchObject({ code: 2, stderr: expect.stringContaining("skyFull") });
  expect(run("promote-thresholds", "wrong.json", "--reset").code).toBe(2);
});
