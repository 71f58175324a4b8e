import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WebContents } from "electron";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gradedFrame, gradedReport } from "../../../test/fixtures/graded-night.ts";
import { METHODS, type SortOutcomeView, type SortPlanView } from "../../shared/contract.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { type WorkParts, workAnswers } from "./work-answers.ts";
import type { NightToSort, StandingSort, WorkPort, WorkRunning } from "./work-port.ts";

const SENDER = {} as WebContents;
const TEMP = realpathSync(mkdtempSync(join(tmpdir(), "work-answers-")));
const ROOT = join(TEMP, "night");
const OWN = join(TEMP, "own");
const OUTPUT = join(TEMP, "sorted");
const WISH = { output: OUTPUT, action: "copy" as const, keepFolders: false };
const STANDING: StandingSort = { session: "s", output: OUTPUT, action: "copy", files: 3, failed: 0, places: new Map() };
const SORTED: SortOutcomeView = { what: "sorted", session: "s", output: OUTPUT, files: 3, failed: [], failures: 0 };

beforeAll(() => {
  for (const folder of [ROOT, OWN]) mkdirSync(folder);
  writeFileSync(join(ROOT, "1.fits"), "light");
});
afterAll(() => rmSync(TEMP, { recursive: true }));

function planOf(total: number): SortPlanView {
  const none = {
    contaminated: 0,
    review: 0,
    bytes: { clean: 1, contaminated: 0, review: 0 },
    sidecars: 0,
    staying: 0,
    settled: 0,
    missing: [],
    newFolders: [],
  };
  const moves = Array.from({ length: total }, (_, i) => ({ from: `${i}.fits`, to: `clean/${i}.fits` }));
  const bytes = { clean: total, contaminated: 0, review: 0 };
  return { output: OUTPUT, clean: total, ...none, bytes, bytesNeeded: 0, bytesFree: 1, total, moves };
}

/** The answers over services that do as a test says, and what was heard of them. */
function desk(own: { work?: Partial<WorkPort>; parts?: Partial<WorkParts> } = {}) {
  const heard = {
    told: [] as { what: string; done: number; total: number }[],
    sorted: [] as (StandingSort | null)[],
    revealed: [] as string[],
    planned: 0,
    clock: 0,
    night: { report: gradedReport([gradedFrame(0), gradedFrame(1)]), root: ROOT, graded: true } as
      | (NightToSort & { graded: boolean })
      | null,
  };
  const unexpected = (): never => expect.fail("not expected to be asked");
  const work: WorkPort = {
    planSort: async () => {
      heard.planned += 1;
      return planOf(450);
    },
    sort: async () => SORTED,
    undoSort: async () => ({ ...SORTED, what: "undone" }),
    finishSort: async () => SORTED,
    unfinishedSorts: async () => [],
    standingSort: async () => STANDING,
    hasSortedInto: (output) => output === OUTPUT,
    exportPlace: async () => ({ title: "A table", suggestion: `${ROOT} frames.csv`, file: { extension: "csv", name: "Table" } }),
    export: unexpected,
    ...own.work,
  };
  const parts: WorkParts = {
    work,
    night: async () => heard.night,
    pathOf: (id) => (/^ab-[12]$/.test(id) ? join(ROOT, `${id.slice(3)}.fits`) : null),
    picked: {
      pick: async (paths) => paths,
      require: async (paths) => {
        throw new NebuliftError("folder-unreadable", paths.join());
      },
    },
    dialogs: { chooseFolder: unexpected, chooseName: unexpected },
    reveal: (path) => void heard.revealed.push(path),
    ownFolders: [OWN],
    tell: (progress) => void heard.told.push(progress),
    onSorted: (standing) => void heard.sorted.push(standing),
    now: () => heard.clock,
    ...own.parts,
  };
  return { ...workAnswers(parts), heard };
}

const call = (signal = new AbortController().signal) => ({ signal, sender: SENDER });

