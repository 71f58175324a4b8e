import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type NightChange, nightChangeSchema, nightSnapshotSchema } from "../../shared/contract.ts";
import type { ReportFrame } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { NightHandle, NightUpdate } from "./night-port.ts";
import { type NotedNight, OpenNight } from "./open-night.ts";
import type { StandingSort } from "./work-port.ts";

function frame(path: string, verdict: ReportFrame["verdict"] = "clean"): ReportFrame {
  const measurements = { fwhm: 3.1 };
  const metadata = { format: "fits" as const, width: 100, height: 80, planes: 1 };
  return {
    path,
    verdict,
    probability: 0.1,
    basis: "absolute",
    comparedWith: 0,
    group: null,
    reasons: [],
    measurements,
    metadata,
    notLight: null,
    warnings: [],
    error: null,
    sortedTo: null,
  };
}

function update(state: NightUpdate["state"], frames: ReportFrame[], more: Partial<NightUpdate> = {}): NightUpdate {
  return {
    state,
    root: "/n",
    frames,
    gone: [],
    progress: { found: 4, finished: frames.length, rate: null, eta: null },
    groups: [],
    summary: null,
    watch: null,
    undo: 0,
    redo: 0,
    rules: [],
    pictures: 0,
    ...more,
  };
}

/** A night port that the test plays, and a clock that it turns. */
function stage(before: StandingSort | null = null) {
  const listeners: ((update: NightUpdate) => void)[] = [];
  const opened: { paths: string[]; watch: boolean }[] = [];
  const cancelled: number[] = [];
  const closed: number[] = [];
  const away: string[][] = [];
  const told: NightChange[] = [];
  const noted: (NotedNight | null)[] = [];
  const simulations: { signal: AbortSignal; onProgress: (done: number, total: number) => void; done: (folder: string) => void }[] = [];
  let due: (() => void) | null = null;
  let nights = 0;
  const handle = (index: number): NightHandle => ({
    cancel: async () => void cancelled.push(index),
    close: async () => void closed.push(index),
    watch: async (on) => listeners[index]?.(update(on ? "watching" : "done", [], { watch: on ? { waiting: 0, notice: null } : null })),
    decide: (paths, verdict, cause) => {
      const decided = verdict && { verdict, cause, when: 5 };
      listeners[index]?.(
        update(
          "done",
          paths.map((path) => ({ ...frame(path), decided })),
          { undo: 1 },
        ),
      );
      return { paths: [...paths], verdict };
    },
    undo: () => ({ paths: ["a.fits"], verdict: "clean" }),
    redo: () => null,
    detail: async () => null,
    stretchOf: () => null,
    report: () => {
      throw new Error("not played");
    },
    movedAway: (paths) => void away.push([...paths]),
  });
  const night = new OpenNight({
    night: {
      open: (paths, { watch }, listener) => {
        opened.push({ paths, watch });
        return handle(listeners.push(listener) - 1);
      },
      simulate: ({ signal, onProgress }) =>
        new Promise((done, fail) => {
          signal.addEventListener("abort", () => fail(new NebuliftError("cancelled", "")));
          simulations.push({ signal, onProgress, done });
        }),
    },
    tell: (change) => void told.push(nightChangeSchema.parse(change)),
    noted: (night) => void noted.push(night),
    sortedBefore: async () => before,
    newId: () => {
      nights += 1;
      return `n${nights}`;
    },
    after: (_milliseconds, callback) => {
      due = callback;
      return () => {
        due = null;
      };
    },
  });
  const tick = () => {
    const callback = due;
    due = null;
    callback?.();
  };
  const play = (index: number, next: NightUpdate) => listeners[index]?.(next);
  return { night, told, noted, opened, cancelled, closed, away, simulations, tick, play };
}

