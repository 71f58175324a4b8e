import { lstat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import type { WebContents } from "electron";
import type { EventPayload, MethodOutput } from "../../shared/contract.ts";
import { codeOfSystemError, NebuliftError } from "../../shared/errors.ts";
import type { Answers } from "./ipc.ts";
import { OutputFolders } from "./output-folders.ts";
import { SortPages } from "./sort-pages.ts";
import type { ExportPlace, NightToSort, StandingSort, WorkPort, WorkRunning } from "./work-port.ts";

export interface WorkParts {
  work: WorkPort;
  /** The open night; null when none is open. */
  night: () => Promise<(NightToSort & { graded: boolean }) | null>;
  /** Where the frame of this id lies now; null when the open night has none such. */
  pathOf: (id: string) => string | null;
  /** What the user picked (PickedFolders). */
  picked: { pick: (paths: string[]) => Promise<string[]>; require: (paths: string[]) => Promise<string[]> };
  dialogs: WorkDialogs;
  /** Shows a file or folder in the file manager. */
  reveal: (path: string) => void;
  /** Nebulift's own folders, which may be shown. */
  ownFolders: readonly string[];
  tell: (progress: EventPayload<"work.progress">) => void;
  /** What of the open night lies sorted now, after something was done about it. */
  onSorted: (standing: StandingSort | null) => void;
  /** Monotonic milliseconds. */
  now: () => number;
}

export interface WorkDialogs {
  /** A folder, which may be made in the dialog; null when it was closed. */
  chooseFolder: (sender: WebContents, options: { title: string; start: string }) => Promise<string | null>;
  /** A name for something new. */
  chooseName: (sender: WebContents, place: ExportPlace) => Promise<string | null>;
}

type WorkMethod = "app.reveal" | "sort.chooseFolder" | "sort.plan" | "sort.start" | "sort.undo" | "sort.finish" | "export.run";
export type WorkAnswers = Pick<Answers, WorkMethod>;

export interface Work {
  answers: WorkAnswers;
  /** Resolves when nothing is being sorted or written any more. Call off what runs before (the calls' signals). */
  settled: () => Promise<void>;
}

/** Windows hear of progress this often at most, ms. */
const TELL_EVERY = 100;

/** Answers the window about sorting, handing over and showing in the file manager. */
export function workAnswers(parts: WorkParts): Work {
  const { work, dialogs } = parts;
  const outputs = new OutputFolders({
    requirePicked: (paths) => parts.picked.require(paths),
    hasSortedInto: (output) => work.hasSortedInto(output),
  });
  const pages = new SortPages();
  const desk = new Desk();

  /** Sorts, or takes back, one at a time; what lies where is told afterwards, also when it was stopped in the middle. */
  const moving = async (output: string | null, act: () => Promise<MethodOutput<"sort.start">>): Promise<MethodOutput<"sort.start">> => {
    return desk.alone(async () => {
      pages.forget();
      try {
        const outcome = await act();
        outputs.wrote(outcome.output);
        return outcome;
      } finally {
        if (output !== null) outputs.wrote(output);
        const night = await parts.night();
        if (night !== null) parts.onSorted(await work.standingSort(night.root));
      }
    });
  };

  const answers: WorkAnswers = {
    "app.reveal": async (what) => {
      const path = what.what === "frame" ? requireFrame(parts.pathOf(what.id)) : await placeToShow(parts, outputs, what.path);
      await requireThere(path);
      parts.reveal(path);
      return undefined;
    },
    "sort.chooseFolder": async (_input, { sender }) => {
      const { root } = await requireNight(parts);
      const chosen = await dialogs.chooseFolder(sender, { title: "Choose the folder to sort into", start: dirname(root) });
      return chosen === null ? null : ((await parts.picked.pick([chosen]))[0] ?? null);
    },
    "sort.plan": async ({ from, ...wish }, { signal }) => {
      const night = await requireNight(parts);
      const checked = { ...wish, output: await outputs.require(wish.output) };
      return pages.page(night, checked, from ?? 0, () => work.planSort(night, checked, signal));
    },
    "sort.start": async ({ from: _from, ...wish }, { signal }) => {
      const night = await requireNight(parts);
      const output = await outputs.require(wish.output);
      return moving(output, () => work.sort(night, { ...wish, output }, running(parts, "sort", signal)));
    },
    "sort.undo": ({ session }, { signal }) => moving(null, () => work.undoSort(session, running(parts, "undo", signal))),
    "sort.finish": ({ session }, { signal }) => moving(null, () => work.finishSort(session, running(parts, "sort", signal))),
    "export.run": async (wish, { sender, signal }) => {
      const place = await work.exportPlace(wish.kind, await requireNight(parts));
      const chosen = await dialogs.chooseName(sender, place);
      if (chosen === null) return null;
      return desk.beside(async () => {
        const progress = running(parts, wish.kind === "html" ? "report" : "export", signal);
        // Asked again: the dialog may have stood open while a folder that is watched went on filling.
        const outcome = await work.export(await requireNight(parts), wish, named(chosen, place), progress);
        outputs.wrote(outcome.place);
        return outcome;
      });
    },
  };
  return { answers, settled: () => desk.settled() };
}

async function requireNight({ night }: WorkParts): Promise<NightToSort> {
  const open = await night();
  if (open === null) throw new NebuliftError("no-night", "");
  if (!open.graded) throw new NebuliftError("still-grading", "");
  return open;
}

function requireFrame(path: string | null): string {
  if (path === null) throw new NebuliftError("file-missing", "no frame of the night that is open");
  return path;
}

/** The file manager would open without a word, and show something else. */
async function requireThere(path: string): Promise<void> {
  try {
    await lstat(path);
  } catch (error) {
    throw new NebuliftError(codeOfSystemError(error, "file-io"), path, error);
  }
}

async function placeToShow({ ownFolders }: WorkParts, outputs: OutputFolders, path: string): Promise<string> {
  return ownFolders.includes(path) ? path : outputs.requireShown(path);
}

/** A name that was typed without its ending gets it, and then nobody has agreed to replace what has that name. */
function named(chosen: string, { file }: ExportPlace): { path: string; agreed: boolean } {
  if (file === null) return { path: chosen, agreed: false };
  const right = extname(chosen).toLowerCase() === `.${file.extension}`;
  return right ? { path: chosen, agreed: true } : { path: `${chosen}.${file.extension}`, agreed: false };
}

function running(parts: WorkParts, what: EventPayload<"work.progress">["what"], signal: AbortSignal): WorkRunning {
  let told = Number.NEGATIVE_INFINITY;
  return {
    signal,
    onProgress: (done, total) => {
      const now = parts.now();
      if (done < total && now - told < TELL_EVERY) return;
      told = now;
      parts.tell({ what, done, total });
    },
  };
}

/** What is under way: files are moved by one call at a time, and the app waits for all of it before it ends. */
class Desk {
  #moving = false;
  readonly #all = new Set<Promise<unknown>>();

  async alone<T>(act: () => Promise<T>): Promise<T> {
    if (this.#moving) throw new NebuliftError("sort-busy", "in this window");
    this.#moving = true;
    try {
      return await this.#noted(act());
    } finally {
      this.#moving = false;
    }
  }

  /** Work that only reads frames, and needs them to stay where they are while it looks for them. */
  async beside<T>(act: () => Promise<T>): Promise<T> {
    if (this.#moving) throw new NebuliftError("sort-busy", "in this window");
    return this.#noted(act());
  }

  #noted<T>(doing: Promise<T>): Promise<T> {
    const leave = (): void => void this.#all.delete(doing);
    this.#all.add(doing);
    doing.then(leave, leave);
    return doing;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#all);
  }
}
