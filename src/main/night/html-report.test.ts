import { XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { cloudedFrame, gradedFrame, gradedReport, hardReason } from "../../../test/fixtures/graded-night.ts";
import type { ReportFrame } from "../../shared/domain.ts";
import type { ReportPicture } from "./html-cards.ts";
import { htmlReport } from "./html-report.ts";

const picture = (over: Partial<ReportPicture> = {}): ReportPicture => ({
  jpeg: new Uint8Array([255, 216, 255, 217]),
  width: 600,
  height: 450,
  scale: 0.375,
  flipped: false,
  ...over,
});

const picturesOf = (frames: readonly ReportFrame[], over: Partial<ReportPicture> = {}): Map<string, ReportPicture> =>
  new Map(frames.map((frame) => [frame.path, picture(over)]));

/** Every page: one well-formed document whose links and ids agree, without scripts and without anything from elsewhere. */
function checked(page: string): string {
  expect(XMLValidator.validate(page.replace("<!doctype html>", ""))).toBe(true);
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of page.matchAll(/ href="([^"]*)"/g)) {
    expect(target.startsWith("#")).toBe(true);
    expect(ids).toContain(target.slice(1));
  }
  expect(page).not.toMatch(/<script|javascript:| on[a-z]+=|https?:|url\(/i);
  expect(page).not.toMatch(/\bNaN\b|Infinity|undefined|\bnull\b/);
  return page;
}

const night = (): ReportFrame[] => [
  ...Array.from({ length: 12 }, (_, i) => gradedFrame(i)),
  cloudedFrame(12),
  cloudedFrame(13),
  gradedFrame(14, {
    verdict: "review",
    probability: 0.52,
    reasons: [hardReason({ code: "focus", severity: "soft", metric: "fwhmSeen", value: 4, baseline: 3.1, limit: 4.19, where: null })],
  }),
  gradedFrame(15, {
    reasons: [
      hardReason({
        code: "trail",
        severity: "soft",
        metric: "trailPeakSigma",
        value: 3,
        baseline: 0,
        limit: null,
        z: null,
        where: { lines: [[0, 0, 1600, 1200]] },
      }),
    ],
  }),
];

test("the page of a night: what was kept, why what was lost, and what keeping would do", () => {
  const frames = night();
  const page = checked(htmlReport(gradedReport(frames), picturesOf([frames[0], ...frames.slice(12)])));
  expect(page).toContain("<b>65 min</b> of 80 min kept");
  expect(page).toContain("clouds 10 min");
  expect(page).toContain("Keeping the doubtful frame would");
  expect(page).toContain("Keeping also the 2 frames lost to clouds would lower the SNR of a plain average");
  expect(page).toContain("50 % of the starlight lost (at most 20 %)");
  // Seven plots, and the curve of worth.
  expect(page.match(/class="plot"/g)).toHaveLength(8);
});

test("a point of a plot leads to the frame's card, or to its row where it has none", () => {
  const frames = night();
  const page = checked(htmlReport(gradedReport(frames), picturesOf([frames[12]])));
  const card = page.match(/<figure class="card" id="(c\d+)">/)?.[1];
  expect(card).toBe("c12");
  const links = [...page.matchAll(/<a href="#([cr]\d+)" tabindex="-1"><title>([^<]*)</g)];
  for (const [, target, title] of links) {
    const index = frames.findIndex((frame) => title.startsWith(`${frame.path}\n`));
    expect(target).toBe(index === 12 ? "c12" : `r${index}`);
  }
  expect(links).toHaveLength(7 * frames.length);
});

