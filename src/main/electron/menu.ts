import { Menu } from "electron";
import type { NightHead } from "../../shared/contract.ts";
import { type MenuDeeds, type MenuState, menuTemplate } from "./menu-template.ts";

/**
 * Puts the application's menu in place: on macOS in its bar, elsewhere it carries the keys. To be done again whenever the
 * settings change, a night is opened or closed, or watching begins or ends.
 */
function installMenu(state: Omit<MenuState, "mac">, deeds: MenuDeeds): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ ...state, mac: process.platform === "darwin" }, deeds)));
}

/** Puts the menu in place anew whenever it would look different, and only then: an open menu must not close under the hand. */
export function menuKeeper(look: () => { settings: MenuState["settings"]; night: NightHead | null }, deeds: MenuDeeds): () => void {
  let shown = "";
  return () => {
    const { settings, night } = look();
    const { theme, keys, overlays, stretch } = settings;
    const state = { settings: { theme, keys, overlays, stretch }, night: night && { watching: night.watch !== null } };
    const text = JSON.stringify(state);
    if (text !== shown) installMenu(state, deeds);
    shown = text;
  };
}
