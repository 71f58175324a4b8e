import { describe, expect, test } from "vitest";
import { counted } from "./counted.ts";
import { startTexts } from "./start.ts";
import { workTexts } from "./work.ts";

test("things are counted by English rules, thousands held together", () => {
  expect([counted(0, "file"), counted(1, "file"), counted(2, "file")]).toEqual(["0 files", "1 file", "2 files"]);
  expect(counted(12_345, "frame")).toBe("12\u2009345 frames");
});

describe("what came of a sort", () => {
  const { headline } = workTexts.outcome;

  test("says how many files and what was done with them", () => {
    expect(headline("sort", "move", { what: "sorted", files: 1, failures: 0 })).toBe("1 file moved");
    expect(headline("finish", "copy", { what: "sorted", files: 264, failures: 0 })).toBe("The sort is finished: 264 files copied");
    expect(headline("sort", "copy", { what: "nothing-to-do", files: 0, failures: 0 })).toBe("Nothing had to be done");
  });

  test("promises everything as before only where that is so", () => {
    expect(headline("undo", "copy", { what: "undone", files: 264, failures: 0 })).toBe("Taken back: everything is as it was before");
    expect(headline("undo", "copy", { what: "undone", files: 262, failures: 2 })).toBe(
      "Taken back, but for 2 files that had changed since",
    );
  });

  test("that was broken off says where, when, and that nothing is lost", () => {
    const sort = { doing: "sorting", output: "/sorted", done: 120, total: 300 } as const;
    expect(workTexts.unfinished.what(sort, "on Nov 27 at 02:14")).toBe(
      "A sort into /sorted stopped after 120 of 300 files, on Nov 27 at 02:14. Nothing is lost.",
    );
    expect(workTexts.unfinished.what({ ...sort, doing: "undoing" }, "today at 02:14")).toMatch(
      /^Taking back the sort into \/sorted stopped/,
    );
  });
});

describe("what was interrupted", () => {
  const { wasDoing } = startTexts.goOn;

  test("says how far it was and what is kept", () => {
    const state = { found: 300, finished: 143, review: 12 };
    expect(wasDoing({ doing: "reviewing", ...state })).toBe(
      "You were reviewing: 143 of 300 frames graded, 12 in doubt. Every decision you made is kept.",
    );
    expect(wasDoing({ doing: "looking", found: 300, finished: 300, review: 0 })).toBe(
      "You were looking at this night: all 300 frames graded.",
    );
  });

  test("has a sentence for every way to end", () => {
    for (const doing of ["grading", "watching", "reviewing", "looking"] as const) {
      expect(wasDoing({ doing, found: 1, finished: 0, review: 0 })).toMatch(/0 of 1 frame graded/);
    }
  });
});
