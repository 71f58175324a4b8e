import { describe, expect, test } from "vitest";
import { gathered, meant, nextAfter, picking, type Selection } from "./selection.ts";

const order = ["a", "b", "c", "d", "e"];
const at = (selected: string | null, picked: string[] = [], anchor = selected): Selection => ({
  selected,
  picked: new Set(picked),
  anchor,
});
const shape = ({ selected, picked, anchor }: Selection) => [selected, [...picked].join(""), anchor];

describe("picking frames in a list", () => {
  test("a plain click takes one frame alone", () =>
    expect(shape(picking(at("a", ["a", "b"]), order, "d", "only"))).toEqual(["d", "", "d"]));

  test("Ctrl adds to the one before the eyes, and takes out again", () => {
    const two = picking(at("a"), order, "c", "toggle");
    expect(shape(two)).toEqual(["c", "ac", "c"]);
    expect(shape(picking(two, order, "a", "toggle"))).toEqual(["a", "c", "a"]);
    expect(shape(picking(at("c", ["a", "c"]), order, "a", "toggle"))).toEqual(["a", "c", "a"]);
  });

  test("Shift takes everything from the anchor, either way, and the anchor stays", () => {
    const down = picking(at("b"), order, "d", "range");
    expect(shape(down)).toEqual(["d", "bcd", "b"]);
    expect(shape(picking(down, order, "a", "range"))).toEqual(["a", "ab", "b"]);
    expect(shape(picking(down, order, "b", "range"))).toEqual(["b", "", "b"]);
  });

  test("an anchor that is out of sight gives way to the frame before the eyes", () => {
    expect(shape(picking(at("b", [], "gone"), order, "c", "range"))).toEqual(["c", "bc", "b"]);
    expect(shape(picking(at(null), order, "c", "range"))).toEqual(["c", "", "c"]);
  });

  test("a lasso takes the place of what was picked, adds to it or takes away from it", () => {
    const before = new Set(["a", "b"]);
    expect([...gathered(before, ["c"], "instead")]).toEqual(["c"]);
    expect([...gathered(before, ["b", "c"], "more")]).toEqual(["a", "b", "c"]);
    expect([...gathered(before, ["b", "c"], "less")]).toEqual(["a"]);
    expect([...before]).toEqual(["a", "b"]);
  });
});

describe("what a decision is about", () => {
  test("is what was picked, as far as it is shown, in the order of the list", () => {
    expect(meant(at("a", ["d", "x", "b"]), order)).toEqual(["b", "d"]);
    expect(meant(at("c"), order)).toEqual(["c"]);
    expect(meant(at("x"), order)).toEqual([]);
    expect(meant(at(null), order)).toEqual([]);
  });

  test("leads on to the next frame, at the end back to the last one that is left", () => {
    expect(nextAfter(["b"], order)).toBe("c");
    expect(nextAfter(["b", "d"], order)).toBe("e");
    expect(nextAfter(["d", "e"], order)).toBe("c");
    expect(nextAfter(order, order)).toBe("e");
  });
});
