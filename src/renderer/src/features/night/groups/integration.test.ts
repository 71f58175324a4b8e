import { describe, expect, test } from "vitest";
import type { FrameRow } from "../../../../../shared/contract.ts";
import type { Reason, ReportFrame } from "../../../../../shared/domain.ts";
import { integrationByFilter, totalMinutes } from "./integration.ts";
import { nightGroups } from "./night-groups.ts";

const because = (code: Reason["code"], severity: Reason["severity"] = "hard"): Reason => ({
  code,
  severity,
  metric: "fwhm",
  value: 5,
  unit: "px",
  baseline: 3,
  z: 6,
  limit: 4,
  where: null,
});

let names = 0;
function row(
  about: { filter?: string | null; exposure?: number | null; object?: string; time?: number },
  own: Partial<ReportFrame>,
): FrameRow {
  names += 1;
  const { filter = "L", exposure = 300, object = "M 31", time = 1000 * names } = about;
  return {
    id: `n-${names}`,
    name: `${names}.fits`,
    frame: {
      path: `/n/${names}.fits`,
      verdict: "clean",
      probability: null,
      basis: "session",
      comparedWith: 9,
      group: "g",
      reasons: [],
      measurements: null,
      metadata: { format: "fits", width: 9, height: 6, planes: 1, filter, exposure, object, time },
      notLight: null,
      warnings: [],
      error: null,
      sortedTo: null,
      ...own,
    },
  };
}

describe("where exposure time went", () => {
  test("is told per filter and cause, most first, by what holds for each frame", () => {
    const rows = [
      row({}, {}),
      row({}, { verdict: "review", reasons: [because("focus")] }),
      row({}, { verdict: "contaminated", reasons: [because("trail", "soft"), because("clouds")] }),
      row({}, { verdict: "contaminated", reasons: [because("clouds")] }),
      row({}, { verdict: "contaminated", reasons: [because("focus")] }),
      row({}, { verdict: "contaminated", reasons: [because("focus")], decided: { verdict: "clean", cause: null, when: 1 } }),
      row({ filter: "Ha", exposure: 600 }, { decided: { verdict: "contaminated", cause: "tracking", when: 1 } }),
      row({ filter: "Ha", exposure: 600 }, { decided: { verdict: "contaminated", cause: null, when: 1 } }),
    ];
    const [hydrogen, luminance] = integrationByFilter(rows);
    expect(luminance).toEqual({
      filter: "L",
      kept: { frames: 2, minutes: 10 },
      review: { frames: 1, minutes: 5 },
      lost: { frames: 3, minutes: 15 },
      causes: [
        { cause: "clouds", frames: 2, minutes: 10 },
        { cause: "focus", frames: 1, minutes: 5 },
      ],
    });
    expect(hydrogen?.causes.map(({ cause }) => cause)).toEqual(["tracking", null]);
    expect(hydrogen === undefined ? 0 : totalMinutes(hydrogen)).toBe(20);
  });

  test("leaves out what is no light, and counts a frame without an exposure as no time", () => {
    const rows = [row({}, { verdict: "not-light" }), row({}, { verdict: "unreadable" }), row({ filter: null, exposure: null }, {})];
    expect(integrationByFilter(rows)).toEqual([
      {
        filter: null,
        kept: { frames: 1, minutes: 0 },
        review: { frames: 0, minutes: 0 },
        lost: { frames: 0, minutes: 0 },
        causes: [],
      },
    ]);
  });
});

describe("groups", () => {
  const group = (id: string) => ({ id, frames: 1, baseline: {} });

  test("are named by what their frames say and counted by what holds for them", () => {
    const rows = [row({}, {}), row({}, { verdict: "contaminated", decided: { verdict: "review", cause: null, when: 1 } })];
    expect(nightGroups(rows, [group("g"), group("empty")])).toEqual([
      { id: "g", object: "M 31", filter: "L", exposure: 300, from: null, frames: 2, clean: 1, review: 1, contaminated: 0 },
    ]);
  });

  test("that are named alike are told apart by when they begin", () => {
    const rows = [row({ time: 900 }, { group: "a" }), row({ time: 500 }, { group: "a" }), row({ time: 9000 }, { group: "b" })];
    expect(nightGroups(rows, [group("a"), group("b")]).map(({ from }) => from)).toEqual([500, 9000]);
  });
});
