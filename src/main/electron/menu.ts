import { Menu } from "electron";
import { type MenuDeeds, type MenuState, menuTemplate } from "./menu-template.ts";

/**
 * Puts the application's menu in place: on macOS in its bar, elsewhere it carries the keys. To be done again whenever the
 * settings change, a night is opened or closed, or watching begins or ends.
 */
export function installMenu(state: Omit<MenuState, "mac">, deeds: MenuDeeds): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ ...state, mac: process.platform === "darwin" }, deeds)));
}
