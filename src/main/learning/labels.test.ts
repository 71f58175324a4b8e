import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { planNight, simulateOptions } from "../simulate/index.ts";
import { truthCsv } from "../simulate/truth.ts";
import { csvRecords } from "./csv.ts";
import { meaningOf } from "./label-words.ts";
import { parseLabels } from "./labels.ts";

describe("CSV", () => {
  test("quotes, doubled quotes, line breaks in fields, and the line each record begins in", () => {
    expect(csvRecords('a,b\r\n"x, ""y""","two\nlines"\r\n\r\nlast,\n')).toEqual([
      { line: 1, fields: ["a", "b"] },
      { line: 2, fields: ['x, "y"', "two\nlines"] },
      { line: 5, fields: ["last", ""] },
    ]);
  });

  test("what spreadsheets write: byte order mark, semicolons, tabs", () => {
    expect(csvRecords("\ufeffpath;label\na,b.fits;ok\n")[1].fields).toEqual(["a,b.fits", "ok"]);
    expect(csvRecords("path\tlabel\na\tok")[1].fields).toEqual(["a", "ok"]);
  });

  test("an open quote ends with the text", () => {
    expect(csvRecords('a,"b\nc')).toEqual([{ line: 1, fields: ["a", "b\nc"] }]);
  });

  test("reads back what was written, whatever it is", () => {
    const field = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (rows) => {
        const text = [["h1", "h2"], ...rows].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n");
        expect(
          csvRecords(text)
            .slice(1)
            .map((record) => record.fields),
        ).toEqual(rows);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe("words of labels", () => {
  test.each([
    ["clean", "clean", []],
    ["Clean (slightly elongated)", "clean", []],
    ["keep", "clean", []],
    ["reject", "contaminated", []],
    ["tracked-out", "contaminated", ["tracking"]],
    ["tracked_out (mild)", "borderline", ["tracking"]],
    ["cloud (thin)", "borderline", ["clouds"]],
    ["clouds", "contaminated", ["clouds"]],
    ["defocused + tracking", "contaminated", ["focus", "tracking"]],
    ["other: no stars", "contaminated", ["no-stars"]],
    ["dimmed (aperture partly blocked?)", "borderline", ["veil"]],
    ["trail", "borderline", ["trail"]],
    ["borderline", "borderline", []],
    ["review", "borderline", []],
  ])("%s", (label, truth, causes) => expect(meaningOf(label)).toEqual({ truth, causes }));

  test("what is no light to grade has no truth; what says nothing has no meaning", () => {
    expect(meaningOf("not-light: bias")?.truth).toBeNull();
    for (const label of ["conformance", "focus series, one star", "other: background map", "", "42"]) expect(meaningOf(label)).toBeNull();
  });
});

describe("label files", () => {
  test("truth.csv of a simulated night: every frame, its label, causes and severity", () => {
    const { spec, seed } = simulateOptions({ frames: "14", size: "400x300", seed: "5001", preset: "random" });
    const plan = planNight(spec, seed);
    const { labels, notUnderstood } = parseLabels(truthCsv(plan), "truth.csv");
    expect(notUnderstood.size).toBe(0);
    expect(labels.map((label) => [label.path, label.truth])).toEqual(plan.frames.map((frame) => [frame.name, frame.truth.label]));
    plan.frames.forEach((frame, i) => {
      expect(labels[i].causes[0] ?? null).toBe(frame.truth.cause);
      expect(labels[i].severity).toBeCloseTo(frame.truth.severity, 2);
      expect(labels[i].present.includes("trail")).toBe(frame.trails.length > 0);
      // Every kind of defect that the simulator writes is a word that is understood.
      if (frame.defects.length > 0) expect(labels[i].present).not.toEqual([]);
    });
  });

  test("two columns by hand, with a header, without one, and in a German spreadsheet", () => {
    const expected = [
      ["a.fits", "clean"],
      ["b.fits", "contaminated"],
    ];
    for (const text of [
      "file,label\na.fits,good\nb.fits,bad\n",
      "a.fits,good\nb.fits,bad",
      "\ufeffName;Verdict\r\na.fits;ok\r\nb.fits;reject\r\n",
    ])
      expect(parseLabels(text, "x").labels.map((label) => [label.path, label.truth])).toEqual(expected);
  });

  test("a report's own CSV, corrected by hand: Windows paths, causes with blanks between", () => {
    const text =
      "path,verdict,probability,group,reasons\nnight\\a.fits,contaminated,0.9,g,clouds stray-light\nnight\\b.fits,unreadable,,,\n";
    expect(parseLabels(text, "x").labels).toEqual([
      { path: "night/a.fits", truth: "contaminated", causes: ["clouds", "stray-light"], present: [], severity: null },
    ]);
  });

  test("a file that is no list of labels is refused with what is wrong", () => {
    for (const [text, part] of [
      ["", "no path"],
      ["exposure,gain\n300,100\n", "no path"],
      ["path,label\na.fits,purple\n", '"purple"'],
      ["path,label\n", "no labels"],
    ]) {
      expect(() => parseLabels(text, "l.csv")).toThrow(
        expect.objectContaining({ code: "bad-labels", detail: expect.stringContaining(part) }),
      );
    }
  });

  test("any text gives labels or bad-labels", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.boolean(), (text, headed) => {
        try {
          parseLabels(headed ? `path,label,causes,severity\n${text}` : text, "x");
        } catch (error) {
          expect(error).toBeInstanceOf(NebuliftError);
          expect(error).toMatchObject({ code: "bad-labels" });
        }
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  const shared = process.env["NEBULIFT_FRAMES"] ?? join(import.meta.dirname, "..", "..", "..", "..", "shared", "frames");
  const file = join(shared, "labels.csv");
  test.skipIf(!existsSync(file))("the labels of the real frames: good and bad ones are told apart", () => {
    const { labels } = parseLabels(readFileSync(file, "utf8"), file);
    const truths = (pattern: RegExp): Set<string> => new Set(labels.filter(({ path }) => pattern.test(path)).map(({ truth }) => truth));
    expect(labels.filter(({ truth }) => truth === "clean").length).toBeGreaterThan(60);
    expect(labels.filter(({ truth, causes }) => truth === "contaminated" && causes.includes("tracking"))).toHaveLength(12);
    expect(truths(/astride-streaks/)).toEqual(new Set(["borderline"]));
  });
  if (!existsSync(file)) console.log(`not run: ${file} is not there`);
});
