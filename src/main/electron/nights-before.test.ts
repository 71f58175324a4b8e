import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type NightHead, nightSnapshotSchema } from "../../shared/contract.ts";
import type { MemoryPort, NightBefore, NightPlace } from "./night-port.ts";
import { NightsBefore } from "./nights-before.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-before-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function head(id: string, paths: string[], over: Partial<NightHead> = {}): NightHead {
  const made: NightHead = {
    id,
    title: `night ${id}`,
    paths,
    state: "done",
    error: null,
    progress: { found: 9, finished: 9, rate: null, eta: null },
    summary: {
      clean: 5,
      contaminated: 2,
      review: 2,
      notLight: 0,
      unreadable: 0,
      minutes: { clean: 25, contaminated: 10, review: 10, keptDespiteTrail: 0 },
    },
    groups: [],
    watch: null,
    undo: 0,
    redo: 0,
    rules: [],
    sorted: null,
    pictures: 0,
    ...over,
  };
  nightSnapshotSchema.parse({ revision: 1, head: made, rows: [] });
  return made;
}

/** A disk that outlives the app, and a clock that the test turns. */
function disk() {
  const kept: { nights: NightBefore[]; place: NightPlace | null; writes: number } = { nights: [], place: null, writes: 0 };
  const memory: MemoryPort = {
    nights: () => kept.nights,
    keepNights: (nights) => {
      kept.nights = nights;
    },
    place: () => kept.place,
    keepPlace: (place) => {
      kept.place = place;
      kept.writes++;
    },
  };
  let due: (() => void) | null = null;
  let clock = 0;
  const start = () =>
    new NightsBefore({
      memory,
      now: () => ++clock,
      after: (_milliseconds, callback) => {
        due = callback;
        return () => {
          due = null;
        };
      },
    });
  return { kept, start, tick: () => due?.() };
}

describe("what the app was in the middle of", () => {
  test.each([
    ["grading", { state: "grading" as const, progress: { found: 9, finished: 4, rate: 1, eta: 5 } }, "night" as const],
    ["watching", { state: "watching" as const, watch: { waiting: 0, notice: null } }, "review" as const],
    ["reviewing", {}, "review" as const],
    ["looking", { state: "cancelled" as const }, "night" as const],
  ])("was %s, also when it was killed", async (doing, over, pane) => {
    const { start, tick } = disk();
    const before = start();
    before.note({ head: head("a", [folder], over), simulated: false });
    before.place(pane, "lights/7.fits");
    tick();
    const after = start();
    const { found, finished } = head("a", [], over).progress;
    expect(await after.interrupted()).toEqual({ title: "night a", paths: [folder], doing, found, finished, review: 2, present: true });
    expect(after.resume()).toMatchObject({ paths: [folder], watch: doing === "watching", pane, framePath: "lights/7.fits" });
  });

  test("is nothing after the night was closed, or while another is open", async () => {
    const { start, tick } = disk();
    const before = start();
    before.note({ head: head("a", [folder]), simulated: false });
    before.note(null);
    expect(await start().interrupted()).toBeNull();
    before.note({ head: head("b", [folder]), simulated: false });
    tick();
    const after = start();
    after.note({ head: head("c", [folder]), simulated: false });
    expect(await after.interrupted()).toBeNull();
    after.note(null);
    expect(await after.interrupted()).toBeNull();
    expect(() => after.resume()).toThrowError(expect.objectContaining({ code: "no-night" }));
  });

  test("is not a folder that could not be opened", async () => {
    const { start } = disk();
    start().note({ head: head("a", ["/nowhere"], { state: "failed", summary: null }), simulated: false });
    expect(await start().interrupted()).toBeNull();
  });

  test("says when its folder is not there", async () => {
    const { start } = disk();
    start().note({ head: head("a", [folder, join(folder, "unplugged")]), simulated: false });
    expect(await start().interrupted()).toMatchObject({ present: false });
  });

  test("is not written for every frame", () => {
    const { start, kept, tick } = disk();
    const before = start();
    for (let finished = 0; finished < 50; finished++)
      before.note({ head: head("a", [folder], { progress: { found: 50, finished, rate: null, eta: null } }), simulated: false });
    expect(kept.writes).toBe(1);
    tick();
    expect([kept.writes, kept.place?.finished]).toEqual([2, 49]);
  });
});

describe("nights before", () => {
  test("are remembered as they were when they were closed", async () => {
    const { start } = disk();
    const before = start();
    const scanning = { state: "scanning" as const, summary: null, progress: { found: 0, finished: 0, rate: null, eta: null } };
    before.note({ head: head("a", [folder], scanning), simulated: false });
    before.note({
      head: head("a", [folder], { state: "grading", progress: { found: 9, finished: 1, rate: null, eta: null } }),
      simulated: false,
    });
    before.note({
      head: head("a", [folder], { state: "grading", progress: { found: 11, finished: 8, rate: null, eta: null } }),
      simulated: false,
    });
    before.note(null);
    expect((await before.list()).map(({ frames }) => frames)).toEqual([11]);
  });

  test("are listed, the latest first and each folder once", async () => {
    const { start } = disk();
    const before = start();
    before.note({ head: head("a", [folder]), simulated: false });
    before.note({ head: head("b", ["/gone"]), simulated: false });
    before.note({ head: head("c", [folder], { title: "again" }), simulated: false });
    expect(
      (await before.list()).map(({ title, present, frames, review, minutes }) => ({ title, present, frames, review, minutes })),
    ).toEqual([
      { title: "again", present: true, frames: 9, review: 2, minutes: 25 },
      { title: "night b", present: false, frames: 9, review: 2, minutes: 25 },
    ]);
  });

  test("are twenty at most, without simulated ones and folders without a frame", async () => {
    const { start } = disk();
    const before = start();
    before.note({ head: head("s", ["/simulated"]), simulated: true });
    before.note({ head: head("e", ["/empty"], { progress: { found: 0, finished: 0, rate: null, eta: null } }), simulated: false });
    expect(await before.list()).toEqual([]);
    for (let i = 0; i < 25; i++) before.note({ head: head(`n${i}`, [`/night ${i}`]), simulated: false });
    const list = await before.list();
    expect([list.length, list[0]?.paths]).toEqual([20, ["/night 24"]]);
  });

  test("can be found by their id and forgotten, and nothing else can", async () => {
    const { start } = disk();
    const before = start();
    before.note({ head: head("a", [folder]), simulated: false });
    const [night] = await before.list();
    expect(before.find(night?.id ?? "").paths).toEqual([folder]);
    expect(() => before.find("0000000000000000")).toThrowError(expect.objectContaining({ code: "no-night" }));
    expect(await before.forget(night?.id ?? "")).toEqual([]);
  });
});
