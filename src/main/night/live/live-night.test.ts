import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { measuredFrame, skyOf } from "../../../../test/fixtures/measured-night.ts";
import { playedEngine } from "../../../../test/fixtures/played-engine.ts";
import type { NebuliftError } from "../../../shared/errors.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import { openStore, type Store } from "../../storage/index.ts";
import { DEFAULT_SETTINGS, type NightFrame, parseRules, withRules } from "../../verdict/index.ts";
import { JudgingThread } from "./judging-thread.ts";
import { LiveNight } from "./live-night.ts";
import type { LiveUpdate } from "./live-update.ts";

const NAMES = Array.from({ length: 12 }, (_, i) => `light-${String(i).padStart(2, "0")}.fits`);
/** Out of focus. */
const SOFT = NAMES[4];
const sky = skyOf(3);
const FRAMES = new Map<string, NightFrame>(
  [...NAMES, "later.fits", "deadly.fits"].map((name, i) => [
    name,
    measuredFrame(name, sky, i + 1, { minutes: i * 3, fwhm: name === SOFT ? 6 : 3 }),
  ]),
);

let home: string;
let folder: string;
let store: Store;
let nights: LiveNight[];
let troubles: NebuliftError[];
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "nebulift-live-")));
  folder = join(home, "night");
  mkdirSync(folder);
  for (const name of NAMES) writeFileSync(join(folder, name), name);
  nights = [];
  troubles = [];
  store = openStore({ data: home, cache: join(home, "cache") }, { onTrouble: (error) => expect.fail(error.message) });
});
afterEach(async () => {
  await Promise.all(nights.map((night) => night.close()));
  store.close();
  rmSync(home, { recursive: true, force: true });
});

/** What a window would know of the night. */
class Mirror {
  readonly updates: LiveUpdate[] = [];
  readonly rows = new Map<string, LiveUpdate["frames"][number]>();

  take(update: LiveUpdate): void {
    this.updates.push(update);
    for (const frame of update.frames) this.rows.set(frame.path, frame);
    for (const path of update.gone) this.rows.delete(path);
  }

  get now(): LiveUpdate {
    const last = this.updates.at(-1);
    if (!last) throw new Error("nothing was told");
    return last;
  }

  kinds(): Record<string, string> {
    return Object.fromEntries([...this.rows.values()].map((frame) => [frame.path, finalVerdict(frame)]));
  }

  async until(what: (update: LiveUpdate) => boolean): Promise<void> {
    const began = Date.now();
    while (!what(this.now)) {
      if (Date.now() - began > 20_000) throw new Error(`still ${JSON.stringify({ ...this.now, groups: [] })}`);
      await setTimeout(20);
    }
  }
}

const JUDGE = new URL("./judge-worker.ts", import.meta.url);
/** Dies of frames called "deadly". */
const MORTAL_JUDGE = new URL("../../../../test/fixtures/mortal-judge.ts", import.meta.url);

function nightOf(paths: string[], hold?: () => Promise<void>, judge = JUDGE) {
  const mirror = new Mirror();
  const played = playedEngine(FRAMES, hold);
  const night = new LiveNight(
    paths,
    {
      engine: played.engine,
      settings: DEFAULT_SETTINGS,
      sniffer: { byName: (name) => name.endsWith(".fits"), byContent: () => false },
      settle: async () => undefined,
      decisions: store.decisions,
      facts: { who: "ada", app: "test" },
      judge: new JudgingThread(judge),
      onTrouble: (error) => troubles.push(error),
    },
    (update) => mirror.take(update),
  );
  nights.push(night);
  return { night, mirror, measured: played.measured };
}

async function graded() {
  const live = nightOf([folder]);
  live.night.start(false);
  await live.mirror.until(({ state }) => state === "done");
  return live;
}

