/** Values that the window needs at run time; contract.ts gives them their schemas, which the window does without. */

/** `night`: only the red channel lights, for eyes that are adapted to the dark. */
export const THEMES = ["dark", "light", "night"] as const;
export type Theme = (typeof THEMES)[number];

export interface DesktopSettings {
  theme: Theme;
  /** Where the folder dialog starts; null before the first night. */
  lastFolder: string | null;
}

export const DEFAULT_DESKTOP_SETTINGS: DesktopSettings = { theme: "dark", lastFolder: null };