describe("a plan of a sort", () => {
  test("is turned page by page without looking at the disk again, until something changes", async () => {
    const { answers, heard } = desk();
    const page = async (from?: number) =>
      METHODS["sort.plan"].output.parse(await answers["sort.plan"]({ ...WISH, ...(from === undefined ? {} : { from }) }, call()));
    const first = await page();
    expect([first.total, first.moves.length, first.moves[0]?.from]).toEqual([450, 200, "0.fits"]);
    const last = await page(400);
    expect([last.moves.length, last.moves[0]?.from]).toEqual([50, "400.fits"]);
    expect((await page(1000)).moves).toEqual([]);
    expect(heard.planned).toBe(1);
    // A decision.
    heard.night = {
      ...heard.night,
      graded: true,
      root: ROOT,
      report: gradedReport([gradedFrame(0, { verdict: "review" }), gradedFrame(1)]),
    };
    await page(200);
    expect(heard.planned).toBe(2);
    // The dialog is opened anew.
    await page(0);
    expect(heard.planned).toBe(3);
    await answers["sort.start"](WISH, call());
    await page(200);
    expect(heard.planned).toBe(4);
  });

  test("is not made into a place that nobody picked", async () => {
    const { answers, heard } = desk();
    for (const method of ["sort.plan", "sort.start"] as const)
      await expect(answers[method]({ ...WISH, output: join(TEMP, "elsewhere") }, call())).rejects.toMatchObject({
        code: "folder-unreadable",
      });
    expect(heard.planned).toBe(0);
  });

  test("needs a night that is open and graded", async () => {
    const { answers, heard } = desk();
    heard.night = heard.night && { ...heard.night, graded: false };
    await expect(answers["sort.plan"](WISH, call())).rejects.toMatchObject({ code: "still-grading" });
    heard.night = null;
    await expect(answers["sort.start"](WISH, call())).rejects.toMatchObject({ code: "no-night" });
    await expect(answers["export.run"]({ kind: "csv", includeReview: false }, call())).rejects.toMatchObject({ code: "no-night" });
    await expect(answers["sort.chooseFolder"](undefined, call())).rejects.toMatchObject({ code: "no-night" });
  });
});

describe("a sort", () => {
  test("is told to the night with what stands after it, also when it fails in the middle", async () => {
    const { answers, heard } = desk({ work: { undoSort: () => Promise.reject(new NebuliftError("cancelled", "5 of 9")) } });
    expect(await answers["sort.start"](WISH, call())).toEqual(SORTED);
    expect(heard.sorted).toEqual([STANDING]);
    await expect(answers["sort.undo"]({ session: "s" }, call())).rejects.toMatchObject({ code: "cancelled" });
    expect(heard.sorted).toEqual([STANDING, STANDING]);
  });

  test("can be taken back and finished without an open night", async () => {
    const { answers, heard } = desk();
    heard.night = null;
    expect((await answers["sort.undo"]({ session: "s" }, call())).what).toBe("undone");
    expect((await answers["sort.finish"]({ session: "s" }, call())).what).toBe("sorted");
    expect(heard.sorted).toEqual([]);
  });

  test("runs alone, and the app can wait for it", async () => {
    const gate = Promise.withResolvers<SortOutcomeView>();
    const dialogs = { chooseFolder: async () => null, chooseName: async () => "/astro/t.csv" };
    const { answers, settled } = desk({ work: { sort: () => gate.promise }, parts: { dialogs } });
    const first = answers["sort.start"](WISH, call());
    // The place is looked at before anything is begun.
    while (await settledNow(settled())) await new Promise((resolve) => setImmediate(resolve));
    await expect(answers["sort.start"](WISH, call())).rejects.toMatchObject({ code: "sort-busy" });
    await expect(answers["sort.undo"]({ session: "s" }, call())).rejects.toMatchObject({ code: "sort-busy" });
    // Frames on their way cannot be handed over.
    await expect(answers["export.run"]({ kind: "csv", includeReview: false }, call())).rejects.toMatchObject({ code: "sort-busy" });
    gate.resolve(SORTED);
    await settled();
    expect(await first).toEqual(SORTED);
    expect((await answers["sort.undo"]({ session: "s" }, call())).what).toBe("undone");
  });

  test("tells its progress ten times a second at most, and its end always; it hears when it is called off", async () => {
    const stop = new AbortController();
    let given: AbortSignal | null = null;
    const { answers, heard } = desk({
      work: {
        sort: async (_night, _wish, { signal, onProgress }: WorkRunning) => {
          given = signal;
          for (let done = 0; done <= 100; done++) {
            heard.clock += 7;
            onProgress(done, 100);
          }
          return SORTED;
        },
      },
    });
    await answers["sort.start"](WISH, call(stop.signal));
    expect(given).toBe(stop.signal);
    expect(heard.told[0]).toEqual({ what: "sort", done: 0, total: 100 });
    expect(heard.told.at(-1)).toEqual({ what: "sort", done: 100, total: 100 });
    expect(heard.told.length).toBe(Math.ceil(101 / 15) + 1);
  });
});

