import { expect, test } from "vitest";
import { measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import { apply, invert, positionsOf, ReferenceField, register } from "./registration.ts";

const sky = skyOf(11);
const reference = new ReferenceField(positionsOf(measuredFrame("reference", sky, 1).measurement.list));

test.each([
  ["a dither", { shift: [37.4, -22.1] as [number, number] }],
  ["a large shift", { shift: [-520, 340] as [number, number] }],
  ["a meridian flip", { rotation: 180, shift: [14, 9] as [number, number] }],
  ["a rotator move", { rotation: 67, shift: [-30, 55] as [number, number] }],
  ["slow field rotation", { rotation: 0.8, shift: [5, 5] as [number, number] }],
  ["a mirrored row order", { mirror: true }],
])("finds %s", (_, truth) => {
  const frame = measuredFrame("frame", sky, 2, truth);
  const found = register(reference, positionsOf(frame.measurement.list));
  expect(found).not.toBeNull();
  if (!found) return;
  expect(found.rms).toBeLessThan(0.2);
  expect(found.pairs.count).toBeGreaterThan(40);
  // Every star of the sky lands where the truth put it: compare a few points through the transform and back.
  for (let k = 0; k < found.pairs.count; k += 8) {
    const [i, j] = [found.pairs.reference[k], found.pairs.frame[k]];
    const [x, y] = apply(found.transform, frame.measurement.list.x[j], frame.measurement.list.y[j]);
    expect(Math.hypot(x - reference.stars.x[i], y - reference.stars.y[i])).toBeLessThan(0.5);
    const [u, v] = invert(found.transform, x, y);
    expect(Math.hypot(u - frame.measurement.list.x[j], v - frame.measurement.list.y[j])).toBeLessThan(1e-3);
  }
});

test("does not match fields that have nothing in common", () => {
  let matched = 0;
  for (let seed = 100; seed < 120; seed++) {
    if (register(reference, positionsOf(measuredFrame("other", skyOf(seed), seed).measurement.list))) matched++;
  }
  expect(matched).toBe(0);
});

test("matches a sparse field of a dozen stars", () => {
  const sparse = skyOf(5, 24);
  const a = measuredFrame("a", sparse, 1).measurement.list;
  const b = measuredFrame("b", sparse, 2, { shift: [20, 8] }).measurement.list;
  const found = register(new ReferenceField(positionsOf(a)), positionsOf(b));
  expect(found?.pairs.count ?? 0).toBeGreaterThanOrEqual(Math.min(a.x.length, b.x.length) - 3);
});