describe("the open night", () => {
  test("gathers changes and tells them as one, on top of the revision before", async () => {
    const { night, told, tick, play } = stage();
    const opened = nightSnapshotSchema.parse(await night.open("m31", ["/nights/m31"], false));
    expect(opened.head).toMatchObject({ title: "m31", state: "scanning" });
    play(0, update("grading", [frame("a.fits")]));
    const first = told.length;
    play(0, update("grading", [frame("b.fits"), frame("a.fits", "review")]));
    play(0, update("grading", [frame("c.fits")]));
    expect(told).toHaveLength(first);
    tick();
    expect(told).toHaveLength(first + 1);
    expect(told[0]).toMatchObject({ base: opened.revision, revision: opened.revision + 1 });
    expect(told.at(-1)?.rows.map((row) => [row.name, row.frame.verdict])).toEqual([
      ["b.fits", "clean"],
      ["a.fits", "review"],
      ["c.fits", "clean"],
    ]);
  });

  test("keeps a frame's id when its verdict changes, and gives its picture's path by it", async () => {
    const { night, told, tick, play } = stage();
    await night.open("n", ["/n"], false);
    play(0, update("grading", [frame("lights/a.fits")]));
    tick();
    play(0, update("done", [frame("lights/a.fits", "contaminated")]));
    const ids = told.map((change) => change.rows[0]?.id);
    expect(new Set(ids).size).toBe(1);
    expect(night.pathOf(String(ids[0]))).toBe(join("/n", "lights", "a.fits"));
    expect(night.pathOf("n1-99")).toBeNull();
  });

  test("tells the end, and every other state, at once", async () => {
    const { night, told, play } = stage();
    await night.open("n", ["/n"], true);
    play(0, update("grading", []));
    play(0, update("watching", [frame("a.fits")]));
    expect(told.map(({ head }) => head.state)).toEqual(["grading", "watching"]);
  });

  test("stops the night before when another is opened, and hears no more of it", async () => {
    const { night, told, closed, tick, play } = stage();
    await night.open("first", ["/first"], false);
    play(0, update("grading", [frame("a.fits")]));
    await night.open("second", ["/second"], false);
    const before = told.length;
    expect(closed).toEqual([0]);
    play(0, update("cancelled", [frame("b.fits")]));
    tick();
    expect(told).toHaveLength(before);
    expect(night.snapshot()).toMatchObject({ head: { id: "n2", title: "second" }, rows: [] });
  });

  test("tells what has gone, and knows it again by its id when it comes back", async () => {
    const { night, told, tick, play } = stage();
    await night.open("n", ["/n"], true);
    play(0, update("watching", [frame("a.fits"), frame("b.fits")]));
    const id = night.snapshot().rows[0]?.id ?? "";
    play(0, update("watching", [], { gone: ["a.fits", "never.fits"] }));
    tick();
    expect(told.at(-1)).toMatchObject({ gone: [id], rows: [] });
    expect(night.snapshot().rows.map(({ name }) => name)).toEqual(["b.fits"]);
    play(0, update("watching", [frame("a.fits", "review"), frame("c.fits")]));
    tick();
    expect(told.at(-1)?.rows.map((row) => [row.id, row.name])).toEqual([
      [id, "a.fits"],
      ["n1-2", "c.fits"],
    ]);
  });

  test("has told a decision when it returns", async () => {
    const { night, told, play } = stage();
    await night.open("n", ["/n"], false);
    play(0, update("done", [frame("a.fits"), frame("b.fits")]));
    const [a, b] = night.snapshot().rows;
    expect(night.decide([a?.id ?? "", b?.id ?? "", "n1-77"], "contaminated", "clouds")).toBe(2);
    expect(told.at(-1)?.head.undo).toBe(1);
    expect(told.at(-1)?.rows.map(({ frame: { decided } }) => decided?.cause)).toEqual(["clouds", "clouds"]);
    expect(night.undo()).toEqual({ ids: [a?.id], verdict: "clean" });
    expect(night.redo()).toBeNull();
  });

  test("without a night has nothing to decide, to watch or to sort", async () => {
    const { night } = stage();
    expect(() => night.decide(["n1-0"], "clean", null)).toThrowError(expect.objectContaining({ code: "no-night" }));
    await expect(night.watch(true)).rejects.toMatchObject({ code: "no-night" });
    await expect(night.detail("n1-0")).rejects.toMatchObject({ code: "file-missing" });
    expect(await night.toSort()).toBeNull();
  });

  test("is empty for all windows after it was closed", async () => {
    const { night, noted, closed, play } = stage();
    await night.open("n", ["/n"], true);
    play(0, update("watching", [frame("a.fits")]));
    const { revision } = night.snapshot();
    expect(nightSnapshotSchema.parse(await night.close())).toEqual({ revision: revision + 1, head: null, rows: [] });
    expect(closed).toEqual([0]);
    expect(noted.at(-1)).toBeNull();
  });
});

