import { expect, test } from "vitest";
import { gridStars, NO_HINTS, renderField, u16Source } from "../../../test/fixtures/star-field.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { Kernels, measurePrepared, prepareFrame } from "../measure/index.ts";
import { rehearse } from "./rehearsal.ts";

test("goes through every step of measuring, and changes nothing of the frame that comes after it", () => {
  const stars = gridStars(640, 480, 60, 30_000, 3);
  const source = u16Source(640, 480, renderField({ width: 640, height: 480, stars, fwhm: 3, readNoise: 10, gain: 1 }));
  const measured = (kernels: Kernels) => measurePrepared(prepareFrame(kernels, source, NO_HINTS), source, NO_HINTS);
  const rehearsed = Kernels.load();
  let steps = 0;
  rehearse(rehearsed, () => steps++);
  expect(steps).toBeGreaterThanOrEqual(3 * 4);
  expect(measured(rehearsed)).toEqual(measured(Kernels.load()));
});

test("ends at the next step when it is asked to", () => {
  let steps = 0;
  const stop = () => {
    steps++;
    if (steps === 3) throw new NebuliftError("cancelled", "");
  };
  expect(() => rehearse(Kernels.load(), stop)).toThrow(expect.objectContaining({ code: "cancelled" }));
  expect(steps).toBe(3);
});
