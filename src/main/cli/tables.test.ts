import { expect, test } from "vitest";
import { cloudedFrame, gradedFrame, gradedReport, hardReason } from "../../../test/fixtures/graded-night.ts";
import { frameLines, looksOf, printable, summaryLines } from "./tables.ts";
import { columnsOf, endWithin, padEndTo, wrapped } from "./text-columns.ts";

const PIPE = { columns: null, colour: false };
const ESCAPE = String.fromCharCode(27);

test("a pipe gets one line a frame with its whole name and no colour", () => {
  const long = `deep/${"n".repeat(120)}.fits`;
  const lines = frameLines([gradedFrame(0), cloudedFrame(1, { path: long })], PIPE).split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain(long);
  expect(lines[2]).toContain("  99%  clouds: 50 % of the starlight lost (at most 20 %)");
  expect(lines.join("")).not.toContain(ESCAPE);
});

test("a terminal's lines fit it, reasons beside the numbers where there is room and below them where not", () => {
  const reasons = [
    hardReason(),
    hardReason({ metric: "weight", value: 0.17, limit: 0.5 }),
    hardReason({ code: "focus", metric: "fwhmSeen", value: 5, baseline: 3.1, limit: 4.2 }),
  ];
  const frames = [gradedFrame(0), cloudedFrame(1, { reasons, path: `lights/${"M31 夜空 ".repeat(12)}.fits` })];
  for (const columns of [60, 80, 100, 140, 200, 300]) {
    const lines = frameLines(frames, { columns, colour: false }).split("\n");
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
    const text = lines.map((line) => line.trim()).join(" ");
    expect(text).toContain("focus: stars 5 px wide against 3.10 (at most 4.20)");
    expect(text).toContain(".fits");
  }
  // The numbers of all frames stand in one column, whatever the width of the letters in their names.
  const [head, first, second] = frameLines(frames, { columns: 200, colour: false }).split("\n");
  const place = (line: string, mark: string): number => columnsOf(line.slice(0, line.indexOf(mark) + mark.length));
  expect(place(first, " 2%")).toBe(place(second, " 99%"));
  expect(place(head, "P(bad)")).toBe(place(first, " 2%"));
});

test("colour is for terminals of those who want it", () => {
  const terminal = { isTTY: true, columns: 120 };
  expect(looksOf(terminal, {})).toEqual({ columns: 120, colour: true });
  expect(looksOf(terminal, { NO_COLOR: "1" }).colour).toBe(false);
  // no-color.org: empty counts as not set.
  expect(looksOf(terminal, { NO_COLOR: "" }).colour).toBe(true);
  expect(looksOf(terminal, { TERM: "dumb" }).colour).toBe(false);
  expect(looksOf({ columns: 120 }, {})).toEqual({ columns: null, colour: false });
  expect(frameLines([cloudedFrame(0)], { columns: 120, colour: true })).toContain(`${ESCAPE}[31m✗${ESCAPE}[0m`);
});

test("control characters and turned writing in a name never reach the terminal", () => {
  const name = `${ESCAPE}[2Ja\u0007b\r\n\u202egnp.fits`;
  expect(printable(name)).toBe("a?b???gnp.fits");
  const text =
    frameLines([gradedFrame(0, { path: name })], PIPE) +
    summaryLines(
      gradedReport([
        gradedFrame(0, {
          group: name,
          metadata: { ...gradedFrame(0).metadata, filter: name, object: name, format: "fits", width: 1, height: 1, planes: 1 },
        }),
      ]),
      PIPE,
    );
  expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Bidi_Control}/u);
});

test("the summary gives time per filter and cause, and what keeping frames would do", () => {
  const frames = [
    ...Array.from({ length: 10 }, (_, i) => gradedFrame(i)),
    cloudedFrame(10),
    cloudedFrame(11, { reasons: [hardReason({ code: "focus" })] }),
  ];
  const lines = summaryLines(gradedReport(frames), PIPE).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "✓    10 clean         50 min",
    "?     0 to review",
    "✗     2 contaminated  10 min",
    "  L  kept 50 min of 60 min, lost: clouds 5 min, focus 5 min",
  ]);
  expect(lines[4]).toMatch(
    /^ {2}M31 · L · 300 s: Keeping the 2 frames lost to clouds and focus would lower the SNR of a plain average by \d+ %/,
  );
});

test("without exposure times frames are counted", () => {
  const frames = [0, 1].map((place) => gradedFrame(place, { metadata: { filter: "Ha", format: "fits", width: 1, height: 1, planes: 1 } }));
  expect(summaryLines(gradedReport(frames), PIPE)).toContain("  Ha  kept 2 frames of 2 frames");
});

test("columns of a text are those of a terminal", () => {
  expect(["abc", "夜空", "e\u0301", "🔭", "👩‍🚀", "", "ﾊ", "Ｆ"].map(columnsOf)).toEqual([3, 4, 1, 2, 2, 0, 1, 2]);
  expect(padEndTo("夜", 4)).toBe("夜  ");
  expect(endWithin("lights/夜空.fits", 8)).toBe("…空.fits");
  expect(endWithin("short", 8)).toBe("short");
  expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrapped("averylongword", 4)).toEqual(["averylongword"]);
});