describe("a night that is looked at", () => {
  test("tells every frame once it is graded, and counts what holds", async () => {
    const { mirror } = await graded();
    expect(mirror.updates[0].state).toBe("scanning");
    expect(mirror.rows.size).toBe(NAMES.length);
    expect(mirror.kinds()[SOFT]).toBe("contaminated");
    expect(mirror.now.summary).toMatchObject({ clean: 11, contaminated: 1, minutes: { clean: 22, contaminated: 2 } });
    expect(mirror.now.progress).toMatchObject({ found: 12, finished: 12, eta: 0 });
    expect(mirror.rows.get(SOFT)?.metadata?.rowOrder).toBe("top-down");
  });

  test("keeps what was graded when it is stopped, and is graded to its end when it is watched afterwards", async () => {
    let passed = 0;
    const { night, mirror } = nightOf([folder], async () => {
      passed++;
      if (passed === 4) void night.cancel();
    });
    night.start(false);
    await mirror.until(({ state }) => state === "cancelled");
    expect(mirror.rows.size).toBe(3);
    await night.watch(true);
    await mirror.until(({ state }) => state === "watching");
    expect(mirror.rows.size).toBe(NAMES.length);
    await night.cancel();
    expect(mirror.now).toMatchObject({ state: "done", watch: null });
  });

  test("says why it failed", async () => {
    const { night, mirror } = nightOf([join(home, "nowhere")]);
    night.start(false);
    await mirror.until(({ state }) => state === "failed");
    expect(mirror.now.error?.code).toBe("folder-missing");
  });

  test("gives the numbers and the stars of one frame", async () => {
    const { night } = await graded();
    const detail = await night.detail(SOFT);
    expect(detail?.evidence.find(({ code }) => code === "focus")?.chance).toBeGreaterThan(0.9);
    expect(detail?.stars.x.length).toBe(FRAMES.get(SOFT)?.measurement.list.x.length);
    expect(detail?.stars.flags.every((flag) => flag === 8)).toBe(true);
    expect(detail?.history).toEqual([]);
    expect(await night.detail("no such frame")).toBeNull();
  });

  test("is reported with its decisions", async () => {
    const { night } = await graded();
    night.decide([SOFT], "clean", null);
    const report = await night.report();
    expect(report.input).toBe(folder);
    expect(report.frames.find(({ path }) => path === SOFT)).toMatchObject({ verdict: "contaminated", decided: { verdict: "clean" } });
    expect(report.summary.contaminated).toBe(1);
  });
});

describe("decisions in an open night", () => {
  test("are on the disk and told when the call returns, in one step", async () => {
    const { night, mirror } = await graded();
    const told = mirror.updates.length;
    expect(night.decide([NAMES[0], SOFT, "no such frame"], "contaminated", null)).toEqual({
      paths: [NAMES[0], SOFT],
      verdict: "contaminated",
    });
    expect(mirror.updates).toHaveLength(told + 1);
    expect(mirror.now.frames.map(({ path }) => path)).toEqual([NAMES[0], SOFT]);
    expect(mirror.now).toMatchObject({ undo: 1, redo: 0, summary: { clean: 10, contaminated: 2 } });
    // Nobody named a cause: the program's, where it had one, was agreed with.
    expect(mirror.rows.get(SOFT)?.decided?.cause).toBe("focus");
    expect(mirror.rows.get(NAMES[0])?.decided?.cause).toBeNull();
    expect(store.decisions.all().map(({ path, after }) => [path, after])).toEqual([
      [join(folder, NAMES[0]), "contaminated"],
      [join(folder, SOFT), "contaminated"],
    ]);
  });

  test("are no step when nothing changes, and keep the cause that was named", async () => {
    const { night, mirror } = await graded();
    night.decide([SOFT], "contaminated", "clouds");
    const told = mirror.updates.length;
    expect(night.decide([SOFT], "contaminated", null).paths).toEqual([]);
    expect(night.decide([NAMES[0]], null, null).paths).toEqual([]);
    expect(mirror.updates).toHaveLength(told);
    expect(mirror.now.undo).toBe(1);
    expect(night.decide([SOFT], "contaminated", "focus").paths).toEqual([SOFT]);
  });

  test("pass over what is no light, and what cannot be read", async () => {
    writeFileSync(join(folder, "broken.fits"), "");
    const { night, mirror } = await graded();
    expect(mirror.rows.get("broken.fits")?.verdict).toBe("unreadable");
    expect(night.decide(["broken.fits"], "clean", null).paths).toEqual([]);
    expect(store.decisions.all()).toEqual([]);
  });

  test("are taken back and made again, also after a restart", async () => {
    const first = await graded();
    first.night.decide([NAMES[0], NAMES[1]], "contaminated", "clouds");
    first.night.decide([SOFT], "clean", null);
    expect(first.night.undo()).toEqual({ paths: [SOFT], verdict: "clean" });
    expect(first.mirror.kinds()[SOFT]).toBe("contaminated");
    expect(first.mirror.rows.get(SOFT)?.decided).toBeNull();
    expect(first.mirror.now).toMatchObject({ undo: 1, redo: 1 });

    const second = await graded();
    expect(second.mirror.now).toMatchObject({ undo: 1, redo: 1, summary: { contaminated: 3 } });
    expect(second.night.redo()?.paths).toEqual([SOFT]);
    expect(second.night.redo()).toBeNull();
    expect(second.mirror.kinds()[SOFT]).toBe("clean");
    second.night.undo();
    expect(second.night.undo()?.paths).toEqual([NAMES[0], NAMES[1]]);
    expect(second.night.undo()).toBeNull();
    expect(second.mirror.now.summary).toMatchObject({ clean: 11, contaminated: 1 });
    expect((await second.night.detail(NAMES[0]))?.history.map(({ verdict, cause }) => [verdict, cause])).toEqual([
      ["contaminated", "clouds"],
      [null, null],
    ]);
  });
});

