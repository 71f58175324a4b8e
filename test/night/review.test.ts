import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { planNight, simulateOptions, writeNight } from "../../src/main/simulate/index.ts";
import type { Report } from "../../src/shared/domain.ts";
import { COMMAND, runCommand } from "../fixtures/command-line.ts";

const python = spawnSync("python3", ["-c", "import pty"]);
if (python.status !== 0) console.log("NOT RUN: review on a pseudo-terminal (no python3)");

let folder: string;
let flagged: string[];

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nebulift-review-")));
  const { spec, seed } = simulateOptions({ frames: "10", size: "800x600", seed: "5", defects: "cloud,focus" });
  await writeNight(planNight(spec, seed), join(folder, "night"));
  expect((await runCommand(folder, ["batch", "night", "--report", "r.json"])).code).toBe(0);
  const report = JSON.parse(readFileSync(join(folder, "r.json"), "utf8")) as Report;
  // As if the program were in doubt about two of them.
  const certain = report.frames.filter((frame) => frame.verdict === "clean");
  for (const [i, frame] of certain.slice(0, 2).entries()) Object.assign(frame, { verdict: "review", probability: 0.6 - 0.05 * i });
  writeFileSync(join(folder, "r.json"), `${JSON.stringify(report, null, 1)}\n`);
  const doubt = ({ probability }: { probability: number | null }): number => Math.abs((probability ?? 0.5) - 0.5);
  flagged = report.frames
    .filter((frame) => frame.verdict !== "clean")
    .sort((a, b) => doubt(a) - doubt(b))
    .map((frame) => frame.path);
  expect(flagged.length).toBeGreaterThan(2);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));
// All of it: a database that is gone is made again from what lies beside it.
beforeEach(() => rmSync(join(folder, "home"), { recursive: true, force: true }));

interface Kept {
  path: string;
  before: string;
  after: string | null;
  cause: string | null;
  program: string;
}

/** What is in the store, read as another program would. */
function kept(): Kept[] {
  const db = new DatabaseSync(join(folder, "home", "nebulift.db"), { readOnly: true });
  try {
    return db.prepare("SELECT path, before, after, cause, program FROM decisions ORDER BY number").all() as unknown as Kept[];
  } finally {
    db.close();
  }
}

const DA1 = "\u001b[c";
const PLAIN = { [DA1]: "\u001b[?62;22c" };

interface Played {
  code: number;
  steps: number;
  text: string;
  echo: boolean;
}

function play(
  args: string[],
  steps: [see: string, type: string][],
  answers: Record<string, string> = PLAIN,
  environment = {},
): Promise<Played> {
  const env = { ...process.env, TERM: "xterm-256color", NEBULIFT_HOME: join(folder, "home"), ...environment };
  const plan = {
    command: [...COMMAND, ...args],
    cwd: folder,
    env,
    answers,
    rows: 40,
    columns: 120,
    seconds: 300,
    steps: steps.map(([see, type]) => ({ see, type })),
  };
  return new Promise((resolve, reject) => {
    const child = spawn("python3", [join(import.meta.dirname, "..", "fixtures", "pseudo-terminal.py"), JSON.stringify(plan)]);
    let text = "";
    let trouble = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.stderr.on("data", (chunk) => {
      trouble += chunk;
    });
    child.on("close", (code) => (code === 0 ? resolve(JSON.parse(text) as Played) : reject(new Error(trouble))));
  });
}

