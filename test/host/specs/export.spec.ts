import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { THEMES } from "../../../src/shared/desktop-settings.ts";
import { finalVerdict } from "../../../src/shared/final-verdict.ts";
import { seeTree } from "../../faults/trees.ts";
import { launchApp, type RunningApp } from "../launch.ts";
import { simulatedNight } from "../nights.ts";
import { NightPage } from "../pages/night-page.ts";
import { TitleBar } from "../pages/title-bar.ts";

describe("handing a night over", () => {
  let app: RunningApp;
  let night: NightPage;
  let folder = "";
  let untouched: ReturnType<typeof seeTree>;
  before(async () => {
    folder = await simulatedNight("M31 2026-09-12", { frames: 8, width: 640, height: 480, seed: 3 });
    untouched = seeTree(folder);
    app = await launchApp();
    night = new NightPage(app.page);
    await app.drop([folder]);
    await night.until("done");
  });
  after(() => app.close());

  const dialog = () => app.page.getByRole("dialog");
  const open = async () => {
    await app.page.keyboard.press("Control+e");
    await dialog().waitFor();
  };
  const close = async () => {
    await app.page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
  };
  const clean = async () => (await night.snapshot()).rows.filter(({ frame }) => finalVerdict(frame) === "clean").map(({ name }) => name);

  for (const theme of THEMES) {
    test(`${theme}: the choice is accessible`, async () => {
      await new TitleBar(app.page).chooseTheme(theme);
      await open();
      const { violations } = await new AxeBuilder({ page: app.page }).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(" "))]),
        [],
      );
      await close();
    });
  }

  test("is back at the choice when the file dialog was closed", async () => {
    await open();
    app.host.dialogAnswers.push(null);
    await app.page.keyboard.press("Enter");
    await app.page.waitForFunction(
      () => document.querySelector("[role=progressbar]") === null && document.querySelector(".tiles") !== null,
    );
    await close();
  });

  test("gives Siril a folder with the approved frames and a script, and says what to do with it", async () => {
    const place = join(dirname(folder), "M31 siril");
    await open();
    app.host.dialogAnswers.push([place]);
    await app.page.keyboard.press("Enter");
    await dialog().locator(".work-headline").waitFor();
    const approved = await clean();
    assert.match((await dialog().textContent()) ?? "", new RegExp(`Siril: done${approved.length} of 8 lights approved`));
    assert.match((await dialog().textContent()) ?? "", /run stack\.ssf/);
    const files = await readdir(place, { recursive: true });
    assert.ok(files.some((name) => name.endsWith("stack.ssf")));
    assert.equal(files.filter((name) => /lights[/\\].+\.fits?$/.test(name)).length, approved.length);
    await dialog().getByRole("button", { name: "Show in file manager" }).click();
    await close();
  });

  test("writes a table that has a line for each frame", async () => {
    const place = join(dirname(folder), "M31.csv");
    await open();
    await dialog()
      .getByRole("radio", { name: /^Table \(CSV\)/ })
      .check();
    app.host.dialogAnswers.push([place]);
    await app.page.keyboard.press("Enter");
    await dialog().locator(".work-headline").waitFor();
    assert.ok(existsSync(place));
    const lines = (await readFile(place, "utf8")).trim().split("\n");
    assert.equal(lines.filter((line) => line.includes(".fits")).length, 8);
    await close();
  });

  test("only read the frames", () => {
    assert.deepEqual(seeTree(folder), untouched);
  });

  test("wrote nothing to the page's console and asked nobody outside", () => {
    assert.deepEqual(app.host.complaints, []);
    assert.deepEqual(app.host.outside, []);
  });
});
