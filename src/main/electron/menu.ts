import { Menu, type MenuItemConstructorOptions } from "electron";
import { THEMES, type Theme } from "../../shared/desktop-settings.ts";

export interface MenuParts {
  theme: Theme;
  openFolder: () => void;
  cancel: () => void;
  changeTheme: (theme: Theme) => void;
}

const THEME_NAMES: Record<Theme, string> = { dark: "Dark", light: "Light", night: "Night (red only)" };

/** The application's menu: on macOS in its bar, elsewhere it carries the shortcuts. */
export function installMenu(parts: MenuParts): void {
  const mac = process.platform === "darwin";
  const themes = THEMES.map(
    (theme): MenuItemConstructorOptions => ({
      label: THEME_NAMES[theme],
      type: "radio",
      checked: theme === parts.theme,
      // A hand in a glove in the dark finds this; it goes back to dark the same way.
      ...(theme === "night" ? { accelerator: "CmdOrCtrl+Shift+N" } : {}),
      click: () => parts.changeTheme(theme === "night" && parts.theme === "night" ? "dark" : theme),
    }),
  );
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: "appMenu" } satisfies MenuItemConstructorOptions] : []),
    {
      label: "File",
      submenu: [
        { label: "Open folder…", accelerator: "CmdOrCtrl+O", click: parts.openFolder },
        { label: "Stop grading", accelerator: "CmdOrCtrl+.", click: parts.cancel },
        { type: "separator" },
        mac ? { role: "close" } : { role: "quit" },
      ],
    },
    { role: "editMenu" },
    {
      label: "View",
      submenu: [
        { label: "Theme", submenu: themes },
        { type: "separator" },
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "togglefullscreen" },
      ],
    },
    { role: "windowMenu" },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
