import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchApp, type RunningApp } from "../launch.ts";
import { simulatedNight } from "../nights.ts";
import { NightPage } from "../pages/night-page.ts";

const FRAMES = 30;

describe("stopping", () => {
  let app: RunningApp;
  let night: NightPage;
  let folder = "";
  before(async () => {
    folder = await simulatedNight("long night", { frames: FRAMES, width: 1600, height: 1200, seed: 11 });
    app = await launchApp();
    night = new NightPage(app.page);
  });
  after(() => app.close());

  test("ends the grading, keeps what was graded and says so", async () => {
    await app.drop([folder]);
    await night.firstRow();
    await night.stopButton.click();
    await night.until("cancelled", 10_000);
    const { head, rows } = await night.snapshot();
    assert.equal(head?.state, "cancelled");
    assert.ok(rows.length > 0 && rows.length < FRAMES, `${rows.length} rows`);
    assert.equal(await night.stopButton.count(), 0);
  });

  test("is not for ever: the same folder is graded to its end afterwards", async () => {
    await app.drop([folder]);
    await night.until("done");
    assert.equal(await night.frameCount(), FRAMES);
  });
});
