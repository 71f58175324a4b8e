import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchApp, type RunningApp } from "../launch.ts";
import { simulatedNight } from "../nights.ts";

const FRAMES = 30;

describe("stopping", () => {
  let app: RunningApp;
  let folder = "";
  before(async () => {
    folder = await simulatedNight("long night", { frames: FRAMES, width: 1600, height: 1200, seed: 11 });
    app = await launchApp();
  });
  after(() => app.close());

  test("ends the grading, keeps what was graded and says so", async () => {
    await app.drop([folder]);
    await app.page.waitForSelector(".table-row", { timeout: 60_000 });
    await app.page.getByRole("button", { name: "Stop" }).click();
    await app.page.waitForSelector(".progress-cancelled", { timeout: 10_000 });
    const reply = await app.page.evaluate(() => window.nebulift.call["night.snapshot"](undefined, null));
    assert.ok(reply.ok);
    const { head, rows } = reply.value;
    assert.equal(head?.state, "cancelled");
    assert.ok(rows.length > 0 && rows.length < FRAMES, `${rows.length} rows`);
    assert.equal(await app.page.getByRole("button", { name: "Stop" }).count(), 0);
  });

  test("is not for ever: the same folder is graded to its end afterwards", async () => {
    await app.drop([folder]);
    await app.page.waitForSelector(".progress-done", { timeout: 120_000 });
    assert.equal(await app.page.getByRole("grid").getAttribute("aria-rowcount"), String(FRAMES + 1));
  });
});
