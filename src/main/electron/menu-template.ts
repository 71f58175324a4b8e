import type { MenuItemConstructorOptions } from "electron";
import { COMMAND_IDS, type CommandId, commandOf, keysOf } from "../../shared/commands.ts";
import { type DesktopSettings, THEMES, type Theme } from "../../shared/desktop-settings.ts";
import { shownKey } from "./accelerator.ts";

export interface MenuState {
  settings: Pick<DesktopSettings, "theme" | "keys" | "overlays" | "stretch">;
  /** The night that is open; null when none is. */
  night: { watching: boolean } | null;
  mac: boolean;
}

export interface MenuDeeds {
  command: (id: CommandId) => void;
  changeTheme: (theme: Theme) => void;
}

const THEME_NAMES: Record<Theme, string> = { dark: "Dark", light: "Light", night: "Night (red only)" };
const LINE: MenuItemConstructorOptions = { type: "separator" };

/** The application's menu, from the table of commands and the user's own keys. */
export function menuTemplate(state: MenuState, deeds: MenuDeeds): MenuItemConstructorOptions[] {
  const of = (menu: ReturnType<typeof commandOf>["menu"]) => commandItems(menu, state, deeds);
  const { mac } = state;
  return [
    ...(mac ? [{ role: "appMenu" } satisfies MenuItemConstructorOptions] : []),
    { label: "File", submenu: [...of("file"), LINE, mac ? { role: "close" } : { role: "quit" }] },
    {
      label: "Edit",
      submenu: [...of("edit"), LINE, { role: "cut" }, { role: "copy" }, { role: "paste" }, { role: "selectAll" }],
    },
    {
      label: "View",
      submenu: [
        ...of("view"),
        LINE,
        { label: "Theme", submenu: themeItems(state, deeds) },
        LINE,
        { role: "resetZoom", label: "Usual size of text" },
        { role: "zoomIn", label: "Larger text" },
        { role: "zoomOut", label: "Smaller text" },
        { role: "togglefullscreen", label: "Full screen" },
      ],
    },
    { label: "Review", submenu: of("review") },
    ...(mac ? [{ role: "windowMenu" } satisfies MenuItemConstructorOptions] : []),
    {
      role: "help",
      label: "Help",
      submenu: [...of("help"), ...(mac ? [] : [LINE, { role: "about" } satisfies MenuItemConstructorOptions])],
    },
  ];
}

/** A line between kinds of commands: what looks at a frame, what changes the window. */
function commandItems(menu: ReturnType<typeof commandOf>["menu"], state: MenuState, deeds: MenuDeeds): MenuItemConstructorOptions[] {
  const ids = COMMAND_IDS.filter((id) => commandOf(id).menu === menu);
  return ids.flatMap((id, place) => {
    const before = ids[place - 1];
    const apart = before !== undefined && commandOf(before).group !== commandOf(id).group;
    const item = commandItem(id, state, deeds);
    return apart ? [LINE, item] : [item];
  });
}

function commandItem(id: CommandId, { settings, night, mac }: MenuState, { command }: MenuDeeds): MenuItemConstructorOptions {
  const { title, needsNight } = commandOf(id);
  const checked = checkedOf(id, { settings, night });
  return {
    id,
    // An ampersand would be taken for the mark of a letter.
    label: title.replaceAll("&", "&&"),
    enabled: needsNight !== true || night !== null,
    ...(checked === null ? {} : { type: "checkbox", checked }),
    ...keyOf(keysOf(id, settings.keys), mac),
    click: () => command(id),
  };
}

/** Whether what a command switches is on; null for one that is no switch. */
function checkedOf(id: CommandId, { settings, night }: Pick<MenuState, "settings" | "night">): boolean | null {
  switch (id) {
    case "night.watch":
      return night?.watching === true;
    case "look.cells":
      return settings.overlays.cells;
    case "look.trails":
      return settings.overlays.trails;
    case "look.stars":
      return settings.overlays.stars;
    case "look.stretch":
      return settings.stretch === "frame";
    case "window.red":
      return settings.theme === "night";
    default:
      return null;
  }
}

/** A bare key is only shown: registered, nobody could type its letter. macOS has no menu key that is only shown. */
function keyOf(keys: readonly string[], mac: boolean): MenuItemConstructorOptions {
  const key = shownKey(keys);
  if (key === null || (key.bare && mac)) return {};
  return key.bare ? { accelerator: key.accelerator, registerAccelerator: false } : { accelerator: key.accelerator };
}

function themeItems({ settings }: MenuState, { changeTheme }: MenuDeeds): MenuItemConstructorOptions[] {
  return THEMES.map((theme) => ({
    label: THEME_NAMES[theme],
    type: "radio",
    checked: theme === settings.theme,
    // A hand in a glove finds red in the dark, and goes back the same way.
    click: () => changeTheme(theme === "night" && settings.theme === "night" ? "dark" : theme),
  }));
}
