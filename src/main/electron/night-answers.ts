import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { WebContents } from "electron";
import type { NightSnapshot } from "../../shared/contract.ts";
import type { Answers } from "./ipc.ts";
import type { DesktopServices } from "./night-port.ts";
import { nightTitle } from "./night-title.ts";
import type { NightsBefore } from "./nights-before.ts";
import type { OpenNight } from "./open-night.ts";
import type { PickedFolders } from "./picked-folders.ts";

export interface NightDialogs {
  folders: (sender: WebContents, start: string | null) => Promise<string[] | null>;
  frames: (sender: WebContents, start: string | null, endings: readonly string[]) => Promise<string[] | null>;
  rules: (sender: WebContents, start: string | null) => Promise<string | null>;
  rulesName: (sender: WebContents, start: string) => Promise<string | null>;
}

export interface NightParts {
  services: Pick<DesktopServices, "rules" | "settings" | "frameEndings"> & { night: Pick<DesktopServices["night"], "prepare"> };
  night: OpenNight;
  before: NightsBefore;
  picked: PickedFolders;
  dialogs: NightDialogs;
  /** What a window does not change itself has changed. */
  settingsChanged: () => void;
}

type NightMethod = Extract<keyof Answers, `night.${string}` | `rules.${string}` | `decisions.${string}` | "frame.detail" | "app.place">;

const SIMULATED = "Simulated night";

/** Answers the window about the night that is open, the user's decisions in it and the rules. */
export function nightAnswers(parts: NightParts): Pick<Answers, NightMethod> {
  const { services, night, before, picked, dialogs } = parts;
  const lastFolder = () => services.settings.desktop().lastFolder;
  const turn = oneAtATime();

  /** `picked` knows these already. */
  const open = async (paths: string[], watch: boolean): Promise<NightSnapshot> => {
    const real = await picked.require(paths);
    services.settings.changeDesktop({ lastFolder: await folderOf(real[0] ?? "") });
    parts.settingsChanged();
    const title = await nightTitle(real);
    return turn(() => night.open(title, real, watch));
  };
  /** Paths that the user picked when the night was first opened. */
  const openAgain = async (paths: string[], watch: boolean): Promise<NightSnapshot> => open(await picked.pick(paths), watch);

  return {
    "app.place": ({ pane, frame }) => {
      night.lookAt(frame);
      before.place(pane, frame === null ? null : (night.rowOf(frame)?.frame.path ?? null));
      return undefined;
    },
    "night.prepare": () => {
      services.night.prepare();
      return undefined;
    },
    "night.chooseFolder": async (_input, { sender }) => {
      services.night.prepare();
      return pickedOrNull(picked, await dialogs.folders(sender, lastFolder()));
    },
    "night.chooseFiles": async (_input, { sender }) => {
      services.night.prepare();
      return pickedOrNull(picked, await dialogs.frames(sender, lastFolder(), services.frameEndings));
    },
    "night.open": ({ paths, watch }) => open(paths, watch),
    "night.openRecent": ({ id }) => openAgain(before.find(id).paths, false),
    "night.forgetRecent": ({ id }) => before.forget(id),
    "night.resume": async () => {
      const { paths, watch, pane, framePath } = before.resume();
      const snapshot = await openAgain(paths, watch);
      before.place(pane, framePath);
      return { snapshot, pane, framePath };
    },
    "night.simulate": () => turn(() => night.simulate(SIMULATED)),
    "night.watch": ({ on }) => turn(() => night.watch(on)),
    "night.snapshot": () => night.snapshot(),
    "night.cancel": async () => {
      await night.cancel();
      return undefined;
    },
    "night.close": () => turn(() => night.close()),
    "frame.detail": ({ id }) => night.detail(id),
    "decisions.decide": ({ ids, verdict, cause }) => ({ decided: night.decide(ids, verdict, cause) }),
    "decisions.undo": () => night.undo(),
    "decisions.redo": () => night.redo(),
    "rules.get": () => services.rules.get(),
    "rules.set": ({ document }) => services.rules.set(document),
    "rules.try": ({ document, rule }, { signal }) => services.rules.try(document, rule, signal),
    "rules.load": async (_input, { sender }) => {
      const path = await dialogs.rules(sender, lastFolder());
      return path === null ? null : services.rules.set(await services.rules.read(path));
    },
    "rules.save": async (_input, { sender }) => {
      const path = await dialogs.rulesName(sender, join(lastFolder() ?? "", "rules.json"));
      if (path === null) return null;
      await services.rules.write(path, services.rules.get().document);
      // So that it can be shown in the file manager.
      await picked.pick([path]);
      return path;
    },
  };
}

async function pickedOrNull(picked: PickedFolders, paths: string[] | null): Promise<string[] | null> {
  return paths === null ? null : picked.pick(paths);
}

/** Where the next dialog starts: the folder, or the one that a single file lies in. */
async function folderOf(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  return info?.isDirectory() === false ? dirname(path) : path;
}

/** Two clicks must not open two nights into one another. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
