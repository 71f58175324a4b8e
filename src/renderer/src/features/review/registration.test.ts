import { describe, expect, test } from "vitest";
import type { ReportFrame } from "../../../../shared/domain.ts";
import { overlayOf, overlayTransform } from "./registration.ts";

const [width, height] = [3000, 2000];
/** Of the picture, counted from the centre of its first pixel. */
const centre = [(width - 1) / 2, (height - 1) / 2] as const;

interface Place {
  x: number;
  y: number;
  turn: number;
}

const frame = ({ x, y, turn }: Place, rowOrder: "top-down" | "bottom-up" = "top-down", group: string | null = "L") =>
  ({
    group,
    measurements: { shiftX: x, shiftY: y, rotation: turn },
    metadata: { format: "fits", width, height, planes: 1, rowOrder },
  }) as unknown as ReportFrame;

function turned([x, y]: readonly [number, number], degrees: number): [number, number] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [cos * x - sin * y, sin * x + cos * y];
}

/** As main measures it (verdict/photometry.ts): a stored pixel, turned about (width / 2, height / 2) and shifted, is the reference's. */
function toReference([px, py]: readonly [number, number], { x, y, turn }: Place): [number, number] {
  const [dx, dy] = turned([px - width / 2, py - height / 2], turn);
  return [dx + width / 2 + x, dy + height / 2 + y];
}

function fromReference([rx, ry]: readonly [number, number], { x, y, turn }: Place): [number, number] {
  const [dx, dy] = turned([rx - x - width / 2, ry - y - height / 2], -turn);
  return [dx + width / 2, dy + height / 2];
}

const places: [Place, Place][] = [
  [
    { x: 12, y: -7, turn: 0 },
    { x: 0, y: 0, turn: 0 },
  ],
  [
    { x: 3, y: 4, turn: 1.5 },
    { x: -20, y: 11, turn: -0.7 },
  ],
  [
    { x: 30, y: -5, turn: 180 },
    { x: 2, y: 2, turn: 0 },
  ],
  [
    { x: 0, y: 0, turn: 0 },
    { x: 10, y: 20, turn: 179.5 },
  ],
];

describe.each(["top-down", "bottom-up"] as const)("frames stored %s", (rowOrder) => {
  const upright = ([x, y]: readonly [number, number]): [number, number] => (rowOrder === "bottom-up" ? [x, height - 1 - y] : [x, y]);

  test.each(places)("are laid over one another star on star: %o over %o", (other, base) => {
    const overlay = overlayOf(frame(other, rowOrder), frame(base, rowOrder));
    for (const star of [
      [100, 150],
      [2900, 1800],
      [1500, 40],
    ] as const) {
      const seen = upright(star);
      const [dx, dy] = turned([seen[0] - centre[0], seen[1] - centre[1]], overlay?.turn ?? 0);
      const laid = [dx + centre[0] + (overlay?.dx ?? 0), dy + centre[1] + (overlay?.dy ?? 0)];
      const truth = upright(fromReference(toReference(star, other), base));
      expect(laid[0]).toBeCloseTo(truth[0], 6);
      expect(laid[1]).toBeCloseTo(truth[1], 6);
    }
  });
});

test("frames of other groups, not matched, or with little in common are not laid over one another", () => {
  const base = frame({ x: 0, y: 0, turn: 0 });
  expect(overlayOf(frame({ x: 0, y: 0, turn: 0 }, "top-down", "Ha"), base)).toBeNull();
  expect(overlayOf({ ...base, measurements: { shiftX: null, shiftY: null, rotation: null } }, base)).toBeNull();
  expect(overlayOf({ ...base, measurements: null }, base)).toBeNull();
  expect(overlayOf(frame({ x: 1600, y: 0, turn: 0 }), base)).toBeNull();
});

test("is written for an element that turns about its middle", () => {
  expect(overlayTransform({ turn: 180, dx: 10, dy: -4 }, 0.5)).toBe("translate(5px, -2px) rotate(180deg)");
});
