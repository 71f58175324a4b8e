import { describe, expect, test } from "vitest";
import { editsText, holderOf, isBareKey } from "../../shared/commands.ts";
import { keyText } from "./components/KeyCap.tsx";
import { bindingOf, bindingsOf, type KeyPress, partsOf } from "./key-press.ts";

const press = (key: string, code: string, held = "", composing = false): KeyPress => ({
  key,
  code,
  ctrlKey: held.includes("ctrl"),
  metaKey: held.includes("meta"),
  altKey: held.includes("alt"),
  shiftKey: held.includes("shift"),
  isComposing: composing,
  getModifierState: () => held.includes("graph"),
});

describe("a press on a keyboard", () => {
  test("is its character, whatever Caps Lock says", () => {
    expect(bindingOf(press("k", "KeyK"), false)).toBe("k");
    expect(bindingOf(press("K", "KeyK"), false)).toBe("k");
    expect(bindingOf(press("U", "KeyU", "shift"), false)).toBe("Shift+u");
    expect(bindingOf(press(" ", "Space"), false)).toBe("Space");
    expect(bindingOf(press("ArrowRight", "ArrowRight", "shift"), false)).toBe("Shift+ArrowRight");
  });

  test("names Ctrl on most keyboards and Cmd on a Mac alike", () => {
    expect(bindingOf(press("o", "KeyO", "ctrl"), false)).toBe("$mod+o");
    expect(bindingOf(press("o", "KeyO", "meta"), true)).toBe("$mod+o");
    expect(bindingOf(press("o", "KeyO", "ctrl"), true)).toBe("Control+o");
    expect(bindingOf(press("o", "KeyO", "meta"), false)).toBe("Meta+o");
  });

  test("does not depend on what a keyboard needs to make a sign", () => {
    // American, German and French keyboards, in that order.
    for (const slash of [press("/", "Slash"), press("/", "Digit7", "shift"), press("/", "Period", "shift")]) {
      expect(bindingsOf(slash, false)[0]).toBe("/");
    }
    for (const question of [press("?", "Slash", "shift"), press("?", "Minus", "shift"), press("?", "KeyM", "shift")]) {
      expect(bindingsOf(question, false)[0]).toBe("?");
    }
  });

  test("counts AltGr as part of the character, on Windows too, where it tells of itself as Ctrl and Alt", () => {
    expect(bindingOf(press("[", "Digit8", "graph ctrl alt"), false)).toBe("[");
    expect(bindingOf(press("[", "Digit8", "graph"), false)).toBe("[");
    expect(bindingOf(press("k", "KeyK", "ctrl alt"), false)).toBe("$mod+Alt+k");
  });

  test("falls back on the place of the key where the keyboard writes another alphabet", () => {
    expect(bindingsOf(press("л", "KeyK"), false)).toEqual(["л", "k"]);
    expect(bindingsOf(press("Л", "KeyK", "ctrl shift"), false)).toEqual(["$mod+Shift+л", "$mod+Shift+k"]);
    expect(bindingOf(press("л", "KeyK"), false)).toBe("k");
  });

  test("finds the digits of a French keyboard with and without Shift, and leaves an American's signs alone", () => {
    expect(bindingsOf(press("&", "Digit1"), false)).toEqual(["&", "1"]);
    expect(bindingsOf(press("1", "Digit1", "shift"), false)).toEqual(["1"]);
    expect(bindingsOf(press("!", "Digit1", "shift"), false)).toEqual(["!"]);
    expect(bindingsOf(press("k", "KeyV"), false)).toEqual(["k"]);
  });

  test("takes Option on a Mac for a modifier and not for the character it makes", () => {
    expect(bindingOf(press("˚", "KeyK", "alt"), true)).toBe("Alt+k");
    expect(bindingOf(press("ArrowUp", "ArrowUp", "alt"), true)).toBe("Alt+ArrowUp");
  });

  test("is nothing while only a modifier is down or a character is being put together", () => {
    for (const key of ["Shift", "Control", "Alt", "AltGraph", "Meta", "Dead", "CapsLock"])
      expect(bindingOf(press(key, ""), false)).toBeNull();
    expect(bindingOf(press("k", "KeyK", "", true), false)).toBeNull();
  });
});

describe("a binding", () => {
  test("comes apart at its pluses, but for the key that is one", () => {
    expect(partsOf("k")).toEqual(["k"]);
    expect(partsOf("$mod+Shift+n")).toEqual(["$mod", "Shift", "n"]);
    expect(partsOf("+")).toEqual(["+"]);
    expect(partsOf("$mod++")).toEqual(["$mod", "+"]);
  });

  test("is written as on the keyboard", () => {
    expect(keyText("$mod+Shift+n", false)).toBe("Ctrl+Shift+N");
    expect(keyText("$mod+Shift+n", true)).toBe("⌘⇧N");
    expect(keyText("$mod++", false)).toBe("Ctrl++");
    expect(keyText("?", false)).toBe("?");
    expect(keyText("ArrowLeft", false)).toBe("←");
    expect(keyText("F1", true)).toBe("F1");
  });

  test("rests in a text field when it would be typed there, or is the field's own", () => {
    for (const key of ["k", "Shift+u", "?", "Space", "+", "Backspace"]) expect(isBareKey(key), key).toBe(true);
    for (const key of ["$mod+k", "F1", "Alt+k", "$mod++", "Shift+F5"]) expect(isBareKey(key), key).toBe(false);
    for (const key of ["$mod+z", "$mod+Shift+z", "$mod+a", "$mod+ArrowLeft"]) expect(editsText(key), key).toBe(true);
    for (const key of ["$mod+k", "$mod+s", "$mod+Shift+n"]) expect(editsText(key), key).toBe(false);
  });

  test("has one holder, who may be asked about it without itself", () => {
    expect(holderOf("K", {}, null)).toBe("review.keep");
    expect(holderOf("k", {}, "review.keep")).toBeNull();
    expect(holderOf("k", { "review.keep": [] }, null)).toBeNull();
    expect(holderOf("Shift+U", {}, null)).toBe("review.redo");
    expect(holderOf("j", { "look.stars": ["j"] }, null)).toBe("look.stars");
  });
});
