import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, test } from "vitest";
import { COMMAND_IDS, type CommandId, commandOf } from "../../shared/commands.ts";
import { DEFAULT_DESKTOP_SETTINGS } from "../../shared/desktop-settings.ts";
import { acceleratorOf, shownKey } from "./accelerator.ts";
import { type MenuState, menuTemplate } from "./menu-template.ts";

const STATE: MenuState = { settings: DEFAULT_DESKTOP_SETTINGS, night: { watching: false }, mac: false };
const DEEDS = { command: () => undefined, changeTheme: () => undefined };

function itemsOf(template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);
}

const menu = (over: Partial<MenuState> = {}) => itemsOf(menuTemplate({ ...STATE, ...over }, DEEDS));
const item = (id: CommandId, over: Partial<MenuState> = {}) => menu(over).find((one) => one.id === id);

describe("the menu", () => {
  test("has every command of the table that belongs in it, once, in the table's words", () => {
    const inMenu = COMMAND_IDS.filter((id) => commandOf(id).menu !== undefined);
    for (const mac of [false, true]) {
      const ids = menu({ mac }).flatMap(({ id }) => id ?? []);
      expect([...ids].sort()).toEqual([...inMenu].sort());
    }
    for (const id of inMenu) expect(item(id)?.label).toBe(commandOf(id).title);
  });

  test("tells which command was chosen", () => {
    const told: string[] = [];
    const deeds = { command: (id: CommandId) => told.push(id), changeTheme: (theme: string) => told.push(theme) };
    const all = itemsOf(menuTemplate(STATE, deeds));
    const choose = (found: MenuItemConstructorOptions | undefined) => (found?.click as (() => void) | undefined)?.();
    choose(all.find(({ id }) => id === "night.sort"));
    choose(all.find(({ label }) => label === "Night (red only)"));
    const red = itemsOf(menuTemplate({ ...STATE, settings: { ...STATE.settings, theme: "night" } }, deeds));
    choose(red.find(({ label }) => label === "Night (red only)"));
    expect(told).toEqual(["night.sort", "night", "dark"]);
  });

  test("registers keys with a modifier and only shows bare ones, which are for typing, too", () => {
    expect(item("night.open")).toMatchObject({ accelerator: "CmdOrCtrl+O" });
    expect(item("night.open")).not.toHaveProperty("registerAccelerator");
    expect(item("review.keep")).toMatchObject({ accelerator: "K", registerAccelerator: false });
    expect(item("review.next")).toMatchObject({ accelerator: "Right", registerAccelerator: false });
    for (const { accelerator, registerAccelerator } of menu()) {
      const bare = typeof accelerator === "string" && !/^(CmdOrCtrl|Ctrl|Alt|Super|F\d)/.test(accelerator);
      expect(registerAccelerator ?? true).toBe(!bare);
    }
  });

  test("shows no bare key on macOS, which would register it", () => {
    expect(item("review.keep", { mac: true })).not.toHaveProperty("accelerator");
    expect(item("night.open", { mac: true })).toMatchObject({ accelerator: "CmdOrCtrl+O" });
  });

  test("has the user's own keys, and none where the user took them away", () => {
    const settings = { ...DEFAULT_DESKTOP_SETTINGS, keys: { "night.open": ["$mod+Shift+d"], "review.keep": [] } };
    expect(item("night.open", { settings })).toMatchObject({ accelerator: "CmdOrCtrl+Shift+D" });
    expect(item("review.keep", { settings })).not.toHaveProperty("accelerator");
  });

  test("rests where a night is needed and none is open", () => {
    const without = menu({ night: null }).filter(({ id }) => id !== undefined);
    for (const { id, enabled } of without) expect(enabled).toBe(commandOf(id as CommandId).needsNight !== true);
    for (const { id, enabled } of menu()) if (id !== undefined) expect(enabled).toBe(true);
  });

  test("shows what is switched on", () => {
    const settings = { ...DEFAULT_DESKTOP_SETTINGS, theme: "night" as const, overlays: { cells: false, trails: true, stars: false } };
    const seen = { settings, night: { watching: true } };
    expect(item("look.cells", seen)?.checked).toBe(false);
    expect(item("look.trails", seen)?.checked).toBe(true);
    expect(item("window.red", seen)?.checked).toBe(true);
    expect(item("night.watch", seen)?.checked).toBe(true);
    expect(item("night.watch")?.checked).toBe(false);
    const themes = menu(seen).filter(({ type }) => type === "radio");
    expect(themes.map(({ checked }) => checked)).toEqual([false, false, true]);
  });

  test("gives fields their clipboard, the app its end, and no key to two items", () => {
    for (const mac of [false, true]) {
      const roles = menu({ mac }).flatMap(({ role }) => role ?? []);
      expect(roles).toEqual(expect.arrayContaining(["cut", "copy", "paste", "selectAll", "zoomIn", "zoomOut", "resetZoom"]));
      expect(roles).toContain(mac ? "appMenu" : "quit");
      const keys = menu({ mac }).flatMap(({ accelerator }) => accelerator ?? []);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});

describe("a key in a menu", () => {
  test.each([
    ["$mod+o", "CmdOrCtrl+O"],
    ["$mod+Shift+z", "CmdOrCtrl+Shift+Z"],
    ["$mod+,", "CmdOrCtrl+,"],
    ["$mod+.", "CmdOrCtrl+."],
    ["Shift+U", "Shift+U"],
    ["ArrowLeft", "Left"],
    ["Space", "Space"],
    ["Backspace", "Backspace"],
    ["F1", "F1"],
    ["/", "/"],
    ["$mod++", "CmdOrCtrl+Plus"],
    ["Control+Alt+k", "Ctrl+Alt+K"],
  ])("%s is written %s", (key, written) => {
    expect(acceleratorOf(key)).toBe(written);
  });

  test.each(["ö", "Dead", "$mod+é", "MediaPlay", "F25"])("%s cannot be shown", (key) => {
    expect(acceleratorOf(key)).toBeNull();
  });

  test("with a modifier comes before a bare one", () => {
    expect(shownKey(["u", "$mod+z"])).toEqual({ accelerator: "CmdOrCtrl+Z", bare: false });
    expect(shownKey(["ö", "u"])).toEqual({ accelerator: "U", bare: true });
    expect(shownKey([])).toBeNull();
  });
});
