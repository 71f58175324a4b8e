import type { KeyChanges } from "./commands.ts";
import type { StretchChoice } from "./picture-address.ts";

/** Values that the window needs at run time; contract.ts gives them their schemas, which the window does without. */

/** `night`: only the red channel lights, for eyes that are adapted to the dark. */
export const THEMES = ["dark", "light", "night"] as const;
export type Theme = (typeof THEMES)[number];

/** Which evidence is drawn on pictures. */
export interface Overlays {
  cells: boolean;
  trails: boolean;
  stars: boolean;
}

export const PANES = ["night", "review", "settings"] as const;
export type Pane = (typeof PANES)[number];

export const SORT_ACTIONS = ["copy", "move", "link"] as const;
export type SortActionName = (typeof SORT_ACTIONS)[number];

/** How the window looks and behaves; all of it is the user's to change. */
export interface WindowSettings {
  theme: Theme;
  keys: KeyChanges;
  overlays: Overlays;
  stretch: StretchChoice;
  /** Pictures a second while blinking; below 3 flashes a second unless the user asks for more. */
  blinkRate: number;
  /** Metrics plotted over the night, in order. */
  plots: string[];
  /** Hints that were understood and stay away. */
  hintsSeen: string[];
  sortAction: SortActionName;
  sortKeepFolders: boolean;
}

export interface DesktopSettings extends WindowSettings {
  /** Where the folder dialog starts; null before the first night. */
  lastFolder: string | null;
}

export const DEFAULT_DESKTOP_SETTINGS: DesktopSettings = {
  theme: "dark",
  keys: {},
  overlays: { cells: true, trails: true, stars: false },
  stretch: "night",
  blinkRate: 2,
  plots: ["fwhm", "transparency"],
  hintsSeen: [],
  sortAction: "copy",
  sortKeepFolders: false,
  lastFolder: null,
};
