import { describe, expect, test } from "vitest";
import type { FrameRow } from "../../../../shared/contract.ts";
import type { Evidence, Reason, VerdictKind } from "../../../../shared/domain.ts";
import { cornerShapes, widestPart } from "./corner-shapes.ts";
import { nearLimits } from "./near-limits.ts";
import { placesToPrefetch } from "./prefetch.ts";
import { reasonBar } from "./reason-bar.ts";
import { referenceFor } from "./reference.ts";
import { tallyOf } from "./tally.ts";

const row = (id: string, verdict: VerdictKind, more: { weight?: number; group?: string; decided?: string; exposure?: number } = {}) =>
  ({
    id,
    name: id,
    frame: {
      verdict,
      group: more.group ?? "L",
      decided: more.decided === undefined ? null : { verdict: more.decided, cause: null, when: 0 },
      measurements: { weight: more.weight ?? null },
      metadata: { exposure: more.exposure ?? 300 },
    },
  }) as unknown as FrameRow;

describe("pictures made beforehand", () => {
  test("lie mostly ahead in the direction of travel, the next one first", () => {
    expect(placesToPrefetch(10, 100, 1)).toEqual([11, 12, 9, 13, 14, 15, 8]);
    expect(placesToPrefetch(10, 100, -1)).toEqual([9, 8, 11, 7, 6, 5, 12]);
  });

  test("are of the queue only", () => {
    expect(placesToPrefetch(0, 3, 1)).toEqual([1, 2]);
    expect(placesToPrefetch(0, 1, 1)).toEqual([]);
    expect(placesToPrefetch(2, 3, 1)).toEqual([1, 0]);
  });
});

describe("the reference", () => {
  const rows = [
    row("a", "review", { weight: 0.9 }),
    row("b", "clean", { weight: 0.8 }),
    row("c", "contaminated", { weight: 2 }),
    row("d", "clean", { weight: 1.1, group: "Ha" }),
    row("e", "clean", { weight: 0.7 }),
  ];

  test("is the pinned one, of whatever group", () => expect(referenceFor(rows[0], rows, "d")?.id).toBe("d"));

  test("is else the best that is kept of the same group, never the frame itself", () => {
    expect(referenceFor(rows[0], rows, null)?.id).toBe("b");
    expect(referenceFor(rows[1], rows, null)?.id).toBe("e");
    expect(referenceFor(rows[1], rows, "b")?.id).toBe("e");
    expect(referenceFor(rows[3], rows, null)).toBeNull();
  });

  test("is the best again when the pinned one is gone", () => expect(referenceFor(rows[0], rows, "gone")?.id).toBe("b"));
});

test("the tally counts by the user's word and says what it did to the exposure", () => {
  const tally = tallyOf([
    row("a", "review", { decided: "clean" }),
    row("b", "contaminated", { decided: "clean", exposure: 600 }),
    row("c", "clean", { decided: "contaminated" }),
    row("d", "review", { decided: "review" }),
    row("e", "review"),
    row("f", "clean"),
    row("g", "unreadable"),
  ]);
  expect(tally).toEqual({ decided: 4, kept: 2, rejected: 1, doubt: 1, open: 2, minutesInDoubt: 10, gained: 15, lost: 5 });
});

describe("a reason's bar", () => {
  test("has night, limit and value in their order, harm beyond the limit", () => {
    const bar = reasonBar(5, 3, 4, "above");
    expect(bar?.night).toBeLessThan(bar?.limit ?? 0);
    expect(bar?.limit).toBeLessThan(bar?.value ?? 0);
    expect(bar?.harm).toBe("right");
    expect(bar?.limit).toBeCloseTo(0.5, 9);
  });

  test("knows the harmful side from the night where nobody says it", () => {
    expect(reasonBar(0.4, 1, 0.8, null)?.harm).toBe("left");
    expect(reasonBar(0.9, 1, 0.8, null)?.harm).toBe("left");
    expect(reasonBar(5, 3, 4, null)?.harm).toBe("right");
  });

  test("begins at zero where there is no night, and needs a limit", () => {
    const bar = reasonBar(1, null, 2, "above");
    expect(bar?.value).toBeCloseTo(0.5, 9);
    expect(reasonBar(5, 3, null, "above")).toBeNull();
    expect(reasonBar(2, 2, 2, "above")?.value).toBe(0.5);
  });
});

test("near its limit is what could have been named and was not, once each, the nearest first", () => {
  const evidence = (metric: string, chance: number, value: number | null = 1) => ({ metric, chance, value }) as Evidence;
  const reasons = [{ metric: "fwhm" }] as Reason[];
  const near = nearLimits(
    [
      evidence("fwhm", 0.9),
      evidence("hfr", 0.03),
      evidence("weight", 0.2),
      evidence("weight", 0.1),
      evidence("noise", 0.001),
      evidence("halo", 0.3, null),
    ],
    reasons,
  );
  expect(near.map(({ metric, chance }) => [metric, chance])).toEqual([
    ["weight", 0.2],
    ["hfr", 0.03],
  ]);
});

describe("shapes in the corners", () => {
  const frame = { width: 900, height: 900 };
  // Three stars in each ninth, wider towards the stored lower right.
  const places = [0, 1, 2].flatMap((r) =>
    [0, 1, 2].flatMap((c) => [0, 1, 2].map((k) => ({ x: 300 * c + 100 + k, y: 300 * r + 100, wide: 3 + (r === 2 && c === 2 ? 1.5 : 0) }))),
  );
  const stars = {
    x: places.map(({ x }) => x),
    y: places.map(({ y }) => y),
    fwhm: places.map(({ wide }) => wide),
    eccentricity: places.map(() => 0.4),
    angle: places.map(() => 0),
    flags: places.map(() => 8),
  };

  test("are medians of each ninth of the upright frame", () => {
    expect(cornerShapes(stars, frame, false)[8]).toEqual({ fwhm: 4.5, eccentricity: 0.4, stars: 3 });
    expect(cornerShapes(stars, frame, true)[8]?.fwhm).toBe(3);
    expect(cornerShapes(stars, frame, true)[2]?.fwhm).toBe(4.5);
  });

  test("leave out stars whose shape is no measure, and ninths with too few", () => {
    const flags = stars.flags.map((flag, index) => (index === 0 ? 1 : flag));
    const shapes = cornerShapes({ ...stars, flags }, frame, false);
    expect(shapes[0]).toBeNull();
    expect(shapes[1]).not.toBeNull();
  });

  test("tell where stars are widest against the centre", () => {
    expect(widestPart(cornerShapes(stars, frame, false))).toEqual({ part: 8, share: 0.5 });
    expect(widestPart(Array.from({ length: 9 }, () => null))).toBeNull();
  });
});
