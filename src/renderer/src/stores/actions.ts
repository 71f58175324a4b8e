import type { Theme } from "../../../shared/desktop-settings.ts";
import { toNebuliftError } from "../../../shared/errors.ts";
import { call, droppedPaths, listen } from "../bridge.ts";
import { changed, mirrored, nightStore } from "./night.ts";
import { settingsStore } from "./settings.ts";
import { freshNightView, viewStore } from "./view.ts";

/** What the window can do. Components call these and never the bridge; what goes wrong is shown, not thrown. */

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    viewStore.setState({ trouble: toNebuliftError(error).toEnvelope() });
  }
}

async function openPaths(paths: string[]): Promise<void> {
  freshNightView();
  const snapshot = await call("night.open", { paths });
  // Changes may have overtaken the answer.
  if (snapshot.revision > nightStore.getState().revision) nightStore.setState(mirrored(snapshot));
}

export function openByDialog(): Promise<void> {
  return attempt(async () => {
    const paths = await call("night.chooseFolder", undefined);
    if (paths !== null) await openPaths(paths);
  });
}

export function openDropped(files: File[]): Promise<void> {
  return attempt(async () => {
    if (files.length > 0) await openPaths(await droppedPaths(files));
  });
}

export function cancelNight(): Promise<void> {
  return attempt(async () => {
    await call("night.cancel", undefined);
  });
}

export function changeTheme(theme: Theme): Promise<void> {
  const before = settingsStore.getState();
  // At once: an eye adapted to the dark does not wait for a database.
  settingsStore.setState({ theme });
  return attempt(async () => {
    try {
      settingsStore.setState(await call("settings.set", { theme }));
    } catch (error) {
      settingsStore.setState(before);
      throw error;
    }
  });
}

async function refresh(): Promise<void> {
  nightStore.setState(mirrored(await call("night.snapshot", undefined)));
}

/** Ties the stores to main, and the theme to the page; resolves when the window knows what main knows. */
export async function connect(root: HTMLElement): Promise<void> {
  listen("night.changed", (change) => {
    const next = changed(nightStore.getState(), change);
    if (next === null) void attempt(refresh);
    else nightStore.setState(next);
  });
  listen("settings.changed", (settings) => settingsStore.setState(settings));
  listen("app.command", ({ command }) => void (command === "open-folder" ? openByDialog() : cancelNight()));
  listen("app.trouble", (trouble) => viewStore.setState({ trouble }));
  settingsStore.subscribe(({ theme }) => {
    root.dataset["theme"] = theme;
  });
  await attempt(async () => {
    settingsStore.setState(await call("settings.get", undefined));
    await refresh();
    const trouble = (await call("app.info", undefined)).troubles.at(-1);
    if (trouble !== undefined) viewStore.setState({ trouble });
  });
}