test("a point lies where its value and time say, between the axis' ticks", () => {
  const frames = [0, 10, 20, 30].map((place, i) =>
    gradedFrame(place, { measurements: { ...gradedFrame(place).measurements, background: [1000, 2000, 1500, 1250][i] } }),
  );
  const page = htmlReport({ ...gradedReport(frames), groups: [{ id: "m31/L/300 s", frames: 4, baseline: {} }] }, new Map());
  const plot = page.match(/aria-label="Sky, ADU.*?<\/svg>/s)?.[0] ?? "";
  const points = [...plot.matchAll(/<circle class="m-clean" cx="([\d.]+)" cy="([\d.]+)"/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
  const ticks = [...plot.matchAll(/<path class="grid" d="M\d+ ([\d.]+)H\d+"\/><text[^>]*>(\d+)</g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
  expect(points).toHaveLength(4);
  const [a, b] = [ticks[0], ticks[ticks.length - 1]];
  points.forEach(([x, y], i) => {
    const value = a[1] + ((y - a[0]) / (b[0] - a[0])) * (b[1] - a[1]);
    expect(Math.abs(value - [1000, 2000, 1500, 1250][i])).toBeLessThan(10);
    expect(x).toBeCloseTo(points[0][0] + (i / 3) * (points[3][0] - points[0][0]), 0);
  });
});

test("cells and trails are drawn upright, whichever way the rows are stored", () => {
  const trail: [number, number, number, number] = [100, 100, 100, 1100];
  const frame = cloudedFrame(0, {
    reasons: [
      hardReason({ where: { cells: [[7, 0]] } }),
      hardReason({ code: "trail", metric: "trailPeakSigma", where: { lines: [trail] } }),
    ],
  });
  const pathOf = (flipped: boolean, name: string): string =>
    htmlReport(gradedReport([frame]), picturesOf([frame], { flipped })).match(new RegExp(`class="${name}" d="([^"]*)"`))?.[1] ?? "";
  expect(pathOf(false, "cells")).toBe("M525 0H600V75H525Z");
  expect(pathOf(true, "cells")).toBe("M525 375H600V450H525Z");
  const ys = (flipped: boolean): number[] => [...pathOf(flipped, "trail").matchAll(/ ([\d.]+)/g)].map((match) => Number(match[1]));
  expect(ys(false).slice(0, 2)).toEqual([37.5, 412.5]);
  expect(ys(true).slice(0, 2)).toEqual([411.5, 36.5]);
});

/** Written out, the linter of arrows cannot read it. */
const LONE_SURROGATE = String.fromCharCode(0xd800);

test("names and headers from anywhere stay text", () => {
  const evil = `</title><script>alert("1")</script>&lt;'\u202egnp.\u0007\u001b[31m${LONE_SURROGATE}\u{1f52d}夜`;
  const long = "x".repeat(5000);
  const frames = [
    ...Array.from({ length: 9 }, (_, i) => gradedFrame(i)),
    cloudedFrame(10, {
      path: `${evil}/${long}.fits`,
      metadata: { ...cloudedFrame(10).metadata, object: evil, filter: evil, camera: evil, format: "fits", width: 1, height: 1, planes: 1 },
    }),
    gradedFrame(11, { group: null, verdict: "not-light", notLight: evil, measurements: null }),
    gradedFrame(12, {
      group: null,
      verdict: "unreadable",
      measurements: null,
      metadata: null,
      error: { code: "truncated", message: evil, action: evil, detail: evil },
      path: evil,
    }),
  ].map((frame) => (frame.group === null ? frame : { ...frame, group: evil }));
  const report = { ...gradedReport(frames), input: `/${evil}`, app: evil, settings: { trails: evil }, otherFiles: [evil] };
  const page = checked(htmlReport(report, picturesOf(frames)));
  expect(page).toContain("&lt;script&gt;");
  expect(page).toContain("\u{1f52d}夜");
  expect(page).not.toMatch(/\p{Bidi_Control}|(?!\n)\p{Cc}/u);
});

test("nothing measured, no times, one frame, no good frame, nothing at all: still a page", () => {
  const bare = (place: number): ReportFrame => ({ ...gradedFrame(place), measurements: null, probability: null, metadata: null });
  const nulls = (place: number): ReportFrame => ({
    ...gradedFrame(place),
    measurements: Object.fromEntries(Object.keys(gradedFrame(0).measurements ?? {}).map((name) => [name, null])),
    metadata: { format: "fits", width: 10, height: 10, planes: 1 },
  });
  const untimed = (place: number): ReportFrame => {
    const { time: _, exposure: __, ...metadata } = gradedFrame(place).metadata ?? { format: "fits", width: 1, height: 1, planes: 1 };
    return gradedFrame(place, { metadata });
  };
  const cases: ReportFrame[][] = [
    [],
    [gradedFrame(0)],
    [bare(0)],
    // Groups of one frame each, of which nothing can be drawn.
    ["a", "b", "c"].map((group, i) => gradedFrame(i, { group })),
    [bare(0), bare(1), bare(2)],
    [nulls(0), nulls(1)],
    [untimed(0), untimed(1), gradedFrame(2)],
    [untimed(0), untimed(1), untimed(2)],
    [cloudedFrame(0), cloudedFrame(1), cloudedFrame(2)],
    Array.from({ length: 5 }, () => gradedFrame(3)).map((frame, i) => ({ ...frame, path: `${i}.fits` })),
    [gradedFrame(0, { metadata: { format: "fits", width: 1, height: 1, planes: 1, time: 1e20 } }), gradedFrame(1)],
  ];
  for (const frames of cases) {
    checked(htmlReport(gradedReport(frames), new Map()));
    checked(htmlReport(gradedReport(frames, ["m31/L/300 s"]), picturesOf(frames)));
  }
});

test("frames without a time are drawn in order, and the page says so", () => {
  const frames = [0, 1, 2].map((place) => gradedFrame(place));
  const { time: _, ...metadata } = frames[1].metadata ?? { format: "fits", width: 1, height: 1, planes: 1 };
  const page = htmlReport(gradedReport([frames[0], { ...frames[1], metadata }, frames[2]]), new Map());
  expect(page).toContain("1 of 3 frames do not say when they were taken");
});

test("a pause in the night is shaded and named", () => {
  const frames = [0, 1, 2, 3, 10, 11, 12].map((place) => gradedFrame(place));
  // From the end of frame 3 to the start of frame 10: 7 x 310 s - 300 s.
  expect(htmlReport(gradedReport(frames), new Map())).toContain("no frames for 31 min");
  expect(htmlReport(gradedReport(frames.slice(0, 4)), new Map())).not.toContain("no frames for");
});

test("the user's decision is what counts, and the program's verdict stays beside it", () => {
  const frames = night();
  frames[12] = { ...frames[12], decided: { verdict: "clean", cause: null, when: 0 } };
  frames[0] = { ...frames[0], decided: { verdict: "contaminated", cause: "focus", when: 0 } };
  const page = checked(htmlReport(gradedReport(frames), picturesOf(frames)));
  expect(page).toContain("clouds 5 min");
  expect(page).toContain("focus 5 min");
  expect(page).toContain("your decision; graded contaminated");
});

test("limits of one filter are drawn for that filter only", () => {
  const frames = night();
  const report = gradedReport(frames);
  const limits = report.settings["limits"];
  const labels = (filters: unknown): string[] =>
    [
      ...htmlReport({ ...report, settings: { limits, filters } }, new Map()).matchAll(
        /aria-label="Transparency over the night;[^"]*limit ([\d.]+)"/g,
      ),
    ].map((match) => match[1]);
  expect(labels([])).toEqual(["0.80"]);
  expect(labels([{ filter: " l", limits: { transparency: 0.7 } }])).toEqual(["0.70"]);
  expect(labels([{ filter: "Ha", limits: { transparency: 0.7 } }])).toEqual(["0.80"]);
  expect(labels("nonsense")).toEqual(["0.80"]);
});

test("thousands of frames stay one page of bounded size, and it says which pictures are missing", () => {
  const frames = Array.from({ length: 2000 }, (_, i) => (i % 9 === 0 ? cloudedFrame(i) : gradedFrame(i)));
  const heavy = picturesOf(frames.slice(0, 300), { jpeg: new Uint8Array(200_000) });
  const page = checked(htmlReport(gradedReport(frames), heavy));
  expect(page.length).toBeLessThan(15_000_000);
  const shown = page.match(/<figure class="card"/g)?.length ?? 0;
  expect(shown).toBeGreaterThan(20);
  expect(page).toMatch(
    new RegExp(`Pictures of \\d+ of ${frames.filter((frame) => frame.verdict === "contaminated").length} contaminated frames`),
  );
  // Clean frames of a large group are one shape a plot, flagged ones keep their links.
  expect(page.match(/class="dots"/g)).toHaveLength(7);
  const bare = htmlReport(gradedReport(frames), new Map());
  expect(bare.length).toBeLessThan(6_000_000);
});
