import { createStore } from "zustand/vanilla";
import { DEFAULT_DESKTOP_SETTINGS, type DesktopSettings } from "../../../shared/desktop-settings.ts";

export const settingsStore = createStore<DesktopSettings>(() => DEFAULT_DESKTOP_SETTINGS);
