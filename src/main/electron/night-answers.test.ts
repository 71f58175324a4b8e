import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WebContents } from "electron";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_DESKTOP_SETTINGS, type DesktopSettings, type RulesDocument, type RulesState } from "../../shared/contract.ts";
import { nightAnswers } from "./night-answers.ts";
import type { NightBefore, NightHandle, NightPlace, NightUpdate, RulesPort } from "./night-port.ts";
import { nightTitle } from "./night-title.ts";
import { NightsBefore } from "./nights-before.ts";
import { OpenNight } from "./open-night.ts";
import { PickedFolders } from "./picked-folders.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nebulift-answers-")));
  for (const name of ["M31", "M13", "secret", "Ha", "OIII", "SII"]) mkdirSync(join(folder, name));
  for (const name of ["a.fits", "b.fits"]) writeFileSync(join(folder, "M31", name), name);
});
afterEach(() => rmSync(folder, { recursive: true }));

const call = { signal: new AbortController().signal, sender: {} as WebContents };

/** The window's side of main, over a disk, dialogs and nights that the test plays. */
function desk(kept: { nights: NightBefore[]; place: NightPlace | null } = { nights: [], place: null }) {
  let settings: DesktopSettings = DEFAULT_DESKTOP_SETTINGS;
  const opened: { paths: string[]; watch: boolean }[] = [];
  const listeners: ((update: NightUpdate) => void)[] = [];
  const starts: (string | null)[] = [];
  const dialogs: { next: string[] | null } = { next: null };
  const written: [string, RulesDocument][] = [];
  let document: RulesDocument = {};
  const state = (): RulesState => ({ document, limits: {}, usual: {}, review: [0.35, 0.7], trails: "auto", leastGroup: 8 });
  const rules: RulesPort = {
    get: state,
    set: async (next) => {
      document = next;
      return state();
    },
    try: () => Promise.reject(new Error("not played")),
    read: async (path) => ({ rules: [{ name: path, metric: "fwhm", above: 3 }] }),
    write: async (path, text) => void written.push([path, text]),
  };
  const before = new NightsBefore({
    memory: {
      nights: () => kept.nights,
      keepNights: (nights) => {
        kept.nights = nights;
      },
      place: () => kept.place,
      keepPlace: (place) => {
        kept.place = place;
      },
    },
    now: () => 1,
    after: () => () => undefined,
  });
  const prepared: number[] = [];
  let nights = 0;
  const night = new OpenNight({
    night: {
      open: (paths, { watch }, listener) => {
        opened.push({ paths, watch });
        listeners.push(listener);
        return { close: async () => undefined } as NightHandle;
      },
      simulate: () => new Promise(() => undefined),
    },
    tell: () => undefined,
    noted: (noted) => before.note(noted),
    sortedBefore: async () => null,
    newId: () => `n${++nights}`,
    after: () => () => undefined,
  });
  const choose = async (_sender: WebContents, start: string | null) => {
    starts.push(start);
    return dialogs.next;
  };
  const answers = nightAnswers({
    services: {
      night: { prepare: () => void prepared.push(starts.length) },
      rules,
      frameEndings: ["fits"],
      settings: {
        desktop: () => settings,
        changeDesktop: (change) => {
          settings = { ...settings, ...change };
          return settings;
        },
      },
    },
    night,
    before,
    picked: new PickedFolders(),
    dialogs: {
      folders: choose,
      frames: choose,
      rules: async (sender, start) => (await choose(sender, start))?.[0] ?? null,
      rulesName: async (sender, start) => (await choose(sender, start))?.[0] ?? null,
    },
    settingsChanged: () => undefined,
  });
  const play = (update: Partial<NightUpdate>) =>
    listeners.at(-1)?.({
      state: "done",
      root: folder,
      frames: [],
      gone: [],
      progress: { found: 2, finished: 2, rate: null, eta: null },
      groups: [],
      summary: {
        clean: 2,
        contaminated: 0,
        review: 0,
        notLight: 0,
        unreadable: 0,
        minutes: { clean: 10, contaminated: 0, review: 0, keptDespiteTrail: 0 },
      },
      watch: null,
      undo: 0,
      redo: 0,
      rules: [],
      pictures: 0,
      ...update,
    });
  return { answers, before, kept, opened, prepared, starts, dialogs, written, play, lastFolder: () => settings.lastFolder };
}

