import type { Theme, WindowSettings } from "../../../../shared/desktop-settings.ts";
import { call } from "../../bridge.ts";
import { settingsStore } from "../settings.ts";
import { attempt } from "./attempt.ts";

/** Holds at once, also while a database is slow; goes back when it could not be kept. */
export function changeSettings(change: Partial<WindowSettings>): Promise<void> {
  const before = settingsStore.getState();
  settingsStore.setState(change);
  return attempt(async () => {
    try {
      settingsStore.setState(await call("settings.set", change));
    } catch (error) {
      settingsStore.setState(before);
      throw error;
    }
  });
}

let daylight: Theme = "dark";

/** Into the red and back to what it was before. */
export function toggleRed(): Promise<void> {
  const { theme } = settingsStore.getState();
  if (theme !== "night") daylight = theme;
  return changeSettings({ theme: theme === "night" ? daylight : "night" });
}

/** The hint was understood, or is not wanted: it does not come back until the user asks for all of them again. */
export async function understood(hint: string): Promise<void> {
  const { hintsSeen } = settingsStore.getState();
  if (!hintsSeen.includes(hint)) await changeSettings({ hintsSeen: [...hintsSeen, hint] });
}
