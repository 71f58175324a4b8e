import type { Theme } from "../../shared/desktop-settings.ts";

/** What the operating system paints around the page, per theme; the page's own colours are in the renderer's theme/. */
export interface WindowLooks {
  /** Painted before the first frame of the page. */
  background: string;
  /** The symbols of the window's own buttons. */
  symbols: string;
  native: "dark" | "light";
}

export const WINDOW_LOOKS: Record<Theme, WindowLooks> = {
  dark: { background: "#161616", symbols: "#c9c9c9", native: "dark" },
  light: { background: "#f3f3f3", symbols: "#3a3a3a", native: "light" },
  night: { background: "#000000", symbols: "#ec0000", native: "dark" },
};

export const TITLE_BAR_HEIGHT = 44;
