import { describe, expect, test } from "vitest";
import { clock, fixed, integration, measured, percent, sigmas, unbroken, wait, whole } from "./quantities.ts";

describe("numbers as people read them", () => {
  test.each([
    [3.456, 2, "3.46"],
    [-0.001, 2, "0.00"],
    [-1.5, 1, "−1.5"],
    [null, 2, "–"],
    [Number.NaN, 2, "–"],
  ])("fixed(%s, %s) is %s", (value, digits, text) => expect(fixed(value, digits)).toBe(text));

  test.each([
    [999, "999"],
    [1234, "1\u2009234"],
    [12_345_678, "12\u2009345\u2009678"],
    [-1234, "−1\u2009234"],
  ])("whole(%s) is %s", (value, text) => expect(whole(value)).toBe(text));

  test.each([
    [0, "0"],
    [3, "3"],
    [0.614, "0.61"],
    [12.34, "12.3"],
    [851.4, "851"],
    [0.00042, "4.2e−4"],
    [null, "–"],
  ])("measured(%s) is %s", (value, text) => expect(measured(value)).toBe(text));

  test.each([
    [0, "0 min"],
    [0.5, "30 s"],
    [59.6, "1 h"],
    [204, "3 h 24 min"],
  ])("integration of %s minutes is %s", (minutes, text) => expect(integration(minutes)).toBe(text));

  test.each([
    [0.2, "0 s"],
    [59.7, "1 min 00 s"],
    [185, "3 min 05 s"],
    [4200, "1 h 10 min"],
  ])("a wait of %s s is %s", (seconds, text) => expect(wait(seconds)).toBe(text));

  test("certainty is never overstated", () => {
    expect([0, 0.004, 0.5, 0.996, 1].map(percent)).toEqual(["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]);
  });

  test("sigmas have a sign", () => expect([3.24, -24.2, -512, null].map(sigmas)).toEqual(["+3.2 σ", "−24 σ", "< −100 σ", "–"]));

  test("sigmas that are none after rounding have no sign", () => expect([0.04, -0.04, 0].map(sigmas)).toEqual(["0.0 σ", "0.0 σ", "0.0 σ"]));

  test("a number stays on one line with its unit, and with what it is compared by", () => {
    expect(unbroken("Worth 52 % of it (at most 4.9 px) · 3 frames")).toBe("Worth 52\u00a0% of it (at most 4.9\u00a0px) · 3 frames");
    expect(unbroken("< 1 % likely")).toBe("<\u00a01\u00a0% likely");
  });

  test("clocks are in UTC", () => expect(clock(Date.UTC(2025, 8, 21, 20, 4, 33))).toBe("20:04:33"));
});
