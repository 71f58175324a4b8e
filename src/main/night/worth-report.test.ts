import { expect, test } from "vitest";
import { cloudedFrame, gradedFrame, gradedReport, hardReason } from "../../../test/fixtures/graded-night.ts";
import type { ReportFrame } from "../../shared/domain.ts";
import { type GroupWorth, worthOfGroup, worthSentences } from "./worth-report.ts";

function worthOf(frames: ReportFrame[]): GroupWorth | null {
  const report = gradedReport(frames);
  return worthOfGroup(report.groups[0], frames);
}

/** Equal good frames, so that SNR is known by hand. */
const good = (count: number): ReportFrame[] =>
  Array.from({ length: count }, (_, i) => gradedFrame(i, { measurements: { transparency: 1, noise: 20, fwhmSeen: 3 } }));

const said = (frames: ReportFrame[]): string[] => {
  const worth = worthOf(frames);
  return worth ? worthSentences(worth) : [];
};

test("what the doubtful and the contaminated frames would do is said in one sentence each", () => {
  const doubtful = (place: number): ReportFrame =>
    gradedFrame(place, { verdict: "review", measurements: { transparency: 1, noise: 20, fwhmSeen: 3 } });
  // 16 frames and 9 more of the same kind: 5/4 of the SNR.
  expect(said([...good(16), ...Array.from({ length: 9 }, (_, i) => doubtful(20 + i))])).toEqual([
    "Keeping the 9 doubtful frames would raise the SNR of a plain average by 25 % (weighted: +25 %).",
  ]);
  // One frame of twice the noise among 16: 17 / sqrt(20) / 4 = 0.950; weighted sqrt(16.25 / 16) = 1.008.
  const noisy = cloudedFrame(30, { measurements: { transparency: 1, noise: 40, fwhmSeen: 3 } });
  expect(said([...good(16), noisy])).toEqual([
    "Keeping the one frame lost to clouds would lower the SNR of a plain average by 5 % (weighted: +0.8 %).",
  ]);
});

test("contaminated frames are held against the stack that they would join", () => {
  const doubtful = Array.from({ length: 9 }, (_, i) =>
    gradedFrame(20 + i, { verdict: "review", measurements: { transparency: 1, noise: 20, fwhmSeen: 3 } }),
  );
  const noisy = cloudedFrame(30, { measurements: { transparency: 1, noise: 60, fwhmSeen: 3 } });
  // 26 / sqrt(25 + 9) / 5 = 0.892.
  expect(said([...good(16), ...doubtful, noisy])[1]).toBe(
    "Keeping also the one frame lost to clouds would lower the SNR of a plain average by 11 % (weighted: no change).",
  );
});

test("wider stars are said", () => {
  const soft = Array.from({ length: 10 }, (_, i) =>
    gradedFrame(20 + i, {
      verdict: "contaminated",
      reasons: [hardReason({ code: "focus", where: null })],
      measurements: { transparency: 1, noise: 20, fwhmSeen: 6 },
    }),
  );
  expect(said([...good(10), ...soft])[0]).toMatch(/^Keeping the 10 frames lost to focus would .* and make stars 1\d % wider\.$/);
});

test("frames whose harm is none of SNR, and those without stars, are counted and left out", () => {
  const covered = cloudedFrame(20, { reasons: [hardReason({ code: "obstruction", metric: "cellsWithoutStars" })] });
  const doubled = cloudedFrame(21, { reasons: [hardReason({ code: "tracking", metric: "doubled" })] });
  const blank = cloudedFrame(22, { measurements: { transparency: null, noise: 20, fwhmSeen: null } });
  const worth = worthOf([...good(8), covered, doubled, blank]);
  expect(worth).toMatchObject({ otherHarm: 2, unmeasured: 1, causes: [] });
  expect(worth?.worth.points).toHaveLength(8);
});

test("the user's decision says where a frame belongs", () => {
  const kept = cloudedFrame(20, { decided: { verdict: "clean", cause: null, when: 0 } });
  expect(worthOf([...good(8), kept])?.worth.clean?.frames).toBe(9);
});

test("silent where nothing was compared", () => {
  const frames = good(3);
  expect(worthOfGroup({ id: "g", frames: 3, baseline: {} }, frames)).toBeNull();
  expect(worthOf(good(1))).toBeNull();
  expect(said([cloudedFrame(0), cloudedFrame(1)])).toEqual([]);
  expect(said(good(8))).toEqual([]);
});
