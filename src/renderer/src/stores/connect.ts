import { commandOf } from "../../../shared/commands.ts";
import { call, listen } from "../bridge.ts";
import { attempt } from "./actions/attempt.ts";
import { followPlace } from "./actions/place.ts";
import { runCommand } from "./commands.ts";
import { infoStore } from "./info.ts";
import { changed, mirrored, nightStore } from "./night.ts";
import { settingsStore } from "./settings.ts";
import { viewStore } from "./view.ts";
import { progressed, workStore } from "./work.ts";

async function refresh(): Promise<void> {
  nightStore.setState(mirrored(await call("night.snapshot", undefined)));
}

/** What main knows of nights before and of work that was interrupted; asked again whenever the first screen comes up. */
export function refreshInfo(): Promise<void> {
  return attempt(async () => {
    infoStore.setState({ info: await call("app.info", undefined) });
  });
}

/** Ties the stores to main, and the theme to the page; resolves when the window knows what main knows. */
export async function connect(root: HTMLElement): Promise<void> {
  listen("night.changed", (change) => {
    const next = changed(nightStore.getState(), change);
    if (next === null) void attempt(refresh);
    else nightStore.setState(next);
  });
  listen("work.progress", (progress) => workStore.setState(progressed(workStore.getState(), progress, Date.now())));
  listen("settings.changed", (settings) => settingsStore.setState(settings));
  listen("app.command", ({ command }) => {
    // The menu is there while a dialog is open; what lies under the dialog must not change unseen.
    if (viewStore.getState().dialog === null || commandOf(command).onFrames !== true) runCommand(command);
  });
  listen("app.trouble", (trouble) => viewStore.setState({ trouble }));
  settingsStore.subscribe(({ theme }) => {
    root.dataset["theme"] = theme;
  });
  followPlace();
  await attempt(async () => {
    settingsStore.setState(await call("settings.get", undefined));
    await refresh();
    await refreshInfo();
    const trouble = infoStore.getState().info?.troubles.at(-1);
    if (trouble !== undefined) viewStore.setState({ trouble });
  });
}
