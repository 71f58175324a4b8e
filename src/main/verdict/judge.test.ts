import { expect, test } from "vitest";
import { type FrameTruth, measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import type { Trail } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import { judgeNight } from "./judge.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

const sky = skyOf(3, 900);

function night(truths: FrameTruth[], seed = 1): NightFrame[] {
  return truths.map((truth, i) =>
    measuredFrame(`f${String(i).padStart(3, "0")}`, sky, seed * 1000 + i, {
      shift: [(i * 7) % 23, (i * 5) % 17],
      minutes: i * 3,
      ...truth,
    }),
  );
}

function judged(truths: FrameTruth[], settings = DEFAULT_SETTINGS) {
  const frames = night(truths);
  const result = judgeNight(frames, settings);
  return frames.map((frame) => {
    const found = result.frames.get(frame.id);
    if (!found) throw new Error(`${frame.id} was not judged`);
    return found;
  });
}

const good = (n: number): FrameTruth[] => Array.from({ length: n }, () => ({}));

test("an all-good night keeps every frame and says nothing", () => {
  for (const { verdict } of judged(good(24))) {
    expect(verdict.kind).toBe("clean");
    expect(verdict.reasons).toEqual([]);
    expect(verdict.basis).toBe("session");
  }
});

test.each<[string, FrameTruth, string]>([
  ["even dimming", { transparency: 0.55 }, "veil"],
  ["patchy dimming", { cell: (c) => (c < 4 ? 0.45 : 1) }, "clouds"],
  ["dimming with a brighter sky", { transparency: 0.6, level: 1500, noise: 15 }, "clouds"],
  ["something in front of a corner", { cell: (c, r) => (c < 3 && r < 2 ? 0 : 1) }, "obstruction"],
  ["blur", { fwhm: 5 }, "focus"],
  ["elongation in one direction", { eccentricity: 0.78, coherence: 0.9 }, "tracking"],
  ["smear", { fwhm: 4.6, eccentricity: 0.75, coherence: 0.9 }, "tracking"],
  ["dawn", { level: 5000, noise: 40 }, "sky-glow"],
  ["a lamp", { skyCell: (c, r) => (c > 5 && r > 3 ? 2.6 : 1) }, "stray-light"],
])("%s is contaminated and named", (_, bad, code) => {
  const frames = judged([...good(10), bad, ...good(5)]);
  const { verdict } = frames[10];
  expect(verdict.kind).toBe("contaminated");
  expect(verdict.reasons[0].code).toBe(code);
  expect(frames.filter((_, i) => i !== 10).every((frame) => frame.verdict.kind === "clean")).toBe(true);
});

test("the cells that lost their stars are the ones named", () => {
  const frames = judged([...good(10), { cell: (c, r) => (c < 3 && r < 2 ? 0 : 1) }]);
  const cells = frames[10].verdict.reasons.find((reason) => reason.code === "obstruction")?.where?.cells ?? [];
  expect(cells.length).toBeGreaterThanOrEqual(4);
  expect(cells.every(([column, row]) => column < 3 && row < 2)).toBe(true);
});

test("transparency is measured to a few percent, through a meridian flip too", () => {
  const truths = good(16).map((truth, i): FrameTruth => ({ ...truth, rotation: i >= 8 ? 180 : 0, transparency: i % 8 === 7 ? 0.62 : 1 }));
  const frames = judged(truths);
  frames.forEach((frame, i) => {
    expect(frame.photometry.transparency ?? 0).toBeCloseTo(truths[i].transparency ?? 1, 1);
    expect(frame.verdict.kind).toBe(i % 8 === 7 ? "contaminated" : "clean");
  });
});

test("a night that is mostly bad does not become its own standard", () => {
  const truths: FrameTruth[] = [...good(9), ...Array.from({ length: 16 }, (_, i) => ({ fwhm: 5 + 0.05 * i }))];
  const kinds = judged(truths).map((frame) => frame.verdict.kind);
  expect(kinds.slice(0, 9).every((kind) => kind === "clean")).toBe(true);
  expect(kinds.slice(9).every((kind) => kind === "contaminated")).toBe(true);
});

test("a slow decline is not followed by the baseline", () => {
  const truths = Array.from({ length: 40 }, (_, i): FrameTruth => ({ transparency: 1 - Math.max(0, i - 15) * 0.025 }));
  const frames = judged(truths);
  expect(frames[39].verdict.kind).toBe("contaminated");
  expect(frames[36].verdict.kind).toBe("contaminated");
  expect(frames[10].verdict.kind).toBe("clean");
});

test("fewer than eight frames are not compared, and that is said", () => {
  for (const { verdict } of judged([...good(4), { transparency: 0.5 }])) {
    expect(verdict.reasons.map((reason) => reason.code)).toEqual(["too-few"]);
    expect(verdict.comparedWith).toBe(0);
  }
});

const trail: Trail = { from: [0, 100], to: [2999, 900], width: 4, peakSigma: 3, peak: 36, significance: 40, area: 0.002 };

test("a trail alone is soft in a group that stacks it away, hard where it cannot", () => {
  expect(judged([...good(9), { trails: [trail] }])[9].verdict).toMatchObject({
    kind: "clean",
    reasons: [{ code: "trail", severity: "soft" }],
  });
  expect(judged([...good(3), { trails: [trail] }])[3].verdict.kind).toBe("contaminated");
  expect(judged([...good(9), { trails: [trail] }], { ...DEFAULT_SETTINGS, trails: "strict" })[9].verdict.kind).toBe("contaminated");
  expect(judged([...good(9), { trails: [trail] }], { ...DEFAULT_SETTINGS, trails: "ignore" })[9].verdict.reasons).toEqual([]);
  expect(judged([...good(9), { trails: [{ ...trail, width: 60 }] }])[9].verdict.kind).toBe("contaminated");
});

test("another field in the group is off target, and filters are not compared with one another", () => {
  const frames = night(good(12));
  const stray = measuredFrame("stray", skyOf(77, 900), 5, { minutes: 20 });
  const verdict = judgeNight([...frames, stray], DEFAULT_SETTINGS).frames.get("stray")?.verdict;
  expect(verdict?.kind).toBe("contaminated");
  expect(verdict?.reasons[0].code).toBe("off-target");
  const red = night(good(10).map(() => ({ level: 300, noise: 7, transparency: 0.5, metadata: { filter: "R" } })));
  const both = judgeNight([...frames, ...red.map((frame) => ({ ...frame, id: `red ${frame.id}` }))], DEFAULT_SETTINGS);
  expect([...both.frames.values()].every((frame) => frame.verdict.kind === "clean")).toBe(true);
});

test("frames are judged the same in any order", () => {
  const frames = night([...good(60), { transparency: 0.4 }, { fwhm: 6 }]);
  const forwards = judgeNight(frames, DEFAULT_SETTINGS);
  const backwards = judgeNight([...frames].reverse(), DEFAULT_SETTINGS);
  for (const frame of frames) expect(backwards.frames.get(frame.id)?.verdict.kind).toBe(forwards.frames.get(frame.id)?.verdict.kind);
});
