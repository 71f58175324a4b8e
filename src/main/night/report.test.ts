import { expect, test } from "vitest";
import { gradedFrame } from "../../../test/fixtures/graded-night.ts";
import { measuredFrame, skyOf } from "../../../test/fixtures/measured-night.ts";
import { resultOf } from "../../../test/fixtures/played-engine.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { DEFAULT_SETTINGS } from "../verdict/index.ts";
import { judgeResults } from "./night.ts";
import { reportFrames, summarise } from "./report.ts";

test("a row says which way up its frame is stored: without it, what was found is drawn mirrored", () => {
  const made = measuredFrame("a.fits", skyOf(1), 1);
  const upsideDown = { ...made, summary: { ...made.summary, rowOrder: "bottom-up" as const } };
  const results = new Map([
    ["/n/a.fits", resultOf("/n/a.fits", upsideDown)],
    ["/n/b.fits", resultOf("/n/b.fits", made)],
  ]);
  const scan = { root: "/n", frames: [...results.keys()], others: [], problems: [] };
  const rows = reportFrames({ scan, results, judged: judgeResults(results.values(), DEFAULT_SETTINGS) });
  expect(rows.map(({ metadata }) => metadata?.rowOrder)).toEqual(["bottom-up", "top-down"]);
});

test("a summary counts the program's verdicts, or what holds for each frame", () => {
  const frames = [
    gradedFrame(0),
    gradedFrame(1, { verdict: "review", decided: { verdict: "clean", cause: null, when: 1 } }),
    gradedFrame(2, { verdict: "clean", decided: { verdict: "contaminated", cause: "clouds", when: 1 } }),
    gradedFrame(3, { verdict: "unreadable" }),
  ];
  expect(summarise(frames)).toMatchObject({ clean: 2, review: 1, contaminated: 0, unreadable: 1, minutes: { clean: 10, review: 5 } });
  expect(summarise(frames, finalVerdict)).toMatchObject({ clean: 2, review: 0, contaminated: 1, minutes: { clean: 10, contaminated: 5 } });
});
