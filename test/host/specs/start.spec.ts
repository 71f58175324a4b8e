import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { THEMES } from "../../../src/shared/desktop-settings.ts";
import { type AppInProcess, startApp } from "../app-process.ts";
import { simulatedNight } from "../nights.ts";
import { NightPage } from "../pages/night-page.ts";
import { StartPage } from "../pages/start-page.ts";
import { TitleBar } from "../pages/title-bar.ts";

const SIZE = { width: 640, height: 480 };

describe("the first screen", () => {
  let app: AppInProcess;
  let start: StartPage;
  let night: NightPage;
  let home = "";
  let first = "";
  let second = "";
  const launch = async () => {
    app = await startApp(home);
    start = new StartPage(app.page);
    night = new NightPage(app.page);
  };
  const closeNight = async () => {
    const reply = await app.page.evaluate(() => window.nebulift.call["night.close"](undefined, null));
    assert.ok(reply.ok);
    await app.page.reload();
    await start.until();
  };
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "nebulift-start-"));
    first = await simulatedNight("M31 2026-09-12", { frames: 6, ...SIZE, seed: 3 });
    second = await simulatedNight("M13", { frames: 40, width: 1600, height: 1200, seed: 5 });
    await launch();
  });
  after(async () => {
    await app.quit();
    await rm(home, { recursive: true, force: true });
  });

  test("invites to drop a night, and has nothing else to say on the first day", async () => {
    assert.equal(await start.headline(), "Drop a night here");
    assert.equal(await start.recents.count(), 0);
    assert.equal(await start.goOn.count(), 0);
    assert.match((await app.page.locator("main").textContent()) ?? "", /Everything stays on this computer/);
  });

  test("lists the night that was open, with what is known of it", async () => {
    await app.drop([first]);
    await night.until("done");
    const { head } = await night.snapshot();
    await closeNight();
    const line = (await start.recents.first().textContent()) ?? "";
    assert.match(line, /^M31 2026-09-12opened today/);
    assert.match(line, /6 frames/);
    assert.match(line, head?.summary?.review === 0 ? /none in doubt/ : new RegExp(`${head?.summary?.review} in doubt`));
  });

  for (const theme of THEMES) {
    test(`${theme}: is accessible with nights before on it`, async () => {
      await new TitleBar(app.page).chooseTheme(theme);
      // Axe wants pages of its own, which a browser that is driven from outside does not give.
      const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode(true).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(" "))]),
        [],
      );
    });
  }

  test("opens a night before by Enter, and what was graded is not graded again", async () => {
    await start.recents.first().focus();
    await app.page.keyboard.press("Enter");
    await night.until("done");
    assert.equal(await new TitleBar(app.page).nightTitle(), "M31 2026-09-12");
    assert.equal(await night.frameCount(), 6);
    await closeNight();
  });

  test("says of a night whose drive is away that it is, and opens it once it is back", async () => {
    const away = `${first} away`;
    await rename(first, away);
    await start.comeBack();
    await app.page.locator(".recent-away").waitFor();
    assert.match((await start.recents.first().textContent()) ?? "", /Not there now/);
    await start.recents.first().focus();
    await app.page.keyboard.press("Enter");
    await app.page.locator(".toast").waitFor();
    assert.match((await app.page.locator(".toast").textContent()) ?? "", /still not there/);
    await rename(away, first);
    await start.recents.first().focus();
    await app.page.keyboard.press("Enter");
    await night.until("done");
    await closeNight();
  });

  test("takes a night off the list by Delete, and leaves its files alone", async () => {
    const files = await readdir(first);
    await start.recents.first().focus();
    await app.page.keyboard.press("Delete");
    await app.page.waitForFunction(() => document.querySelectorAll(".recent-open").length === 0);
    assert.deepEqual(await readdir(first), files);
  });

  test("after a power cut says what was under way, and goes on with it", async () => {
    await app.drop([second]);
    await night.firstRow();
    // What the app was doing is noted within a second or so.
    await app.page.waitForTimeout(2500);
    await app.kill();
    await launch();
    await start.goOn.waitFor();
    const words = (await start.goOn.textContent()) ?? "";
    assert.match(words, /M13/);
    assert.match(words, /of 40 frames graded|all 40 frames graded/);
    await start.goOn.getByRole("button", { name: "Go on" }).click();
    await night.until("done", 180_000);
    assert.equal(await night.frameCount(), 40);
    await closeNight();
    assert.equal(await start.goOn.count(), 0);
  });

  test("offers a simulated night, which is made and graded on this computer", async () => {
    await start.simulate();
    await night.until("done", 240_000);
    const { head, rows } = await night.snapshot();
    assert.equal(rows.length, 40);
    assert.ok((head?.summary?.clean ?? 0) > 0 && (head?.summary?.contaminated ?? 0) > 0);
    assert.ok(head?.paths.every((path) => path.startsWith(home) && existsSync(path)));
    await closeNight();
  });

  test("wrote nothing to the page's console", async () => {
    assert.deepEqual(await app.complaints(), []);
  });
});
