import { expect, test } from "vitest";
import { type FrameTruth, measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import { GRID_COLUMNS } from "../../shared/domain.ts";
import type { NightFrame } from "./groups.ts";
import { measurePhotometry } from "./photometry.ts";

const sky = skyOf(21, 1200);

function night(count: number, truthOf: (index: number) => FrameTruth = () => ({})): NightFrame[] {
  return Array.from({ length: count }, (_, i) => measuredFrame(`f${i}`, sky, 300 + i, { shift: [3 * i, -2 * i], ...truthOf(i) }));
}

test("light of frames and cells is what arrived, turned frames included", () => {
  const cell = (column: number): number => (column < 3 ? 0.7 : 1);
  const frames = night(12, (i) => (i === 5 ? { transparency: 0.6 } : i === 6 ? { cell } : { rotation: i % 2 === 0 ? 180 : 0 }));
  const found = measurePhotometry(frames);
  expect(found.map(({ field }) => field)).toEqual(frames.map(() => 0));
  for (const [i, one] of found.entries()) {
    if (i !== 6) expect(Math.abs((one.transparency ?? 0) / (i === 5 ? 0.6 : 1) - 1)).toBeLessThan(0.02);
  }
  const global = found[6].transparency ?? 0;
  const light = found[6].cellTransparency.flatMap((value, c) => (value === null ? [] : [(value * global) / cell(c % GRID_COLUMNS)]));
  expect(light.length).toBeGreaterThan(30);
  for (const share of light) expect(Math.abs(share - 1)).toBeLessThan(0.12);
});

test("stars that are hidden are missed, the others are not", () => {
  const frames = night(12, (i) => (i === 7 ? { cell: (column, row) => (column < 2 && row < 3 ? 0 : 1) } : {}));
  const found = measurePhotometry(frames)[7];
  const { cell, seen, missing } = found.expected;
  const hidden = (c: number): boolean => c % GRID_COLUMNS < 2 && Math.floor(c / GRID_COLUMNS) < 3;
  expect(cell.filter(hidden).length).toBeGreaterThan(10);
  cell.forEach((c, i) => {
    if (hidden(c)) expect(missing[i]).toBe(1);
    expect(seen[i]).toBeGreaterThan(0.6);
  });
  // A star at the edge of a cell may be expected beside it.
  expect(missing.filter((gone, i) => gone === 1 && !hidden(cell[i])).length).toBeLessThan(0.02 * missing.length);
});

test("what is remembered of a night is what it would be measured as", () => {
  const frames = night(14, (i) => (i % 5 === 2 ? { transparency: 0.5 } : {}));
  const fresh = (some: NightFrame[]) => measurePhotometry(structuredClone(some));
  const part = frames.slice(0, 9);
  expect(measurePhotometry(part)).toEqual(fresh(part));
  expect(measurePhotometry(frames)).toEqual(fresh(frames));
  expect(measurePhotometry(part)).toEqual(fresh(part));
  const again = measurePhotometry(frames.map((frame) => ({ ...frame })));
  expect(measurePhotometry([...frames])).toBe(again);
  // One frame measured anew: nothing of the old measurement is left.
  const changed = frames.with(4, { ...frames[4], measurement: measuredFrame("new", sky, 999, { transparency: 0.3 }).measurement });
  expect(measurePhotometry(changed)).toEqual(fresh(changed));
  expect(measurePhotometry(changed)[4].transparency).toBeCloseTo(0.3, 1);
});
