import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type NightChange, nightChangeSchema, nightSnapshotSchema } from "../../shared/contract.ts";
import type { ReportFrame } from "../../shared/domain.ts";
import type { NightUpdate } from "./night-port.ts";
import { OpenNight } from "./open-night.ts";

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

function update(state: NightUpdate["state"], frames: ReportFrame[], finished = frames.length): NightUpdate {
  return { state, root: "/n", frames, progress: { found: 4, finished, rate: null, eta: null } };
}

/** A night port that the test plays, and a clock that it turns. */
function stage() {
  const listeners: ((update: NightUpdate) => void)[] = [];
  const cancelled: number[] = [];
  const told: NightChange[] = [];
  let due: (() => void) | null = null;
  let nights = 0;
  const night = new OpenNight({
    night: {
      openFolder: (_paths, listener) => {
        const index = listeners.push(listener) - 1;
        return { cancel: async () => void cancelled.push(index) };
      },
      preview: () => Promise.reject(new Error("not played")),
    },
    tell: (change) => void told.push(nightChangeSchema.parse(change)),
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
  return { night, told, cancelled, tick, play };
}

describe("the open night", () => {
  test("gathers changes and tells them as one, on top of the revision before", async () => {
    const { night, told, tick, play } = stage();
    const opened = nightSnapshotSchema.parse(await night.open(["/nights/m31"]));
    expect(opened.head).toMatchObject({ title: "m31", state: "scanning" });
    play(0, update("grading", [frame("/nights/m31/a.fits")]));
    play(0, update("grading", [frame("/nights/m31/b.fits"), frame("/nights/m31/a.fits", "review")], 2));
    expect(told).toEqual([]);
    tick();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ base: opened.revision, revision: opened.revision + 1, head: { progress: { finished: 2 } } });
    expect(told[0]?.rows.map((row) => [row.name, row.frame.verdict])).toEqual([
      ["a.fits", "review"],
      ["b.fits", "clean"],
    ]);
  });

  test("keeps a frame's id when its verdict changes, and gives its picture's path by it", async () => {
    const { night, told, tick, play } = stage();
    await night.open(["/n"]);
    play(0, update("grading", [frame("lights/a.fits")]));
    tick();
    play(0, update("done", [frame("lights/a.fits", "contaminated")]));
    const ids = told.map((change) => change.rows[0]?.id);
    expect(new Set(ids).size).toBe(1);
    expect(night.pathOf(String(ids[0]))).toBe(join("/n", "lights", "a.fits"));
    expect(night.pathOf("n1-99")).toBeNull();
  });

  test("tells the end at once", async () => {
    const { night, told, play } = stage();
    await night.open(["/n"]);
    play(0, update("done", [frame("/n/a.fits")]));
    expect(told.at(-1)?.head.state).toBe("done");
  });

  test("stops the night before when another is opened, and hears no more of it", async () => {
    const { night, told, cancelled, tick, play } = stage();
    await night.open(["/first"]);
    play(0, update("grading", [frame("/first/a.fits")]));
    await night.open(["/second"]);
    expect(cancelled).toEqual([0]);
    play(0, update("cancelled", [frame("/first/b.fits")]));
    tick();
    expect(told).toEqual([]);
    expect(night.snapshot()).toMatchObject({ head: { id: "n2", title: "second" }, rows: [] });
  });
});
