import { describe, expect, test } from "vitest";
import { type FrameTruth, measuredFrame, type Sky, skyOf } from "../../../test/fixtures/measured-night.ts";
import { judgeNight } from "./judge.ts";
import type { JudgedFrame } from "./judged.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

function judged(truths: FrameTruth[], sky: Sky, seed = 1): JudgedFrame[] {
  const frames = truths.map((truth, i) =>
    measuredFrame(`f${String(i).padStart(3, "0")}`, sky, seed * 1000 + i, {
      shift: [(i * 7) % 23, (i * 5) % 17],
      minutes: i * 3,
      ...truth,
    }),
  );
  const { frames: found } = judgeNight(frames, DEFAULT_SETTINGS);
  return frames.map(({ id }) => {
    const one = found.get(id);
    if (!one) throw new Error(`${id} was not judged`);
    return one;
  });
}

const good = (n: number): FrameTruth[] => Array.from({ length: n }, () => ({}));
const kinds = (frames: JudgedFrame[]): string[] => frames.map(({ verdict }) => verdict.kind);

describe("cells", () => {
  const rich = skyOf(3, 900);
  const sparse = skyOf(8, 150);

  test("a sparse field that is clear is not called patchy", () => {
    for (const seed of [1, 2, 3, 4]) expect(kinds(judged(good(20), sparse, seed)).filter((kind) => kind !== "clean")).toEqual([]);
  });

  test("an even loss just within the limit is no patchy cloud", () => {
    const frames = judged([...good(12), { transparency: 0.87 }, { transparency: 0.87 }], sparse);
    for (const frame of frames.slice(12)) {
      expect(frame.verdict.kind).toBe("clean");
      expect(frame.verdict.reasons.map((reason) => reason.code)).toContain("veil");
    }
  });

  test("five cells behind a dark thing are found in a sparse field, and drawn", () => {
    const hidden = (column: number, row: number): boolean => column === 7 && row > 0;
    const frames = judged([...good(12), { cell: (c, r) => (hidden(c, r) ? 0 : 1), skyCell: (c, r) => (hidden(c, r) ? 0.3 : 1) }], sparse);
    const { verdict } = frames[12];
    expect(verdict.kind).toBe("contaminated");
    expect(verdict.reasons[0].code).toBe("obstruction");
    expect(verdict.reasons[0].where?.cells?.map(([column, row]) => `${column},${row}`).sort()).toEqual(["7,1", "7,2", "7,3", "7,4", "7,5"]);
  });

  test("one cell that lost its stars is a trifle", () => {
    const frames = judged([...good(12), { cell: (c, r) => (c === 4 && r === 3 ? 0 : 1) }], rich);
    expect(frames[12].verdict.kind).toBe("clean");
  });
});

describe("altitude", () => {
  const sky = skyOf(5, 700);
  /** Airmass 1.06 to 2.4; 0.2 mag per airmass; seeing with its power 0.6. */
  const setting = (n: number, more: (i: number) => FrameTruth = () => ({})): FrameTruth[] =>
    Array.from({ length: n }, (_, i) => {
      const altitude = 70 - (45 * i) / (n - 1);
      const airmass = 1 / Math.sin((altitude * Math.PI) / 180);
      const extra = more(i);
      return {
        ...extra,
        transparency: 10 ** (-0.4 * 0.2 * (airmass - 1)) * (extra.transparency ?? 1),
        fwhm: 3 * airmass ** 0.6,
        metadata: { altitude },
      };
    });

  test("a target that sets in clear air is kept to the end, and what altitude costs is said", () => {
    const frames = judged(setting(30), sky);
    expect(kinds(frames).filter((kind) => kind !== "clean")).toEqual([]);
    expect(frames[29].verdict.reasons.length).toBeGreaterThan(0);
    expect(Math.abs((frames[29].transparency ?? 0) - 1)).toBeLessThan(0.06);
  });

  test("cloud over a setting target is still cloud", () => {
    const frames = judged(
      setting(30, (i) => (i >= 22 && i < 26 ? { transparency: 0.6 } : {})),
      sky,
    );
    expect(
      kinds(frames)
        .map((kind, i) => (kind === "contaminated" ? i : -1))
        .filter((i) => i >= 0),
    ).toEqual([22, 23, 24, 25]);
  });
});

describe("pointing", () => {
  const sky = skyOf(6, 900);

  test("a frame shifted by four tenths of its height is off target, one by a tenth is not", () => {
    const frames = judged([...good(12), { shift: [0, 800] }, { shift: [200, 0] }], sky);
    expect(frames[12].verdict.kind).toBe("contaminated");
    expect(frames[12].verdict.reasons[0].code).toBe("off-target");
    expect(frames[13].verdict.kind).toBe("clean");
  });

  test("two panels of a mosaic are both meant", () => {
    const frames = judged([...good(10), ...Array.from({ length: 10 }, (): FrameTruth => ({ shift: [900, 0] }))], sky);
    expect(kinds(frames).filter((kind) => kind !== "clean")).toEqual([]);
  });
});

test("a hazy half of the night is measured against the clear one", () => {
  const frames = judged(
    [...good(8), ...Array.from({ length: 16 }, (_, i): FrameTruth => ({ transparency: 0.72 + 0.002 * i }))],
    skyOf(9, 700),
  );
  expect(kinds(frames).slice(0, 8)).toEqual(Array(8).fill("clean"));
  expect(kinds(frames).slice(8)).toEqual(Array(16).fill("contaminated"));
});

test("a short gap in a night of cloud is not called clear, a clear spell is", () => {
  const cloud = (i: number): FrameTruth => ({ transparency: 0.4 + 0.03 * ((7 * i) % 10), level: 1150 });
  const nights = (clear: number[]) => Array.from({ length: 30 }, (_, i): FrameTruth => (clear.includes(i) ? {} : cloud(i)));
  const sky = skyOf(12, 800);
  const gaps = judged(nights([0, 1, 2, 3, 4, 14]), sky);
  expect(kinds(gaps).slice(0, 5)).toEqual(Array(5).fill("clean"));
  expect(gaps[14].verdict.kind).toBe("review");
  expect(gaps[14].verdict.reasons.map(({ metric }) => metric)).toContain("cloudedFrames");
});
