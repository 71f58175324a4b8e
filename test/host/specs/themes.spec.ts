import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { THEMES, type Theme } from "../../../src/shared/desktop-settings.ts";
import { launchApp, type RunningApp } from "../launch.ts";
import { assertAccessible, assertOnlyRed, assertRedByItself } from "../looks.ts";
import { addDamagedFrame, simulatedNight } from "../nights.ts";
import { TitleBar } from "../pages/title-bar.ts";

describe("themes", () => {
  let app: RunningApp;
  before(async () => {
    const folder = await simulatedNight("\u{1F30C} colour in a name", { frames: 12, width: 640, height: 480, seed: 3 });
    await addDamagedFrame(folder, "\u{1F49A}.fits");
    app = await launchApp();
    night = folder;
  });
  after(() => app.close());
  let night = "";

  const choose = async (theme: Theme) => {
    await new TitleBar(app.page).chooseTheme(theme);
    await app.page.mouse.move(0, 0);
  };

  const accessible = (what: string) => assertAccessible(app.page, what);
  const onlyRed = (what: string) => assertOnlyRed(app.page, what);
  const redByItself = (what: string) => assertRedByItself(app.page, what);

  for (const theme of THEMES) {
    test(`${theme}: the empty window is accessible`, async () => {
      await choose(theme);
      await accessible(theme);
    });
  }

  test("night: only red lights in the empty window, with and without its last net", async () => {
    await choose("night");
    await onlyRed("empty");
    await redByItself("empty");
  });

  test("night: only red lights while a folder is held over the window", async () => {
    await app.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "x.fits"));
      window.dispatchEvent(new DragEvent("dragenter", { dataTransfer: data, cancelable: true }));
    });
    await app.page.waitForSelector(".dropping");
    await redByItself("held over");
    await app.page.evaluate(() => window.dispatchEvent(new DragEvent("dragleave")));
  });

  test("night: only red lights on a night, its picture, focus, hover, selected text and errors", async () => {
    await app.drop([night]);
    await app.page.waitForSelector(".progress-done", { timeout: 120_000 });
    await app.page.getByRole("grid").focus();
    for (const key of ["Home", "ArrowDown", "ArrowDown"]) await app.page.keyboard.press(key);
    await app.page.waitForSelector(".picture-shown", { timeout: 30_000 });
    await onlyRed("night");
    for (const target of [".finder input", ".tally.verdict-clean", ".head-fwhm button", ".inspector-words", ".titlebar-open"]) {
      await app.page.locator(target).first().focus();
      await app.page.locator(target).first().hover();
      await onlyRed(target);
    }
    await app.page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector(".inspector-words") ?? document.body));
    await onlyRed("selected text");
    await app.page.evaluate(() => getSelection()?.removeAllRanges());
    await app.page.locator(".finder input").fill("no such frame");
    await onlyRed("nothing found");
    await app.page.keyboard.press("Escape");
  });

  test("night: the colours alone are red, but for what a file's name brings along", async () => {
    await app.page.locator(".finder input").fill("0");
    await app.page.locator(".table-row").first().click();
    await app.page.waitForSelector(".picture-shown", { timeout: 30_000 });
    await app.page.evaluate(() => {
      for (const element of document.querySelectorAll(".titlebar-night, .facts dd")) element.textContent = "";
    });
    await redByItself("night");
    await app.page.reload();
    await app.page.waitForSelector(".progress-done");
  });

  for (const theme of THEMES) {
    test(`${theme}: a night is accessible`, async () => {
      await choose(theme);
      await app.page.waitForSelector(".picture-shown", { timeout: 30_000 });
      await accessible(theme);
    });
  }

  test("the theme is in the page's first bytes, and the system's own parts follow", async () => {
    await choose("night");
    const html = await app.page.evaluate(async () => (await fetch("/")).text());
    assert.match(html, /<html lang="en" data-theme="night">/);
    assert.equal(app.window.background, "#000000");
    const { nativeTheme } = await import("../electron/index.ts");
    assert.equal(nativeTheme.themeSource, "dark");
  });

  test("the menu's shortcut turns night on and off", async () => {
    app.menu("View", "Theme", "Night (red only)");
    await app.page.waitForSelector("html[data-theme=dark]");
    app.menu("View", "Theme", "Night (red only)");
    await app.page.waitForSelector("html[data-theme=night]");
  });
});