describe("choosing where to", () => {
  test("starts beside the night, and what was chosen may be sorted into", async () => {
    const picked: string[] = [];
    const starts: string[] = [];
    const { answers } = desk({
      parts: {
        dialogs: {
          chooseFolder: async (_sender, { start }) => (starts.push(start) > 1 ? null : "/astro/sorted"),
          chooseName: async () => null,
        },
        picked: {
          pick: async (paths) => {
            picked.push(...paths);
            return paths;
          },
          require: async (paths) => paths,
        },
      },
    });
    expect(await answers["sort.chooseFolder"](undefined, call())).toBe("/astro/sorted");
    expect(picked).toEqual(["/astro/sorted"]);
    expect(starts).toEqual([TEMP]);
    expect(await answers["sort.chooseFolder"](undefined, call())).toBeNull();
    expect(await answers["export.run"]({ kind: "csv", includeReview: false }, call())).toBeNull();
  });

  test.each([
    ["t.csv", { path: "t.csv", agreed: true }],
    ["T.CSV", { path: "T.CSV", agreed: true }],
    // The system asked about t, and nobody about t.csv.
    ["t", { path: "t.csv", agreed: false }],
    ["M31.fits", { path: "M31.fits.csv", agreed: false }],
  ])("%s is written as asked for, over nothing that was not asked about", async (name, { path, agreed }) => {
    const places: unknown[] = [];
    const [chosen, place] = [join(TEMP, name), { path: join(TEMP, path), agreed }];
    const { answers, heard } = desk({
      work: {
        export: async (_night, _wish, given) => {
          places.push(given);
          writeFileSync(given.path, "path");
          return { place: given.path, approved: 1, lights: 2, notes: [] };
        },
      },
      parts: { dialogs: { chooseFolder: async () => null, chooseName: async () => chosen } },
    });
    const done = await answers["export.run"]({ kind: "csv", includeReview: true }, call());
    expect(places).toEqual([place]);
    expect(done?.place).toBe(place.path);
    await answers["app.reveal"]({ what: "place", path: place.path }, call());
    expect(heard.revealed).toEqual([place.path]);
  });
});

describe("showing in the file manager", () => {
  test("shows frames of the night and Nebulift's own folders, and nothing else", async () => {
    const { answers, heard } = desk();
    await answers["app.reveal"]({ what: "frame", id: "ab-1" }, call());
    await answers["app.reveal"]({ what: "place", path: OWN }, call());
    expect(heard.revealed).toEqual([join(ROOT, "1.fits"), OWN]);
    await expect(answers["app.reveal"]({ what: "frame", id: "ab-2" }, call())).rejects.toMatchObject({ code: "file-missing" });
    await expect(answers["app.reveal"]({ what: "frame", id: "ab-3" }, call())).rejects.toMatchObject({ code: "file-missing" });
    for (const path of ["/", "/etc", "relative", "/home/ada"])
      await expect(answers["app.reveal"]({ what: "place", path }, call())).rejects.toMatchObject({
        code: expect.stringMatching(/^folder-(unreadable|missing)$/),
      });
    expect(heard.revealed.length).toBe(2);
  });
});

/** Whether a promise has settled by the next turn. */
async function settledNow(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
}
