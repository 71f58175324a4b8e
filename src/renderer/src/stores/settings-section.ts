import { createStore } from "zustand/vanilla";

export const SETTINGS_SECTIONS = ["appearance", "keys", "judging", "review", "sorting", "help", "privacy", "about"] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

/** The section of the settings that is shown; others lead to it, and it is the same one when the user comes back. */
export const settingsSectionStore = createStore<{ section: SettingsSection }>(() => ({ section: "appearance" }));
