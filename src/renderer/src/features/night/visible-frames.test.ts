import { describe, expect, test } from "vitest";
import type { FrameRow } from "../../../../shared/contract.ts";
import type { Reason, ReportFrame } from "../../../../shared/domain.ts";
import { compareInTime } from "../../frame-facts.ts";
import { type Placed, visibleFrames } from "./visible-frames.ts";

function row(name: string, own: Partial<ReportFrame> & { time?: number; filter?: string; fwhm?: number } = {}): FrameRow {
  const { time, filter, fwhm, ...frame } = own;
  return {
    id: `n-${name}`,
    name,
    frame: {
      path: `/n/${name}`,
      verdict: "clean",
      probability: null,
      basis: "session",
      comparedWith: 9,
      group: null,
      reasons: [],
      measurements: fwhm === undefined ? null : { fwhm },
      metadata: {
        format: "fits",
        width: 9,
        height: 6,
        planes: 1,
        ...(time === undefined ? {} : { time }),
        ...(filter === undefined ? {} : { filter }),
      },
      notLight: null,
      warnings: [],
      error: null,
      sortedTo: null,
      ...frame,
    },
  };
}

const clouds: Reason = {
  code: "clouds",
  severity: "hard",
  metric: "transparency",
  value: 0.5,
  unit: "",
  baseline: 1,
  z: null,
  limit: 0.8,
  where: null,
};
const rows = [
  row("frame 10", { time: 300, filter: "Ha", fwhm: 2 }),
  row("frame 9", { time: 100, filter: "L", fwhm: 4, verdict: "contaminated", reasons: [clouds] }),
  row("frame 11", { time: 200, filter: "L", fwhm: 3, verdict: "review" }),
  row("dark 1", { verdict: "not-light", notLight: "dark" }),
];
const all = { verdict: null, group: null, words: "", sort: { column: "time", descending: false } };
const names = (wanted: Partial<Parameters<typeof visibleFrames>[1]>) =>
  visibleFrames(rows, { ...all, ...wanted }, new Map()).map(({ name }) => name);

describe("which frames are shown", () => {
  test("in time, those without a time last", () => expect(names({})).toEqual(["frame 9", "frame 11", "frame 10", "dark 1"]));

  test("by any column, those without a value last either way", () => {
    expect(names({ sort: { column: "fwhm", descending: false } })).toEqual(["frame 10", "frame 11", "frame 9", "dark 1"]);
    expect(names({ sort: { column: "fwhm", descending: true } })).toEqual(["frame 9", "frame 11", "frame 10", "dark 1"]);
  });

  test("by name with numbers in their order", () => {
    expect(names({ sort: { column: "name", descending: false } })).toEqual(["dark 1", "frame 9", "frame 10", "frame 11"]);
  });

  test("by verdict, what needs looking at first", () => {
    expect(names({ sort: { column: "verdict", descending: false } })).toEqual(["frame 9", "frame 11", "frame 10", "dark 1"]);
  });

  test("of one verdict", () => expect(names({ verdict: "review" })).toEqual(["frame 11"]));

  test("where every word is in name, filter, reason or kind", () => {
    expect(names({ words: "CLOUD" })).toEqual(["frame 9"]);
    expect(names({ words: "ha frame" })).toEqual(["frame 10"]);
    expect(names({ words: "dark" })).toEqual(["dark 1"]);
    expect(names({ words: "clouds ha" })).toEqual([]);
  });

  test("does not reorder what it was given", () => {
    const before = [...rows];
    names({ sort: { column: "fwhm", descending: true } });
    expect(rows).toEqual(before);
  });

  test("time order is total", () => {
    expect([...rows].sort(compareInTime).map(({ name }) => name)).toEqual(["frame 9", "frame 11", "frame 10", "dark 1"]);
  });
});

describe("a list that is being reviewed", () => {
  const doubtful = [
    row("frame 1", { time: 1, verdict: "review" }),
    row("frame 2", { time: 2, verdict: "review" }),
    row("frame 3", { time: 3, verdict: "clean" }),
  ];
  const decidedFirst = doubtful.map((one, index) =>
    index === 0 ? { ...one, frame: { ...one.frame, decided: { verdict: "clean", cause: null, when: 1 } as const } } : one,
  );
  const shown = (given: FrameRow[], wanted: Partial<Parameters<typeof visibleFrames>[1]>, placed: Placed) =>
    visibleFrames(given, { ...all, ...wanted }, placed).map(({ name }) => name);

  test("keeps a frame that was decided where it is, until it is asked for anew", () => {
    const placed: Placed = new Map();
    expect(shown(doubtful, { verdict: "review" }, placed)).toEqual(["frame 1", "frame 2"]);
    expect(shown(decidedFirst, { verdict: "review" }, placed)).toEqual(["frame 1", "frame 2"]);
    expect(shown(decidedFirst, { verdict: "review" }, new Map())).toEqual(["frame 2"]);
  });

  test("does not reorder under the user's hand when it is sorted by verdict", () => {
    const placed: Placed = new Map();
    const sort = { column: "verdict", descending: false };
    shown(doubtful, { sort }, placed);
    expect(shown(decidedFirst, { sort }, placed)).toEqual(["frame 1", "frame 2", "frame 3"]);
    expect(shown(decidedFirst, { sort }, new Map())).toEqual(["frame 2", "frame 1", "frame 3"]);
  });

  test("follows the program when it judges anew", () => {
    const placed: Placed = new Map();
    shown(doubtful, { verdict: "review" }, placed);
    const judged = doubtful.map((one) => (one.name === "frame 2" ? { ...one, frame: { ...one.frame, verdict: "clean" as const } } : one));
    expect(shown(judged, { verdict: "review" }, placed)).toEqual(["frame 1"]);
  });

  test("shows one group alone", () => {
    const grouped = doubtful.map((one, index) => ({ ...one, frame: { ...one.frame, group: index === 1 ? "b" : "a" } }));
    expect(shown(grouped, { group: "a" }, new Map())).toEqual(["frame 1", "frame 3"]);
  });
});