describe("a simulated night", () => {
  test("is shown while it is written, then opened under the same id", async () => {
    const { night, told, noted, opened, simulations, tick, play } = stage();
    expect(await night.simulate("Simulated night")).toMatchObject({ head: { state: "simulating", title: "Simulated night" } });
    simulations[0]?.onProgress(3, 40);
    tick();
    expect(told.at(-1)?.head).toMatchObject({ state: "simulating", progress: { found: 40, finished: 3 } });
    simulations[0]?.done("/cache/simulated");
    await Promise.resolve();
    expect(opened).toEqual([{ paths: ["/cache/simulated"], watch: false }]);
    play(0, update("done", [frame("a.fits")]));
    expect(told.at(-1)?.head).toMatchObject({ id: "n1", state: "done", paths: ["/cache/simulated"], title: "Simulated night" });
    expect(noted.at(-1)).toMatchObject({ simulated: true });
  });

  test("can be called off, and is not opened then", async () => {
    const { night, told, opened, simulations } = stage();
    await night.simulate("Simulated night");
    await night.cancel();
    await new Promise(setImmediate);
    expect(simulations[0]?.signal.aborted).toBe(true);
    expect(told.at(-1)?.head).toMatchObject({ state: "cancelled", error: null });
    expect(opened).toEqual([]);
  });

  test("that another night replaced is not opened over it", async () => {
    const { night, opened, simulations } = stage();
    await night.simulate("Simulated night");
    await night.open("n", ["/n"], false);
    simulations[0]?.done("/cache/simulated");
    await new Promise(setImmediate);
    expect(opened.map(({ paths }) => paths)).toEqual([["/n"]]);
    expect(night.head?.id).toBe("n2");
  });
});

describe("a night that was sorted", () => {
  const standing = (action: StandingSort["action"]): StandingSort => ({
    session: "s",
    output: "/out",
    action,
    files: 2,
    failed: 0,
    places: new Map([["lights/a.fits", "clean/a.fits"]]),
  });

  test("says where its frames lie, and shows the pictures of moved ones from there", async () => {
    const { night, told, away, play } = stage();
    await night.open("n", ["/n"], false);
    play(0, update("done", [frame("lights/a.fits"), frame("lights/b.fits")]));
    const [a, b] = night.snapshot().rows.map(({ id }) => id);
    night.sorted(standing("move"));
    expect(told.at(-1)?.head.sorted).toEqual({ session: "s", output: "/out", action: "move", files: 2, failed: 0 });
    expect(told.at(-1)?.rows.map((row) => [row.id, row.frame.sortedTo])).toEqual([[a, "clean/a.fits"]]);
    expect(night.pathOf(String(a))).toBe(join("/out", "clean", "a.fits"));
    expect(night.pathOf(String(b))).toBe(join("/n", "lights", "b.fits"));
    expect(away).toEqual([["lights/a.fits"]]);
    // Whatever is told of the frame later, it is where it is.
    play(0, update("done", [frame("lights/a.fits", "review")]));
    expect(told.at(-1)?.rows[0]?.frame.sortedTo).toBe("clean/a.fits");
    night.sorted(null);
    expect(told.at(-1)).toMatchObject({ head: { sorted: null }, rows: [{ frame: { sortedTo: null } }] });
    expect(night.pathOf(String(a))).toBe(join("/n", "lights", "a.fits"));
    expect(away.at(-1)).toEqual([]);
  });

  test("before it was opened says so as well", async () => {
    const { night, play } = stage(standing("copy"));
    await night.open("n", ["/n"], false);
    play(0, update("done", [frame("lights/a.fits")]));
    await new Promise(setImmediate);
    expect(night.snapshot()).toMatchObject({ head: { sorted: { session: "s" } }, rows: [{ frame: { sortedTo: "clean/a.fits" } }] });
    expect(night.pathOf(night.snapshot().rows[0]?.id ?? "")).toBe(join("/n", "lights", "a.fits"));
  });
});
