import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { finalVerdict } from "../../../src/shared/final-verdict.ts";
import { hashesBelow } from "../../fixtures/folder-contents.ts";
import { type AppInProcess, startApp } from "../app-process.ts";
import { simulatedNight } from "../nights.ts";
import { NightPage } from "../pages/night-page.ts";
import { ReviewPage } from "../pages/review-page.ts";
import { SortDialog } from "../pages/sort-dialog.ts";
import { StartPage } from "../pages/start-page.ts";
import { TitleBar } from "../pages/title-bar.ts";
import { untilAsync } from "../pages/walk.ts";

/** The battery goes flat in the middle of things; the next start must know where it was and have lost nothing. */
describe("after a power cut", () => {
  const scratch: string[] = [];
  let home = "";
  let app: AppInProcess;

  const folder = async (parent = tmpdir()) => {
    const made = await realpath(await mkdtemp(join(parent, "nebulift-restart-")));
    scratch.push(made);
    return made;
  };
  const night = async (name: string, frames: number, size: { width: number; height: number }) => {
    const made = await realpath(await simulatedNight(name, { frames, ...size, seed: 21 }));
    scratch.push(dirname(made));
    return made;
  };
  beforeEach(async () => {
    home = await folder();
    app = await startApp(home);
  });
  afterEach(() => app.quit());
  after(async () => {
    for (const made of scratch) await rm(made, { recursive: true, force: true });
  });

  const verdicts = async () => {
    const { rows } = await new NightPage(app.page).snapshot();
    return Object.fromEntries(
      rows.map(({ frame }) => [frame.path, [frame.verdict, frame.probability, frame.reasons.map(({ code }) => code)]]),
    );
  };

  test("while grading: it says where it was, measures only what is missing, and comes to the same verdicts", async () => {
    const FRAMES = 36;
    const frames = await night("cut off", FRAMES, { width: 1280, height: 960 });
    await app.drop([frames]);
    await new NightPage(app.page).untilMain(({ head }) => (head?.progress.finished ?? 0) >= 4);
    // What was measured is written down every half second.
    await app.page.waitForTimeout(700);
    await app.kill();
    const spy = new MeasuredAgain(home);
    const kept = spy.measured();
    assert.ok(kept > 0 && kept < FRAMES, `${kept} of ${FRAMES} were measured before: too early or too late a cut to tell`);

    app = await startApp(home);
    const start = new StartPage(app.page);
    await start.goOn.waitFor();
    assert.match((await start.goOn.textContent()) ?? "", /cut off.*Grading was under way: \d+ of 36 frames graded/);
    await start.resume();
    await new NightPage(app.page).until("done");
    const cut = await verdicts();
    assert.equal(Object.keys(cut).length, FRAMES);
    // What was measured last is written down a little later. Nothing that was kept is written a second time.
    await untilAsync(async () => spy.measured() === FRAMES);
    assert.equal(spy.again(), 0);
    spy.close();
    await app.quit();

    app = await startApp(await folder());
    await app.drop([frames]);
    await new NightPage(app.page).until("done");
    assert.deepEqual(cut, await verdicts());
  });

  test("while reviewing: every decision that was shown is kept, the frame is before the eyes again, and undo still works", async () => {
    const frames = await night("reviewed", 12, { width: 320, height: 240 });
    await app.drop([frames]);
    await new NightPage(app.page).until("done");
    const review = new ReviewPage(app.page);
    await new TitleBar(app.page).show("review");
    await review.walk("All");
    await review.shown();
    for (const key of ["k", "x", "r", "x"]) await review.press(key);
    const decided = async () => {
      const { rows } = await new NightPage(app.page).snapshot();
      return rows.flatMap(({ name, frame }) => (frame.decided ? [`${name} ${finalVerdict(frame)}`] : [])).sort();
    };
    await new NightPage(app.page).untilMain(({ rows }) => rows.filter(({ frame }) => frame.decided).length === 4);
    const earlier = await decided();
    const looking = await review.frame();
    // Where one is goes to disk when one has stayed there a moment; decisions went there before they were shown.
    await app.page.waitForTimeout(2500);
    await app.kill();

    app = await startApp(home);
    const start = new StartPage(app.page);
    await start.goOn.waitFor();
    assert.match((await start.goOn.textContent()) ?? "", /reviewed.*You were reviewing.*Every decision you made is kept/);
    await start.resume();
    const again = new ReviewPage(app.page);
    await again.shown();
    assert.equal(await again.frame(), looking);
    assert.deepEqual(await decided(), earlier);
    await again.press("u");
    await new NightPage(app.page).untilMain(({ rows }) => rows.filter(({ frame }) => frame.decided).length === 3);
    const left = await decided();
    assert.deepEqual(
      left.filter((line) => !earlier.includes(line)),
      [],
    );
  });

  const SORTED = 16;
  /** Another disk where there is one, so that moving takes as long as it does onto a stick. */
  const elsewhere = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

  let light = "";
  before(async () => {
    light = await night("sorted", SORTED, { width: 1600, height: 1200 });
  });
  /** Its own copy for each test. */
  const nightToSort = async () => {
    const made = join(await folder(), "sorted");
    await cp(light, made, { recursive: true, preserveTimestamps: true });
    return made;
  };

  const cutWhileSorting = async (action: "Copy" | "Move", frames: string, output: string) => {
    await app.drop([frames]);
    await new NightPage(app.page).until("done");
    await app.answer([[output]]);
    const dialog = new SortDialog(app.page);
    await dialog.open();
    await dialog.choose("Choose a folder…");
    await dialog.way(action);
    await dialog.plan();
    const { ended } = await app.cutAtWork();
    await dialog.start.click();
    await ended;
    app = await startApp(home);
    const start = new StartPage(app.page);
    await start.unfinishedSort.waitFor();
    assert.match((await start.unfinishedSort.textContent()) ?? "", /stopped after \d+ of \d+ files.*Nothing is lost/);
    return start;
  };

  const settled = async (start: StartPage) => {
    await new SortDialog(app.page).headline();
    assert.equal(await start.unfinishedSort.count(), 0);
  };

  test("while moving to another drive: finishing brings every file over, once", async () => {
    const frames = await nightToSort();
    const output = await folder(elsewhere);
    const all = await hashesBelow(frames);
    const start = await cutWhileSorting("Move", frames, output);
    await start.finishSort();
    await settled(start);
    assert.deepEqual(await hashesBelow(frames, output), all);
    const left = (await filesBelow(frames)).filter((name) => name.endsWith(".fits"));
    const { length } = (await filesBelow(output)).filter((name) => name.endsWith(".fits"));
    assert.deepEqual([left, length], [[], SORTED]);
  });

  test("while moving to another drive: taking it back brings every file home", async () => {
    const frames = await nightToSort();
    const output = await folder(elsewhere);
    const [all, names] = [await hashesBelow(frames), await filesBelow(frames)];
    const start = await cutWhileSorting("Move", frames, output);
    await start.takeSortBack();
    await settled(start);
    assert.deepEqual(await hashesBelow(frames), all);
    assert.deepEqual(await filesBelow(frames), names);
    assert.deepEqual(await filesBelow(output), []);
  });

  test("while copying: finishing completes the copies, and the originals were never touched", async () => {
    const frames = await nightToSort();
    const output = await folder(elsewhere);
    const all = await hashesBelow(frames);
    const start = await cutWhileSorting("Copy", frames, output);
    await start.finishSort();
    await settled(start);
    assert.deepEqual(await hashesBelow(frames), all);
    const copies = new Set(await hashesBelow(output));
    assert.equal(copies.size, SORTED);
    assert.deepEqual(
      [...copies].filter((hash) => !all.includes(hash)),
      [],
    );
  });
});

/** Without the journal, which stays where the files were sorted to. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".nebulift"))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();
}

/** Watches the app's own store, from outside, for measurements that are written although they were there. */
class MeasuredAgain {
  readonly #database: DatabaseSync;

  constructor(home: string) {
    this.#database = new DatabaseSync(join(home, "cache", "measurements.db"));
    this.#database.exec("PRAGMA busy_timeout = 5000; CREATE TABLE again (identity TEXT)");
    this.#database.exec("CREATE TRIGGER spy AFTER UPDATE OF json ON measurements BEGIN INSERT INTO again VALUES (old.identity); END");
  }

  measured(): number {
    return this.#count("measurements");
  }

  again(): number {
    return this.#count("again");
  }

  close(): void {
    this.#database.close();
  }

  #count(table: string): number {
    return Number(this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
  }
}
