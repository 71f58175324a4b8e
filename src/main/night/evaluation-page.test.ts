import { XMLParser, XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { labelOf, reasonOf, reportOf } from "../../../test/fixtures/labelled-night.ts";
import { evaluateReport } from "../learning/evaluate.ts";
import { evaluationPage } from "./evaluation-page.ts";

const HOSTILE = `<script>alert("1")</script>&'.fits`;

function pageOf(paths: readonly string[]): string {
  const report = reportOf(
    paths.map((path, i) => ({
      path,
      verdict: i % 3 === 0 ? "clean" : "contaminated",
      probability: i % 3 === 0 ? 0.01 : 0.9,
      reasons: i % 3 === 0 ? [] : [reasonOf("clouds")],
      time: i * 60_000,
      group: i % 2 === 0 ? "M31/L" : "</table>",
    })),
  );
  const labels = paths.map((path, i) => labelOf(path, i % 2 === 0 ? "clean" : "contaminated", i % 2 === 0 ? [] : ["focus"], 0.5 + i / 10));
  return evaluationPage(evaluateReport({ ...report, input: `/x/${HOSTILE}` }, labels, [HOSTILE], "0.1.0"));
}

test("the page is well-formed, self-contained and escapes every name", () => {
  const page = pageOf([HOSTILE, ...Array.from({ length: 30 }, (_, i) => `夜 ${i}.fits`)]);
  expect(XMLValidator.validate(page.replace("<!doctype html>", ""))).toBe(true);
  expect(page).not.toContain("<script");
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/(src|href)="http|url\(/);
  expect(page).toContain("&lt;script&gt;");
});

test("each point of the reliability plot and each wrong frame is on it", () => {
  const paths = Array.from({ length: 12 }, (_, i) => `${i}.fits`);
  const page = pageOf(paths);
  const parsed = JSON.stringify(new XMLParser({ ignoreAttributes: false }).parse(page));
  // Labels by twos, verdicts by threes: the two disagree on half of the frames.
  for (const wrong of [2, 3, 4, 8, 9, 10]) expect(parsed).toContain(`"${wrong}.fits"`);
  for (const right of [0, 1, 5, 6, 7, 11]) expect(parsed).not.toContain(`"${right}.fits"`);
  expect(page.match(/class="whisker"/g)).toHaveLength(2);
});

test("an evaluation of a single frame still is a page", () => {
  const page = pageOf(["a.fits"]);
  expect(XMLValidator.validate(page.replace("<!doctype html>", ""))).toBe(true);
  expect(page).toContain("Nothing.");
});
