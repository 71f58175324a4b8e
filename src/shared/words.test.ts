import { expect, test } from "vitest";
import type { Reason, ReportFrame } from "./domain.ts";
import { durationText, percentText, shortNumber } from "./quantity-words.ts";
import { escapeHtml, whyLines } from "./words.ts";

const reason = (over: Partial<Reason>): Reason => ({
  code: "clouds",
  severity: "hard",
  metric: "transparency",
  value: 0.76,
  unit: "ratio",
  baseline: 1,
  z: -12.2,
  limit: 0.8,
  where: null,
  ...over,
});

const frame = (over: Partial<ReportFrame>): ReportFrame => ({
  path: "a.fits",
  verdict: "contaminated",
  probability: 0.9,
  basis: "session",
  comparedWith: 12,
  group: "g",
  reasons: [],
  measurements: null,
  metadata: null,
  notLight: null,
  warnings: [],
  error: null,
  sortedTo: null,
  ...over,
});

test("all that speaks for one cause stands in one line, in the order of the causes", () => {
  const lines = whyLines(
    frame({
      reasons: [
        reason({ metric: "cellTransparency", value: 0.44, limit: 0.08, baseline: 0, z: null }),
        reason({ code: "focus", metric: "fwhmSeen", value: 6.15, unit: "px", baseline: 3.57, limit: 4.82, z: 10.4 }),
        reason({}),
        reason({ code: "trail", metric: "trailPeakSigma", value: 3.76, baseline: 0, limit: null, where: { lines: [[0, 0, 9, 9]] } }),
      ],
    }),
  );
  expect(lines).toEqual([
    "clouds: dimmed in 44 % of the field (at most 8 %), 24 % of the starlight lost (at most 20 %)",
    "focus: stars 6.15 px wide against 3.57 (at most 4.82)",
    "a trail, 3.76 sigma at the brightest",
  ]);
});

test("a metric that has no words of its own is named by its label with everything it was held against", () => {
  expect(
    whyLines(frame({ reasons: [reason({ code: "low-snr", metric: "psfSnr", value: 0.02, baseline: 0.08, limit: 0.05, z: -4 })] })),
  ).toEqual(["low SNR: PSF SNR 0.02 (night 0.08, limit 0.05, -4.0 sigma)"]);
  // Rules of the user may name anything, even what every object has.
  expect(whyLines(frame({ reasons: [reason({ metric: "constructor", value: 1, baseline: null, limit: null, z: null })] }))).toEqual([
    "clouds: constructor 1",
  ]);
});

test("a rule of the user says whose word it is, first where it decided, last where it only agrees", () => {
  const soft = reason({
    code: "focus",
    metric: "fwhmArcsec",
    value: 4.8,
    unit: "arcsec",
    baseline: 3.1,
    limit: 4.5,
    z: 6,
    rule: "too soft",
  });
  const keep = reason({ severity: "info", metric: "filter", value: null, baseline: null, limit: null, z: null, rule: "rare" });
  const clouds = "clouds: 24 % of the starlight lost (at most 20 %)";
  const own = 'your rule "too soft": FWHM 4.80 arcsec (night 3.10, limit 4.50, +6.0 sigma)';
  expect(whyLines(frame({ reasons: [soft, reason({})] }))).toEqual([own, clouds]);
  expect(whyLines(frame({ reasons: [reason({}), soft] }))).toEqual([clouds, own]);
  expect(whyLines(frame({ reasons: [keep, reason({ severity: "soft" }), { ...soft, severity: "soft" }] }))).toEqual([
    'kept by your rule "rare"',
    own,
    clouds,
  ]);
});

test("a share next to its limit gets the decimal that tells them apart", () => {
  expect(whyLines(frame({ reasons: [reason({ value: 0.796 })] }))).toEqual(["clouds: 20.4 % of the starlight lost (at most 20 %)"]);
  expect(whyLines(frame({ reasons: [reason({ metric: "weight", value: 0.498, limit: 0.5 })] }))).toEqual([
    "clouds: worth 49.8 % of a typical good frame (at least 50 %)",
  ]);
});

test("a reason without a value is still said", () => {
  expect(whyLines(frame({ reasons: [reason({ value: null, z: null })] }))).toEqual(["clouds: Transparency (night 1, limit 0.80)"]);
});

test("numbers as people write them", () => {
  expect([0, 5, 28, 0.456, 12.34, 123.4, 2087.4, 1e-5, 2.5e7].map(shortNumber)).toEqual([
    "0",
    "5",
    "28",
    "0.46",
    "12.3",
    "123",
    "2087",
    "1.0e-5",
    "2.5e+7",
  ]);
  expect([0, 0.004, 0.0094, 0.0096, 0.08, 0.444, 1].map(percentText)).toEqual(["0 %", "0.4 %", "0.9 %", "1 %", "8 %", "44 %", "100 %"]);
  // No minutes of 60, and no time that is there counts as none.
  expect([0, 0.001, 0.5, 24.4, 89.6, 119.7, 125].map(durationText)).toEqual([
    "0 min",
    "1 s",
    "30 s",
    "24 min",
    "1 h 30 min",
    "2 h 00 min",
    "2 h 05 min",
  ]);
});

test("nothing in a name can become markup", () => {
  expect(escapeHtml(`<img src="x" onerror='a()'>&amp;`)).toBe("&lt;img src=&quot;x&quot; onerror=&#39;a()&#39;&gt;&amp;amp;");
});
