import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchApp, type RunningApp } from "../launch.ts";
import { StartPage } from "../pages/start-page.ts";

/** What the window is like before anything happens; what it keeps out is in test/security. */
describe("the window", () => {
  let app: RunningApp;
  before(async () => {
    app = await launchApp();
  });
  after(() => app.close());

  test("opens on an invitation to drop a night", async () => {
    assert.equal(await app.page.title(), "Nebulift");
    assert.equal(await new StartPage(app.page).headline(), "Drop a night here");
  });

  test("hides itself until painted, on the theme's own ground", () => {
    const { show, backgroundColor } = app.window.options;
    assert.equal(show, false);
    assert.equal(backgroundColor, "#161616");
  });

  test("comes to the front when the app is started a second time", () => {
    const before = app.window.focusedTimes;
    app.events.emit("second-instance", {}, ["nebulift"], "/");
    assert.equal(app.window.focusedTimes, before + 1);
  });

  test("wrote nothing to its console and asked nobody outside", () => {
    assert.deepEqual(app.host.complaints, []);
    assert.deepEqual(app.host.outside, []);
  });
});
