import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { THEMES } from "../../../src/shared/desktop-settings.ts";
import { launchApp, type RunningApp } from "../launch.ts";
import { assertRedByItself } from "../looks.ts";
import { addDamagedFrame, simulatedNight } from "../nights.ts";

const FRAMES = 24;

describe("the review pane", () => {
  let app: RunningApp;
  let folder = "";
  /** Names of the doubtful frames, the most doubtful first. */
  let doubtful: string[] = [];
  before(async () => {
    folder = await simulatedNight("NGC 1514", { frames: FRAMES, width: 800, height: 600, seed: 1 });
    await addDamagedFrame(folder, "cut-short.fits");
    app = await launchApp();
    await app.drop([folder]);
    await app.page.waitForSelector(".progress-done", { timeout: 180_000 });
    // A rule of the user's, so that a short night has frames to doubt.
    const set = await app.page.evaluate(() => {
      const rule = { name: "worth a look", when: "rank(fwhm) > 0.1 and rank(fwhm) < 0.4", verdict: "review" as const };
      return window.nebulift.call["rules.set"]({ document: { rules: [rule] } }, null);
    });
    assert.ok(set.ok);
    await app.page.waitForFunction(() => Number.parseInt(document.querySelector(".pane-count")?.textContent ?? "", 10) > 1);
    const rows = (await rowsNow()).filter(({ frame }) => frame.verdict === "review");
    const doubt = (p: number | null) => Math.abs((p ?? 0.5) - 0.5);
    doubtful = rows.toSorted((a, b) => doubt(a.frame.probability) - doubt(b.frame.probability)).map(({ name }) => name);
    assert.ok(doubtful.length >= 2, "the simulated night has too few doubtful frames to review");
  });
  after(() => app.close());

  const rowsNow = async () => {
    const reply = await app.page.evaluate(() => window.nebulift.call["night.snapshot"](undefined, null));
    assert.ok(reply.ok);
    return reply.value.rows;
  };
  const decidedNow = async (name: string | undefined) => (await rowsNow()).find((row) => row.name === name)?.frame.decided?.verdict ?? null;
  /** Waits until main has it, which tells the window only what is on the disk. */
  const untilDecided = async (name: string | undefined, verdict: string | null) => {
    for (let i = 0; i < 200 && (await decidedNow(name)) !== verdict; i++) await app.page.waitForTimeout(25);
    assert.equal(await decidedNow(name), verdict);
  };
  const shownName = () => app.page.locator(".why-head h2").textContent();
  const untilShown = (name: string | undefined) =>
    app.page.waitForFunction((wanted) => document.querySelector(".why-head h2")?.textContent === wanted, name ?? "");
  const press = (key: string) => app.page.keyboard.press(key);
  const pictureSeen = () => app.page.waitForSelector(".sheet > .frame-view-whole .picture-holder img", { timeout: 30_000 });
  const queue = (name: string) => app.page.getByRole("button", { name, exact: true }).click();
  const status = () => app.page.locator(".status-line").textContent();

  test("opens by its key on the most doubtful frame, with its picture and the reasons", async () => {
    await press("2");
    await untilShown(doubtful[0]);
    await pictureSeen();
    assert.match((await app.page.locator(".queue-progress").textContent()) ?? "", new RegExp(`^1 of ${doubtful.length}0 decided`));
    assert.ok((await app.page.locator(".cause").count()) > 0);
    assert.equal(await app.page.getByRole("option").count(), doubtful.length);
  });

  test("is walked through by keys alone, and what was decided is in the store", async () => {
    await press("x");
    await untilShown(doubtful[1]);
    await press("k");
    await untilDecided(doubtful[0], "contaminated");
    await untilDecided(doubtful[1], "clean");
    for (let i = 2; i < doubtful.length; i++) await press("r");
    await app.page.waitForSelector(".queue-end");
    assert.match((await app.page.locator(".queue-end").textContent()) ?? "", /1 frame kept.*1 frame rejected/);
  });

  test("says aloud what was decided", async () => {
    const said = await app.page.locator(".for-ears[role=status]").textContent();
    assert.match(said ?? "", new RegExp(`frame ${doubtful.length} of ${doubtful.length}$`));
  });

  test("takes the last decision back from the end of the queue, and makes it again", async () => {
    const last = doubtful.at(-1);
    const before = await decidedNow(last);
    assert.notEqual(before, null);
    await press("u");
    await untilShown(last);
    await untilDecided(last, null);
    await press("Shift+U");
    await untilDecided(last, before);
    await press("u");
    await untilDecided(last, null);
  });

  test("does not decide about one frame after the other while a key is held", async () => {
    await queue("All");
    await press("Home");
    const names = (await rowsNow()).length;
    const before = (await rowsNow()).filter(({ frame }) => frame.decided).length;
    await app.page.keyboard.down("k");
    for (let i = 0; i < 8; i++) await app.page.keyboard.down("k");
    await app.page.keyboard.up("k");
    await app.page.waitForFunction(() => /^2 of/.test(document.querySelector(".queue-progress")?.textContent ?? ""));
    await app.page.waitForTimeout(200);
    assert.equal((await rowsNow()).filter(({ frame }) => frame.decided).length, before + 1, `${names}`);
    await press("u");
    await app.page.waitForFunction(() => /^1 of/.test(document.querySelector(".queue-progress")?.textContent ?? ""));
  });

  test("lets a frame be rejected for a cause of the user's choice", async () => {
    await queue("Flagged");
    const name = await shownName();
    const before = await decidedNow(name ?? "");
    await press("Shift+X");
    await app.page.getByRole("menu").waitFor();
    await press("v");
    await press("Enter");
    const causeNow = async () => (await rowsNow()).find((one) => one.name === name)?.frame.decided?.cause;
    for (let i = 0; i < 200 && (await causeNow()) !== "veil"; i++) await app.page.waitForTimeout(25);
    assert.equal(await causeNow(), "veil");
    assert.equal(await decidedNow(name ?? ""), "contaminated");
    await press("u");
    await untilDecided(name ?? "", before);
  });

  test("zooms to 100 % and keeps zoom and place from frame to frame", async () => {
    await queue("All");
    await press("Home");
    await pictureSeen();
    const sheet = () => app.page.locator(".sheet").evaluate(({ style: { left, top, width } }: HTMLElement) => ({ left, top, width }));
    const fitted = await sheet();
    for (const key of ["=", "+", "=", "+"]) await press(key);
    await press("Shift+ArrowRight");
    assert.match((await status()) ?? "", /^\d+ %/);
    const close = await sheet();
    assert.ok(Number.parseFloat(close.width) > Number.parseFloat(fitted.width));
    await press("ArrowRight");
    assert.deepEqual(await sheet(), close);
    await press("z");
    assert.deepEqual(await sheet(), fitted);
    await press("z");
    assert.match((await status()) ?? "", /^100 %/);
    await press("z");
    assert.match((await status()) ?? "", /^Whole frame/);
  });

  test("shows corners with the stars' shape, and rings around measured stars", async () => {
    await press("v");
    await app.page.waitForSelector(".corners-sheet.frame-view-whole", { timeout: 30_000 });
    assert.equal((await app.page.locator(".corner-shape").allTextContents()).filter((text) => /px · ecc|too few/.test(text)).length, 9);
    await press("v");
    await pictureSeen();
    await press("s");
    await app.page.waitForSelector(".star-mark");
    assert.match((await status()) ?? "", /stars? measured/);
    await press("s");
    assert.equal(await app.page.locator(".star-mark").count(), 0);
  });

  test("compares with the pinned frame, both in one zoom, and blinks between the two", async () => {
    await press("Home");
    await press("p");
    const pinned = await shownName();
    await press("ArrowRight");
    await press("c");
    const sides = app.page.locator(".pair-side");
    assert.equal(await sides.count(), 2);
    assert.match((await sides.nth(0).textContent()) ?? "", new RegExp(`^Pinned reference${pinned}`));
    await app.page.waitForFunction(() => document.querySelectorAll(".pair .frame-view-whole").length === 2, null, { timeout: 30_000 });
    await press("z");
    const widths = await app.page.locator(".pair .sheet").evaluateAll((all) => all.map((one) => (one as HTMLElement).style.width));
    assert.equal(widths[0], widths[1]);
    await press("z");
    await press("c");
    await press("Space");
    const label = app.page.locator(".stage-label");
    await label.waitFor();
    await app.page.waitForFunction((name) => document.querySelector(".stage-label")?.textContent === `Reference: ${name}`, pinned);
    await app.page.waitForFunction(() => /^This frame/.test(document.querySelector(".stage-label")?.textContent ?? ""));
    await press("Space");
    await label.waitFor({ state: "detached" });
  });

  test("says why there is no picture of a file that cannot be read, and decides nothing about it", async () => {
    await press("End");
    assert.equal(await shownName(), "cut-short.fits");
    assert.match((await app.page.locator(".no-picture").textContent()) ?? "", /ends before its image does/);
    await press("x");
    await app.page.waitForSelector(".toast");
    assert.equal(await shownName(), "cut-short.fits");
    assert.equal(await decidedNow("cut-short.fits"), null);
  });

  test("lets a frame be decided whose picture cannot be made any more", async () => {
    const complaints = [...app.host.complaints];
    await press("Home");
    const name = (await shownName()) ?? "";
    await rename(join(folder, name), join(folder, "..", name));
    // Its own stretch has not been asked for before, so the file is needed.
    await press("f");
    await app.page.waitForSelector(".no-picture", { timeout: 30_000 });
    assert.doesNotMatch((await app.page.locator(".no-picture").textContent()) ?? "", /ENOENT/);
    const stage = () => app.page.locator(".stage").boundingBox();
    const before = await stage();
    await app.page.getByRole("button", { name: "Show in folder" }).click();
    const notice = app.page.locator(".notice");
    await notice.waitFor();
    assert.deepEqual(await stage(), before);
    await notice.getByRole("button", { name: "Dismiss" }).click();
    await press("x");
    await untilDecided(name, "contaminated");
    await press("u");
    await untilDecided(name, null);
    await rename(join(folder, "..", name), join(folder, name));
    await app.page.getByRole("button", { name: "Try again" }).click();
    await pictureSeen();
    await press("f");
    // Chromium itself notes the pictures that it did not get; nothing else may have been.
    const since = app.host.complaints.splice(0).slice(complaints.length);
    assert.deepEqual(
      since.filter((line) => !/Failed to load resource.*422/.test(line)),
      [],
    );
  });

  test("has an end and an empty queue that say what to do next", async () => {
    await queue("Doubtful");
    await press("End");
    await press("ArrowRight");
    const end = app.page.locator(".queue-end");
    await end.waitFor();
    assert.ok(await end.evaluate((element) => element === document.activeElement));
    await press("ArrowLeft");
    await app.page.getByRole("listbox").waitFor();
    assert.ok(await app.page.getByRole("listbox").evaluate((element) => element === document.activeElement));
  });

  for (const theme of THEMES) {
    test(`${theme}: is accessible`, async () => {
      await app.page.locator(`.segment:has(input[value=${theme}])`).click();
      await app.page.waitForSelector(`html[data-theme=${theme}]`);
      await app.page.mouse.move(0, 0);
      await pictureSeen();
      const { violations } = await new AxeBuilder({ page: app.page }).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(" "))]),
        [],
      );
    });
  }

  test("night: only red lights on pictures, rings, corners and both frames of a comparison", async () => {
    await app.page.getByRole("listbox").focus();
    const onlyRed = (what: string) => assertRedByItself(app.page, what);
    await onlyRed("picture");
    await press("s");
    await app.page.waitForSelector(".star-mark");
    await onlyRed("stars");
    await press("s");
    await press("v");
    await app.page.waitForSelector(".corners-sheet.frame-view-whole", { timeout: 30_000 });
    await onlyRed("corners");
    await press("v");
    await press("c");
    await app.page.waitForFunction(() => document.querySelectorAll(".pair .frame-view-whole").length === 2, null, { timeout: 30_000 });
    await onlyRed("compare");
    await press("c");
  });

  test("goes on with the decisions after the page was loaded again", async () => {
    await app.page.reload();
    await app.page.waitForSelector("#root > *");
    assert.equal(await decidedNow(doubtful[0]), "contaminated");
    assert.equal(await decidedNow(doubtful[1]), doubtful.length === 2 ? null : "clean");
  });

  test("wrote nothing to the page's console and asked nobody outside", () => {
    assert.deepEqual(app.host.complaints, []);
    assert.deepEqual(app.host.outside, []);
  });
});
