import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { EVENTS, nightSnapshotSchema } from "../../../src/shared/contract.ts";
import { launchApp, type RunningApp } from "../launch.ts";
import { addDamagedFrame, emptyFolder, simulatedNight } from "../nights.ts";
import { NightPage } from "../pages/night-page.ts";
import { TitleBar } from "../pages/title-bar.ts";

const FRAMES = 12;

describe("a night", () => {
  let app: RunningApp;
  let night: NightPage;
  let bar: TitleBar;
  let folder = "";
  before(async () => {
    folder = await simulatedNight("M31 2026-09-12", { frames: FRAMES, width: 640, height: 480, seed: 3 });
    await addDamagedFrame(folder, "cut-short.fits");
    app = await launchApp();
    night = new NightPage(app.page);
    bar = new TitleBar(app.page);
  });
  after(() => app.close());

  test("that is dropped gets a verdict for every frame", async () => {
    await app.page.evaluate(() => {
      const told: unknown[] = [];
      Object.assign(document, { told });
      window.nebulift.on["night.changed"]((change) => told.push(change));
    });
    await app.drop([folder]);
    await night.until("done");
    assert.equal(await bar.nightTitle(), "M31 2026-09-12");
    const rows = app.page.getByRole("row");
    assert.equal(await night.frameCount(), FRAMES + 1);
    const kinds = await rows.locator(".verdict").allTextContents();
    assert.equal(kinds.length, FRAMES + 1);
    for (const kind of kinds) assert.match(kind, /^(Clean|Review|Contaminated|Not a light|Unreadable)$/);
    assert.equal(kinds.filter((kind) => kind === "Unreadable").length, 1);
  });

  test("crosses in the contract's own shape", async () => {
    const state = nightSnapshotSchema.parse(await night.snapshot());
    assert.equal(state.head?.state, "done");
    assert.equal(state.rows.length, FRAMES + 1);
    for (const { frame } of state.rows) if (frame.error === null) assert.ok(Number.isFinite(frame.measurements?.["stars"]));
  });

  test("is told of in changes that follow one another without a gap, each in the contract's shape", async () => {
    const told = (await app.page.evaluate(() => Reflect.get(document, "told"))) as unknown[];
    const changes = told.map((change) => EVENTS["night.changed"].parse(change));
    assert.ok(changes.length > 0);
    for (const [index, { base, revision }] of changes.entries()) {
      assert.equal(revision, base + 1);
      if (index > 0) assert.equal(base, changes[index - 1]?.revision);
    }
    assert.equal(changes.at(-1)?.head.state, "done");
    assert.equal(new Set(changes.flatMap(({ rows }) => rows.map(({ id }) => id))).size, FRAMES + 1);
  });

  test("tells the same numbers in its line as in its rows", async () => {
    const { rows } = await night.snapshot();
    const unreadable = rows.filter(({ frame }) => frame.verdict === "unreadable").length;
    const clean = rows.filter(({ frame }) => frame.verdict === "clean").length;
    assert.equal(await night.tally("unreadable").locator(".tally-number").textContent(), String(unreadable));
    assert.equal(await night.tally("clean").locator(".tally-number").textContent(), String(clean));
  });

  test("shows the selected frame's picture, in its own proportions", async () => {
    await night.rows.first().click();
    await app.page.waitForSelector(".picture-shown img", { timeout: 30_000 });
    const size = await app.page.locator(".picture img").evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
    assert.ok(Math.abs((size[0] ?? 0) / (size[1] ?? 1) - 640 / 480) < 0.02, `${size}`);
  });

  test("is walked through by keys, focus staying on the list", async () => {
    const { grid } = night;
    await grid.focus();
    const active = () => night.activeRow();
    await app.page.keyboard.press("Home");
    const first = await active();
    await app.page.keyboard.press("ArrowDown");
    assert.notEqual(await active(), first);
    await app.page.keyboard.press("ArrowUp");
    assert.equal(await active(), first);
    await app.page.keyboard.press("End");
    const last = await active();
    assert.equal(await app.page.locator(`[id="${last}"]`).getAttribute("aria-rowindex"), String(FRAMES + 2));
    assert.equal(await app.page.locator(`[id="${last}"]`).getAttribute("aria-selected"), "true");
    assert.ok(await grid.evaluate((element) => element === document.activeElement));
  });

  test("can be searched, and Escape brings all frames back", async () => {
    await app.page.keyboard.press("/");
    await app.page.keyboard.type("cut-short");
    await app.page.waitForFunction(() => document.querySelectorAll(".table-row").length === 1);
    assert.match((await night.inspector.textContent()) ?? "", /ends before its image does/);
    await app.page.keyboard.press("Escape");
    await app.page.waitForFunction((count) => document.querySelectorAll(".table-row").length === count, FRAMES + 1);
  });

  test("can be narrowed to one verdict and sorted by a column", async () => {
    await night.tally("unreadable").click();
    await app.page.waitForFunction(() => document.querySelectorAll(".table-row").length === 1);
    await night.tally("unreadable").click();
    await app.page.getByRole("columnheader", { name: /FWHM/ }).getByRole("button").click();
    const values = (await app.page.locator(".cell-fwhm").allTextContents()).filter((text) => text !== "–").map(Number);
    assert.deepEqual(
      values,
      [...values].sort((a, b) => b - a),
    );
    await app.page.getByRole("columnheader", { name: /Time/ }).getByRole("button").click();
  });

  test("hides and shows what was found on the picture", async () => {
    const marks = app.page.getByRole("button", { name: /found on the picture/ });
    assert.equal(await marks.getAttribute("aria-pressed"), "true");
    await marks.click();
    assert.equal(await marks.getAttribute("aria-pressed"), "false");
    assert.equal(await app.page.locator("svg.marks").count(), 0);
    await marks.click();
  });

  test("is there again after the page was reloaded", async () => {
    await app.page.reload();
    await night.until("done");
    assert.equal(await night.frameCount(), FRAMES + 1);
  });

  test("that is chosen in the dialog replaces it; a dialog that is closed changes nothing", async () => {
    app.host.dialogAnswers.push(null);
    await bar.openFolder();
    await app.page.waitForTimeout(100);
    assert.equal(await bar.nightTitle(), "M31 2026-09-12");
    const second = await simulatedNight("M13", { frames: 2, width: 320, height: 240, seed: 5 });
    app.host.dialogAnswers.push([second]);
    app.menu("File", "Open folder…");
    await app.page.waitForFunction(() => document.querySelector(".titlebar-night h1")?.textContent === "M13");
    await night.until("done");
    assert.equal(await night.frameCount(), 2);
  });

  test("without frames says so and what to do", async () => {
    await app.drop([await emptyFolder("nothing here")]);
    await app.page.waitForSelector(".failed");
    assert.match((await app.page.locator(".failed").textContent()) ?? "", /No image files were found/);
  });

  test("is remembered for the next dialog", () => {
    const [shown] = app.host.dialogsShown.slice(-1) as { defaultPath?: string }[];
    assert.ok(shown?.defaultPath?.endsWith("M31 2026-09-12"), shown?.defaultPath);
  });

  test("wrote nothing to the page's console and asked nobody outside", () => {
    assert.deepEqual(app.host.complaints, []);
    assert.deepEqual(app.host.outside, []);
  });
});
