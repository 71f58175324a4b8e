import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { measuredFrame, skyOf } from "../../../../test/fixtures/measured-night.ts";
import { resultOf } from "../../../../test/fixtures/played-engine.ts";
import type { DecidedVerdict, ReportFrame } from "../../../shared/domain.ts";
import { NebuliftError } from "../../../shared/errors.ts";
import type { FrameResult } from "../../engine/index.ts";
import { DEFAULT_SETTINGS, type JudgeSettings, parseRules, withRules } from "../../verdict/index.ts";
import { judgeResults, lightsOf } from "../night.ts";
import { nightStretches } from "../night-stretch.ts";
import { reportFrames, reportGroups } from "../report.ts";
import { Judging } from "./judging.ts";
import { JudgingThread } from "./judging-thread.ts";
import { tryOut } from "./trial.ts";

const ROOT = join(tmpdir(), "a night");
const JUDGE = new URL("./judge-worker.ts", import.meta.url);
const MORTAL_JUDGE = new URL("../../../../test/fixtures/mortal-judge.ts", import.meta.url);
const sky = skyOf(7);
/** Two filters, some frames soft, some dimmed, one dark, one that cannot be read: rows in more than one portion. */
const RESULTS = Array.from({ length: 150 }, (_, i): FrameResult => {
  const path = join(ROOT, `light-${String(i).padStart(3, "0")}.fits`);
  if (i === 9) return resultOf(path, undefined);
  const truth = { minutes: i * 3, fwhm: i % 17 === 4 ? 6 : 3, transparency: i % 29 === 3 ? 0.4 : 1 };
  const metadata = { filter: i % 2 ? "L" : "Ha", imageType: i === 11 ? ("dark" as const) : ("light" as const) };
  return resultOf(path, measuredFrame(path, sky, i + 1, { ...truth, metadata }));
});
const PROBLEM = { path: join(ROOT, "closed"), error: new NebuliftError("folder-unreadable", "closed") };
const RULES = withRules(
  DEFAULT_SETTINGS,
  parseRules(
    JSON.stringify({
      rules: [
        { metric: "eccentricity", worstPercent: 10, verdict: "review" },
        { metric: "fwhm", aboveRatio: 1.8, verdict: "clean", filters: ["L"] },
      ],
      limits: { transparency: 0.7 },
    }),
    "rules",
  ),
);

let thread: JudgingThread;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "nebulift-judging-"));
  thread = new JudgingThread(JUDGE);
});
afterEach(async () => {
  await thread.close();
  rmSync(home, { recursive: true, force: true });
});

/** Over another program of the thread. */
async function judgedBy(url: URL): Promise<void> {
  await thread.close();
  thread = new JudgingThread(url);
}

const asked = (settings: JudgeSettings = DEFAULT_SETTINGS) => ({
  root: ROOT,
  problems: [{ path: PROBLEM.path, error: PROBLEM.error.toEnvelope() }],
  settings,
  atRest: true,
});

/** The same night judged here and now. */
function direct(results: readonly FrameResult[], settings: JudgeSettings = DEFAULT_SETTINGS) {
  const known = new Map([...results].sort((a, b) => (a.path < b.path ? -1 : 1)).map((result) => [result.path, result]));
  const judged = judgeResults(known.values(), settings);
  const scan = { root: ROOT, frames: [...known.keys()], problems: [PROBLEM] };
  const rules = judged.rules.map(({ rule, frames, minutes, changed }) => ({ rule, frames, minutes, changed }));
  return {
    rows: reportFrames({ scan, results: known, judged }),
    groups: reportGroups(judged, nightStretches(known, judged)),
    rules,
    judged,
  };
}

const named = (rows: readonly ReportFrame[]) => rows.map(({ path }) => path);

describe("a night judged on another thread", () => {
  test("is judged as it is here: rows, groups and what rules did", async () => {
    for (const result of RESULTS) thread.hand(result);
    const here = direct(RESULTS, RULES);
    const there = await thread.judge(asked(RULES));
    expect(there.rows).toEqual(here.rows);
    expect(there.groups.map(({ group }) => group)).toEqual(here.groups);
    expect(there.groups.map(({ files }) => files)).toEqual(here.judged.groups.map(({ frames }) => frames));
    expect(there.rules).toEqual(here.rules);
    expect(here.rules.map(({ frames }) => frames > 0)).toEqual([true, true]);
    expect(new Set(here.rows.map(({ verdict }) => verdict))).toEqual(
      new Set(["clean", "contaminated", "review", "not-light", "unreadable"]),
    );
    const soft = RESULTS[4].path;
    expect(await thread.evidence(soft)).toEqual(here.judged.frames.get(soft)?.evidence);
    expect(await thread.evidence("no such frame")).toEqual([]);
  });

  test("comes to the same in whatever order frames arrive, go and return", async () => {
    const rows = new Map<string, ReportFrame>();
    const judged = async (atRest: boolean) => {
      const news = (await thread.judge({ ...asked(), atRest })).rows;
      for (const row of news) rows.set(row.path, row);
    };
    const [early, late] = [RESULTS.slice(0, 70).reverse(), RESULTS.slice(70)];
    for (const result of early) thread.hand(result);
    await judged(false);
    expect(rows.size).toBe(71);
    for (const result of late) thread.hand(result);
    await judged(false);
    for (const { path } of late) thread.drop(path);
    await judged(false);
    for (const result of late) thread.hand(result);
    await judged(true);
    const here = direct(RESULTS).rows;
    expect(named(here).map((path) => rows.get(path))).toEqual(here);
  });

  test("tells a row once, and again when its frame was gone for a moment", async () => {
    for (const result of RESULTS) thread.hand(result);
    expect((await thread.judge(asked())).rows).toHaveLength(151);
    expect((await thread.judge(asked())).rows).toEqual([]);
    thread.drop(RESULTS[5].path);
    thread.hand(RESULTS[5]);
    expect(named((await thread.judge(asked())).rows)).toEqual(["light-005.fits"]);
  });

  test("is tried as it is here, with the user's word over everything", async () => {
    for (const result of RESULTS) thread.hand(result);
    await thread.judge(asked());
    const rows = direct(RESULTS).rows;
    const decided = new Map<string, DecidedVerdict>([
      ["light-004.fits", "clean"],
      ["light-020.fits", "contaminated"],
    ]);
    const frames = rows.map((frame) => {
      const verdict = decided.get(frame.path);
      return { frame: { ...frame, decided: verdict ? { verdict, cause: null, when: 0 } : null }, file: join(ROOT, frame.path) };
    });
    for (const [settings, rule] of [
      [RULES, null],
      [RULES, RULES.rules[0]],
    ] as const) {
      const here = tryOut(new Judging(lightsOf(RESULTS), DEFAULT_SETTINGS), frames, settings, rule);
      expect(await thread.try({ settings, rule, decided })).toEqual(here);
      expect(here.changed).toBeGreaterThan(0);
    }
    // Nothing of it holds.
    expect((await thread.judge(asked())).rows).toEqual([]);
  });

  test("says what is wrong with a rule, and goes on", async () => {
    const rule = { name: "?", verdict: "clean" as const, code: null, filters: null, test: { when: "fwhm >" } };
    for (const result of RESULTS.slice(0, 12)) thread.hand(result);
    await thread.judge(asked());
    await expect(thread.try({ settings: DEFAULT_SETTINGS, rule, decided: new Map() })).rejects.toMatchObject({ code: "bad-rules" });
    expect((await thread.judge(asked(RULES))).rules).toHaveLength(2);
  });
});

