/** Words of settings, palette, keys and hints. */
export const settingsTexts = {
  hints: { dismiss: "Got it: do not show this again" },
} as const;
