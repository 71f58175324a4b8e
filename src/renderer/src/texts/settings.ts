/** Words of settings, palette, keys and hints. */
export const settingsTexts = {} as const;