describe("what is asked of the judging thread", () => {
  const trial = { settings: RULES, rule: null, decided: new Map<string, DecidedVerdict>() };
  const outcomes = async (asks: Promise<unknown>[]) =>
    (await Promise.allSettled(asks)).map((ask) => (ask.status === "fulfilled" ? "answered" : toCode(ask.reason)));
  const toCode = (reason: unknown) => (reason instanceof NebuliftError ? reason.code : reason);

  test("is judged at once or as the latest; what waited in between is called off", async () => {
    for (const result of RESULTS) thread.hand(result);
    await thread.judge(asked());
    const judgings = [RULES, DEFAULT_SETTINGS, RULES, DEFAULT_SETTINGS].map((settings) => thread.judge(asked(settings)));
    expect(await outcomes(judgings)).toEqual(["answered", "cancelled", "cancelled", "answered"]);
  });

  test("is tried for the latest alone, and for nobody who gave up", async () => {
    for (const result of RESULTS.slice(0, 20)) thread.hand(result);
    await thread.judge(asked());
    expect(await outcomes([1, 2, 3].map(() => thread.try(trial)))).toEqual(["cancelled", "cancelled", "answered"]);
    const stop = new AbortController();
    const given = thread.try(trial, stop.signal);
    stop.abort();
    expect(await outcomes([given, thread.try(trial, AbortSignal.abort()), thread.judge(asked())])).toEqual([
      "cancelled",
      "cancelled",
      "answered",
    ]);
  });

  test("does not overtake what is of another kind", async () => {
    for (const result of RESULTS.slice(0, 20)) thread.hand(result);
    const all = [thread.judge(asked()), thread.judge(asked(RULES)), thread.try(trial), thread.evidence(RESULTS[3].path)];
    expect(await outcomes(all)).toEqual(["answered", "answered", "answered", "answered"]);
  });

  test("is called off when the night is closed, and nothing is answered afterwards", async () => {
    for (const result of RESULTS) thread.hand(result);
    const before = outcomes([thread.judge(asked()), thread.judge(asked(RULES)), thread.try(trial)]);
    await thread.close();
    expect(await before).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(await outcomes([thread.judge(asked())])).toEqual(["cancelled"]);
  });
});

describe("a judging thread that dies", () => {
  test("is started again with all that was known, and answers what was asked", async () => {
    await judgedBy(MORTAL_JUDGE);
    for (const result of RESULTS) thread.hand(result);
    await thread.judge(asked());
    const marker = join(home, "died");
    const path = join(ROOT, "once.fits");
    const again = { ...resultOf(path, measuredFrame(path, sky, 400, { minutes: 700 })), content: marker };
    thread.hand(again);
    const [judged, evidence] = await Promise.all([thread.judge(asked()), thread.evidence(path)]);
    expect(existsSync(marker)).toBe(true);
    expect(judged.rows).toEqual(direct([...RESULTS, again]).rows);
    expect(Array.isArray(evidence)).toBe(true);
  });

  test("is not started a third time: everybody is told", async () => {
    await judgedBy(MORTAL_JUDGE);
    for (const result of RESULTS.slice(0, 20)) thread.hand(result);
    await thread.judge(asked());
    thread.hand(resultOf(join(ROOT, "deadly.fits"), undefined));
    const [one, two] = await Promise.allSettled([thread.judge(asked()), thread.evidence(RESULTS[0].path)]);
    expect([one, two]).toMatchObject([{ reason: { code: "worker-crashed" } }, { reason: { code: "worker-crashed" } }]);
    await expect(thread.judge(asked())).rejects.toMatchObject({ code: "worker-crashed", detail: expect.stringContaining("exit code 3") });
  });

  test("is known to be missing when its program is", async () => {
    await judgedBy(new URL("./no-such-worker.ts", import.meta.url));
    await expect(thread.judge(asked())).rejects.toMatchObject({ code: "worker-crashed" });
  });
});
