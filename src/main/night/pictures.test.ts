import { expect, test } from "vitest";
import { cloudedFrame, gradedFrame, gradedReport, hardReason } from "../../../test/fixtures/graded-night.ts";
import { measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import { exampleStar, framesToPicture } from "./pictures.ts";

test("a good frame to compare with comes first, then doubt, then every cause in turn, then kept trails", () => {
  const focus = hardReason({ code: "focus" });
  const frames = [
    gradedFrame(0),
    gradedFrame(1, { measurements: { ...gradedFrame(1).measurements, weight: 1.4 } }),
    gradedFrame(2, { reasons: [hardReason({ code: "trail", severity: "soft" })] }),
    cloudedFrame(3, { probability: 0.999 }),
    cloudedFrame(4, { probability: 0.99 }),
    cloudedFrame(5, { probability: 0.9, reasons: [focus] }),
    gradedFrame(6, { verdict: "review", probability: 0.68 }),
    gradedFrame(7, { verdict: "review", probability: 0.49 }),
    gradedFrame(8, { verdict: "unreadable", measurements: null }),
  ];
  expect(framesToPicture(gradedReport(frames)).map((frame) => frames.indexOf(frame))).toEqual([1, 7, 6, 3, 5, 4, 2]);
  expect(framesToPicture(gradedReport(frames), 3).map((frame) => frames.indexOf(frame))).toEqual([1, 7, 6]);
});

test("a night without trouble shows the best frame of each group", () => {
  const frames = [gradedFrame(0), gradedFrame(2), gradedFrame(3, { group: "another" })];
  // Frame 2 has the sharper stars and the greater weight (graded-night.ts).
  expect(framesToPicture(gradedReport(frames)).map((frame) => frames.indexOf(frame))).toEqual([1, 2]);
  expect(framesToPicture(gradedReport([]))).toEqual([]);
});

test("the example star is bright, fit to be shown, alone and near the middle", () => {
  const { measurement } = measuredFrame("a", skyOf(3), 3);
  const { list } = measurement;
  const star = exampleStar(measurement);
  expect(star).not.toBeNull();
  if (!star) return;
  expect(Math.abs(star.x / measurement.width - 0.5)).toBeLessThanOrEqual(0.35);
  const index = list.x.indexOf(star.x);
  expect(list.flags[index] & 0b111).toBe(0);
  // Marked saturated, it is another one; with all marked there is none.
  list.flags[index] |= 1;
  expect(exampleStar(measurement)).not.toEqual(star);
  list.flags.fill(2);
  expect(exampleStar(measurement)).toBeNull();
});
