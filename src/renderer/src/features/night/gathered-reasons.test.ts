import { expect, test } from "vitest";
import type { Reason } from "../../../../shared/domain.ts";
import { gatheredReasons } from "./gathered-reasons.ts";

const reason = (code: Reason["code"], severity: Reason["severity"], own: Partial<Reason> = {}): Reason => ({
  code,
  severity,
  metric: "fwhm",
  value: 4,
  unit: "px",
  baseline: 3,
  z: 5,
  limit: 3.5,
  where: null,
  ...own,
});

test("one cause is named once, by the gravest of its evidence", () => {
  const found = gatheredReasons([
    reason("focus", "soft", { metric: "fwhm" }),
    reason("clouds", "info", { metric: "transparency" }),
    reason("focus", "hard", { metric: "donuts" }),
  ]);
  expect(found.map(({ code, severity }) => [code, severity])).toEqual([
    ["focus", "hard"],
    ["clouds", "info"],
  ]);
  expect(found[0]?.reasons.map(({ metric }) => metric)).toEqual(["donuts", "fwhm"]);
});

test("a rule of the user's stands for itself, beside the cause that it names", () => {
  const found = gatheredReasons([
    reason("focus", "hard", { rule: "too soft" }),
    reason("focus", "soft"),
    reason("focus", "hard", { rule: "worst" }),
  ]);
  expect(found.map(({ rule }) => rule)).toEqual(["too soft", null, "worst"]);
  expect(found.every(({ code }) => code === "focus")).toBe(true);
});
