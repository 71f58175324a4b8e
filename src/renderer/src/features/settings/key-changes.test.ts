import { describe, expect, test } from "vitest";
import { COMMAND_IDS, holderOf, type KeyChanges, keysOf } from "../../../../shared/commands.ts";
import { isReserved, MOST_KEYS, withKey, withoutKey, withUsualKeys } from "./key-changes.ts";

const doubles = (changes: KeyChanges): string[] =>
  COMMAND_IDS.flatMap((id) => keysOf(id, changes).filter((key) => holderOf(key, changes, id) !== null));

describe("the user's own keys", () => {
  test("stand beside the usual ones, or in place of one of them", () => {
    expect(withKey({}, "review.keep", "j", null)).toEqual({ "review.keep": ["k", "j"] });
    expect(withKey({}, "review.undo", "j", "u")).toEqual({ "review.undo": ["j", "$mod+z"] });
  });

  test("are taken from whoever had them", () => {
    const changes = withKey({}, "review.keep", "X", "k");
    expect(changes).toEqual({ "review.keep": ["X"], "review.reject": [] });
    expect(doubles(changes)).toEqual([]);
  });

  test("are not kept where they are the usual ones", () => {
    const there = withKey({}, "review.keep", "x", "k");
    expect(withUsualKeys(withUsualKeys(there, "review.keep"), "review.reject")).toEqual({});
    expect(withKey({}, "review.keep", "k", "k")).toEqual({});
  });

  test("go back to the command they came with", () => {
    const swapped = withKey(withKey({}, "review.keep", "x", "k"), "review.reject", "k", null);
    expect(swapped).toEqual({ "review.keep": ["x"], "review.reject": ["k"] });
    const back = withUsualKeys(swapped, "review.keep");
    expect(back).toEqual({ "review.reject": [] });
    expect(doubles(back)).toEqual([]);
  });

  test("can be none, and at most four", () => {
    expect(withoutKey({}, "review.keep", "k")).toEqual({ "review.keep": [] });
    const many = ["a", "b", "d", "e", "h"].reduce<KeyChanges>((changes, key) => withKey(changes, "look.zoom", key, null), {});
    expect(keysOf("look.zoom", many)).toHaveLength(MOST_KEYS);
  });

  test("cannot be those that lead out, on to the next control, or to the clipboard", () => {
    for (const key of ["Escape", "Tab", "Shift+Tab", "$mod+C"]) expect(isReserved(key), key).toBe(true);
    for (const key of ["k", "$mod+k", "Space"]) expect(isReserved(key), key).toBe(false);
  });
});