describe("rules in an open night", () => {
  const rulesOf = (document: object) => parseRules(JSON.stringify(document), "rules");

  test("are tried without anything being changed, and the user's word stands over them", async () => {
    const { night, mirror } = await graded();
    night.decide([NAMES[0]], "clean", null);
    const rules = rulesOf({ rules: [{ metric: "fwhm", above: 1, verdict: "review" }] });
    const trial = await night.tryOut(withRules(DEFAULT_SETTINGS, rules), rules.rules[0]);
    expect(trial).toMatchObject({
      affected: { frames: 12, minutes: 24 },
      clean: { frames: 1, minutes: 2 },
      review: { frames: 10 },
      changed: 10,
    });
    expect(mirror.kinds()[NAMES[1]]).toBe("clean");
  });

  test("do what their trial said once they hold", async () => {
    const { night, mirror } = await graded();
    for (const document of [
      { rules: [{ metric: "fwhm", above: 5, verdict: "clean" }] },
      { limits: { fwhmRatio: 3, weight: 0, transparency: 0 } },
      { rules: [{ metric: "eccentricity", worstPercent: 50, verdict: "review" }], review: [0.01, 0.99] },
    ]) {
      const settings = withRules(DEFAULT_SETTINGS, rulesOf(document));
      const { clean, review, contaminated } = await night.tryOut(settings, null);
      await night.judgeBy(settings);
      expect(mirror.now.summary).toMatchObject({ clean: clean.frames, review: review.frames, contaminated: contaminated.frames });
    }
    expect(mirror.now.rules).toMatchObject([{ name: "worst 50 % by eccentricity", frames: 6 }]);
    await night.judgeBy(DEFAULT_SETTINGS);
    expect(mirror.now).toMatchObject({ rules: [], summary: { clean: 11, contaminated: 1 } });
  });
});

describe("a folder that is watched", () => {
  test("keeps the rows it has, tells what arrives and what goes", async () => {
    const { night, mirror } = await graded();
    const told = mirror.updates.flatMap(({ frames }) => frames).length;
    await night.watch(true);
    await mirror.until(({ state }) => state === "watching");
    expect(mirror.now.watch).toEqual({ waiting: 0, notice: null });
    await setTimeout(600);
    expect(mirror.updates.flatMap(({ frames }) => frames)).toHaveLength(told);
    expect(mirror.updates.flatMap(({ gone }) => gone)).toEqual([]);
    copyFileSync(join(folder, NAMES[0]), join(folder, "later.fits"));
    await mirror.until(({ progress }) => progress.finished === 13);
    expect(mirror.kinds()["later.fits"]).toBe("clean");
    expect(mirror.now.state).toBe("watching");
    rmSync(join(folder, "later.fits"));
    await mirror.until(({ progress }) => progress.found === 12);
    expect(mirror.updates.flatMap(({ gone }) => gone)).toEqual(["later.fits"]);
    await night.watch(false);
    expect(mirror.now).toMatchObject({ state: "done", watch: null });
    expect(mirror.updates.map(({ state }) => state)).not.toContain("cancelled");
    expect(mirror.rows.size).toBe(12);
  });

  test("may be empty at first", async () => {
    const empty = join(home, "tonight");
    mkdirSync(empty);
    const { night, mirror } = nightOf([empty]);
    night.start(true);
    await mirror.until(({ state }) => state === "watching");
    copyFileSync(join(folder, NAMES[0]), join(empty, NAMES[0]));
    await mirror.until(({ progress }) => progress.finished === 1);
    expect([...mirror.rows.keys()]).toEqual([NAMES[0]]);
    await night.cancel();
    expect(mirror.now.state).toBe("done");
  });

  test("keeps frames that sorting moved away", async () => {
    const { night, mirror } = await graded();
    await night.watch(true);
    await mirror.until(({ state }) => state === "watching");
    night.movedAway([NAMES[0]]);
    renameSync(join(folder, NAMES[0]), join(home, "sorted.fits"));
    rmSync(join(folder, NAMES[1]));
    await mirror.until(({ progress }) => progress.found === 11);
    expect(mirror.rows.has(NAMES[0])).toBe(true);
    expect(mirror.rows.has(NAMES[1])).toBe(false);
    await night.cancel();
  });

  test("says that it went away, and is there again", async () => {
    const { night, mirror } = nightOf([folder]);
    night.start(true);
    await mirror.until(({ state }) => state === "watching");
    renameSync(folder, join(home, "unplugged"));
    await mirror.until(({ watch }) => watch?.notice != null);
    expect(mirror.now.watch?.notice).toMatch(/Waiting for it to come back/);
    expect(mirror.rows.size).toBe(NAMES.length);
    await night.cancel();
  });

  test("is no single file", async () => {
    const { night, mirror } = nightOf([join(folder, NAMES[0])]);
    night.start(false);
    await mirror.until(({ state }) => state === "done");
    await expect(night.watch(true)).rejects.toMatchObject({ code: "not-watchable" });
    expect(mirror.now.state).toBe("done");
  });
});