describe.skipIf(python.status !== 0)("on a terminal", () => {
  test("each key is a decision that is in the store before the next frame is shown; undo is one, too", async () => {
    const names = flagged.map((path) => path);
    const { code, steps, text, echo } = await play(
      ["review", "r.json", "--flagged"],
      [
        [`1/${names.length}`, "k"],
        [`saved: ${names[0]} clean`, "x"],
        [`saved: ${names[1]} contaminated`, "\u001b[D"],
        [`2/${names.length}`, "\u001b[C"],
        [`3/${names.length}`, "R"],
        [`saved: ${names[2]} review`, "u"],
        ["taken back", "u"],
        ["taken back", "q"],
      ],
    );
    expect([code, steps]).toEqual([0, 8]);
    expect(kept().map(({ path, after }) => [path, after])).toEqual([
      [join(folder, "night", names[0]), "clean"],
      [join(folder, "night", names[1]), "contaminated"],
      [join(folder, "night", names[2]), "review"],
      [join(folder, "night", names[2]), null],
      [join(folder, "night", names[1]), null],
    ]);
    expect(kept()[1]).toMatchObject({ before: "review", program: "review" });
    // The screen and the keyboard are as they were, and the summary stays on the ordinary screen.
    expect(text.endsWith(`1 decision saved; decided of these ${names.length} frames: 1 clean\r\n`)).toBe(true);
    expect(text.lastIndexOf("\u001b[?1049l")).toBeGreaterThan(text.lastIndexOf("\u001b[?1049h"));
    expect(text.lastIndexOf("\u001b[?25h")).toBeGreaterThan(text.lastIndexOf("\u001b[?25l"));
    expect(echo).toBe(true);
  });

  test("the most doubtful come first, what is decided does not come again, and --write puts it into the report", async () => {
    const first = await play(
      ["review", "r.json", "--write"],
      [
        [flagged[0], "k"],
        [flagged[1], "k"],
        ["That was the last one", "x"],
        ["that was the last frame", "q"],
      ],
    );
    expect([first.code, first.steps]).toEqual([0, 4]);
    expect(kept().map(({ after }) => after)).toEqual(["clean", "clean"]);
    const report = JSON.parse(readFileSync(join(folder, "r.json"), "utf8")) as Report;
    expect(
      report.frames
        .filter((frame) => frame.decided?.verdict === "clean")
        .map((frame) => frame.path)
        .sort(),
    ).toEqual(flagged.slice(0, 2).sort());
    const again = await play(["review", "r.json"], []);
    expect(again.text).toContain("No doubtful frames to look at");
    expect(again.code).toBe(0);
  });

  test("a store that cannot keep a decision says so, and the frame stays", async () => {
    writeFileSync(join(folder, "not a folder"), "");
    const { code, steps, text } = await play(
      ["review", "r.json", "--all"],
      [
        ["1/10", "k"],
        ["NOT saved", "q"],
      ],
      PLAIN,
      { NEBULIFT_HOME: join(folder, "not a folder", "home") },
    );
    expect([code, steps]).toEqual([0, 2]);
    expect(text).not.toContain("2/10");
    expect(text).toContain("0 decisions saved");
  });

  test("Ctrl-C loses nothing that was said to be saved", async () => {
    const cancelled = await play(
      ["review", "r.json", "--all"],
      [
        ["1/10", "k"],
        ["saved: ", "\u0003"],
      ],
    );
    expect(cancelled.code).toBe(3);
    expect(cancelled.text.slice(cancelled.text.lastIndexOf("\u001b[?1049l"))).toContain("1 decision saved");
    expect(kept()).toHaveLength(1);
  });

  test("kitty, iTerm2 and sixel terminals get the frame's picture; others its path, and no terminal garbage", async () => {
    const cell = { "\u001b[16t": "\u001b[6;20;10t" };
    const kitty = await play(["review", "r.json", "--all"], [["m=0;", "q"]], { "a=q,t=d": "\u001b_Gi=31;OK\u001b\\", ...cell, ...PLAIN });
    expect(kitty.steps).toBe(1);
    const pieces = [...kitty.text.matchAll(/_G[^;]*m=[01];([A-Za-z0-9+/=]+)/g)].map(([, base64]) => base64);
    const png = await sharp(Buffer.from(pieces.join(""), "base64")).stats();
    // A star field in the night's stretch: a grey sky with white stars, not black, not white.
    expect(png.channels[0].mean).toBeGreaterThan(20);
    expect(png.channels[0].mean).toBeLessThan(150);
    expect(png.channels[0].max).toBe(255);
    const sixel = await play(
      ["review", "r.json", "--all"],
      [
        ["\u001bPq", ""],
        ["\u001b\\", "q"],
      ],
      { ...cell, [DA1]: "\u001b[?62;4c" },
    );
    expect(sixel.steps).toBe(2);
    const iterm = await play(["review", "r.json", "--all"], [["]1337;File=inline=1", "q"]], PLAIN, { TERM_PROGRAM: "iTerm.app" });
    expect(iterm.steps).toBe(1);
    const plain = await play(["review", "r.json", "--all"], [["This terminal shows no pictures", "q"]]);
    expect(plain.steps).toBe(1);
    expect(plain.text).not.toMatch(/Pq"1;1|a=T|1337/);
    // One that never answers is waited for a moment, and keys typed meanwhile are not lost.
    const mute = await play(
      ["review", "r.json", "--all"],
      [
        ["a=q", "k"],
        ["saved: ", "q"],
      ],
      {},
    );
    expect([mute.code, mute.steps]).toEqual([0, 2]);
    // Answers that come late, between keys, decide nothing.
    rmSync(join(folder, "home"), { recursive: true, force: true });
    const late = await play(
      ["review", "r.json", "--all"],
      [
        ["shows no pictures", "\u001b_Gi=31;OK\u001b\\\u001b[?62;4c"],
        ["", "q"],
      ],
      {},
    );
    expect(late.code).toBe(0);
    expect(kept()).toEqual([]);
  });
});

test("without a terminal it is wrong use, with a word on why", async () => {
  const { code, stderr, stdout } = await runCommand(folder, ["review", "r.json"]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("terminal");
  expect((await runCommand(folder, ["review", "r.json", "--all", "--flagged"])).code).toBe(2);
});