describe("opening a night", () => {
  test("takes what was chosen in the dialog, and the next dialog begins there", async () => {
    const { answers, opened, prepared, dialogs, starts } = desk();
    dialogs.next = [join(folder, "M31")];
    const chosen = await answers["night.chooseFolder"](undefined, call);
    expect(chosen).toEqual([join(folder, "M31")]);
    expect(await answers["night.open"]({ paths: chosen ?? [], watch: true }, call)).toMatchObject({ head: { title: "M31" } });
    expect(opened).toEqual([{ paths: [join(folder, "M31")], watch: true }]);
    dialogs.next = null;
    expect(await answers["night.chooseFolder"](undefined, call)).toBeNull();
    expect(starts).toEqual([null, join(folder, "M31")]);
    expect(prepared, "before each dialog was shown").toEqual([0, 1]);
  });

  test("takes single files, and the next dialog begins where they lie", async () => {
    const { answers, opened, dialogs, lastFolder } = desk();
    const files = ["a.fits", "b.fits"].map((name) => join(folder, "M31", name));
    dialogs.next = files;
    await answers["night.open"]({ paths: (await answers["night.chooseFiles"](undefined, call)) ?? [], watch: false }, call);
    expect(opened).toEqual([{ paths: files, watch: false }]);
    expect(lastFolder()).toBe(join(folder, "M31"));
  });

  test("takes nothing that the user did not pick", async () => {
    const { answers, opened, dialogs } = desk();
    dialogs.next = [join(folder, "M31")];
    await answers["night.chooseFolder"](undefined, call);
    await expect(answers["night.open"]({ paths: [join(folder, "secret")], watch: false }, call)).rejects.toMatchObject({
      code: "folder-unreadable",
    });
    await expect(async () => answers["night.openRecent"]({ id: "0123456789abcdef" }, call)).rejects.toMatchObject({ code: "no-night" });
    await expect(answers["night.resume"](undefined, call)).rejects.toMatchObject({ code: "no-night" });
    expect(opened).toEqual([]);
  });

  test("a night before, or an interrupted one, needs no dialog", async () => {
    const first = desk();
    first.dialogs.next = [join(folder, "M31")];
    await first.answers["night.chooseFolder"](undefined, call);
    await first.answers["night.open"]({ paths: [join(folder, "M31")], watch: false }, call);
    first.play({ state: "watching", watch: { waiting: 0, notice: null } });
    first.answers["app.place"]({ pane: "review", frame: null }, call);
    first.before.flush();

    const second = desk(first.kept);
    const resumed = await second.answers["night.resume"](undefined, call);
    expect(resumed).toMatchObject({ snapshot: { head: { title: "M31" } }, pane: "review", framePath: null });
    expect(second.opened).toEqual([{ paths: [join(folder, "M31")], watch: true }]);
    second.play({});
    second.before.flush();
    const [night] = await second.before.list();
    await second.answers["night.openRecent"]({ id: night?.id ?? "" }, call);
    expect(second.opened.at(-1)).toEqual({ paths: [join(folder, "M31")], watch: false });
    expect(await second.answers["night.forgetRecent"]({ id: night?.id ?? "" }, call)).toEqual([]);
  });

  test("an interrupted one whose folder has gone says so, and is still there for another try", async () => {
    const place = { title: "x", paths: [join(folder, "gone")], watch: false, state: "done" as const, pane: "night" as const };
    const { answers, before } = desk({ nights: [], place: { ...place, framePath: null, found: 1, finished: 1, review: 0 } });
    await expect(answers["night.resume"](undefined, call)).rejects.toMatchObject({ code: "folder-missing" });
    expect(await before.interrupted()).toMatchObject({ title: "x", present: false });
  });
});

describe("rules files", () => {
  test("are loaded and saved where the user says, or not at all", async () => {
    const { answers, dialogs, written } = desk();
    expect(await answers["rules.load"](undefined, call)).toBeNull();
    expect(await answers["rules.save"](undefined, call)).toBeNull();
    expect(written).toEqual([]);
    const place = join(folder, "mine.json");
    writeFileSync(place, "{}");
    dialogs.next = [place];
    const document = { rules: [{ name: place, metric: "fwhm", above: 3 }] };
    expect(await answers["rules.load"](undefined, call)).toMatchObject({ document });
    expect(await answers["rules.save"](undefined, call)).toBe(place);
    expect(written).toEqual([[place, document]]);
  });
});

test("a night is called by what was picked", async () => {
  const at = (...names: string[]) => names.map((name) => join(folder, name));
  const { length } = folder.split("/");
  const parent = folder.split("/")[length - 1];
  expect(await nightTitle(at("M31"))).toBe("M31");
  expect(await nightTitle(at("M31", "M13"))).toBe("M31 + M13");
  expect(await nightTitle(at("Ha", "OIII", "SII"))).toBe(`${parent}, 3 folders`);
  expect(await nightTitle(at("M31/a.fits"))).toBe("a.fits");
  expect(await nightTitle(at("M31/a.fits", "M31/b.fits"))).toBe("M31, 2 files");
  expect(await nightTitle(at("M31/a.fits", "M13"))).toBe("2 folders and files");
});