describe("a night while it is judged", () => {
  const rules = parseRules(JSON.stringify({ rules: [{ metric: "fwhm", above: 1, verdict: "review" }] }), "rules");

  test("takes decisions at once, and keeps them over what is judged then", async () => {
    const { night, mirror } = await graded();
    const judged = night.judgeBy(withRules(DEFAULT_SETTINGS, rules));
    expect(night.decide([SOFT], "clean", null).paths).toEqual([SOFT]);
    expect(mirror.now.frames.map(({ path }) => path)).toEqual([SOFT]);
    expect(mirror.now.summary).toMatchObject({ clean: 12, review: 0 });
    await judged;
    expect(mirror.now.summary).toMatchObject({ clean: 1, review: 11 });
    expect(mirror.kinds()[SOFT]).toBe("clean");
  });

  test("is told by the last of several settings, whichever of them anybody waits for", async () => {
    const { night, mirror } = await graded();
    const set = [withRules(DEFAULT_SETTINGS, rules), DEFAULT_SETTINGS, withRules(DEFAULT_SETTINGS, rules)].map((settings) =>
      night.judgeBy(settings).then(() => mirror.now.summary?.review),
    );
    expect((await Promise.all(set)).slice(1)).toEqual([11, 11]);
    expect(troubles).toEqual([]);
  });

  test("is closed at once, and tells nothing any more", async () => {
    const { night, mirror } = await graded();
    const told = mirror.updates.length;
    const judged = night.judgeBy(withRules(DEFAULT_SETTINGS, rules));
    await night.close();
    await judged;
    expect(mirror.updates).toHaveLength(told);
    await expect(night.tryOut(DEFAULT_SETTINGS, null)).rejects.toMatchObject({ code: "no-night" });
  });

  test("goes on with what was judged when judging dies again and again, and says so", async () => {
    const { night, mirror } = nightOf([folder], undefined, MORTAL_JUDGE);
    night.start(true);
    await mirror.until(({ state }) => state === "watching");
    await mirror.until(({ progress }) => progress.finished === 12);
    copyFileSync(join(folder, NAMES[0]), join(folder, "deadly.fits"));
    await mirror.until(({ progress }) => progress.finished === 13);
    expect(troubles.map(({ code }) => code)).toEqual(["worker-crashed"]);
    expect(mirror.kinds()).toMatchObject({ [SOFT]: "contaminated", [NAMES[0]]: "clean", "deadly.fits": "review" });
    expect(night.decide(["deadly.fits"], "clean", null).paths).toEqual(["deadly.fits"]);
    await night.judgeBy(withRules(DEFAULT_SETTINGS, rules));
    expect(troubles).toHaveLength(2);
    expect(mirror.now.summary).toMatchObject({ clean: 12, contaminated: 1 });
    expect((await night.report()).frames).toHaveLength(13);
    await night.cancel();
    expect(mirror.now.state).toBe("done");
  });
});
