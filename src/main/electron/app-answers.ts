import type { AppInfo, UnfinishedSort } from "../../shared/contract.ts";
import type { DesktopSettings, WindowSettings } from "../../shared/desktop-settings.ts";
import type { ErrorEnvelope } from "../../shared/errors.ts";
import type { Answers } from "./ipc.ts";
import type { NightsBefore } from "./nights-before.ts";

export interface AppParts {
  version: string;
  platform: NodeJS.Platform;
  folders: AppInfo["folders"];
  /** What went amiss since the start; grows. */
  troubles: readonly ErrorEnvelope[];
  before: NightsBefore;
  unfinishedSorts: () => Promise<UnfinishedSort[]>;
  settings: () => DesktopSettings;
  changeSettings: (change: Partial<WindowSettings>) => DesktopSettings;
}

/** Answers the window about the app itself and how it looks. */
export function appAnswers(parts: AppParts): Pick<Answers, "app.info" | "settings.get" | "settings.set"> {
  const { before } = parts;
  return {
    "app.info": async () => ({
      version: parts.version,
      platform: platformName(parts.platform),
      folders: parts.folders,
      troubles: [...parts.troubles],
      recent: await before.list(),
      interrupted: await before.interrupted(),
      unfinishedSorts: (await parts.unfinishedSorts()).slice(0, 20),
    }),
    "settings.get": () => parts.settings(),
    "settings.set": (change) => parts.changeSettings(given(change)),
  };
}

/** Members that are there but undefined say nothing. */
function given<T extends object>(change: { [K in keyof T]?: T[K] | undefined }): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function platformName(platform: NodeJS.Platform): AppInfo["platform"] {
  if (platform === "darwin") return "mac";
  if (platform === "win32") return "windows";
  return platform === "linux" ? "linux" : "other";
}
