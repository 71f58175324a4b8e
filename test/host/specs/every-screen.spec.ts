import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { THEMES, type Theme } from "../../../src/shared/desktop-settings.ts";
import { launchApp, type RunningApp } from "../launch.ts";
import { assertAccessible, assertOnlyRed, assertRedByItself } from "../looks.ts";
import { addDamagedFrame, emptyFolder, simulatedNight } from "../nights.ts";
import { NightPage } from "../pages/night-page.ts";
import { SortDialog } from "../pages/sort-dialog.ts";
import { untilAsync, Walk } from "../pages/walk.ts";

/**
 * One walk over every screen, dialog and message. On each: nothing that an accessibility checker objects to in any theme, and
 * in the night theme no pixel that lights green or blue, with and without the last net.
 */
/**
 * On a busy computer the night pane was seen to have one pixel at (0, 1, 1) with its nets away, never with them; why is not
 * known. A colour of ours that is not red would be lit far brighter.
 */
const UNEXPLAINED = 2;

describe("every screen", () => {
  let app: RunningApp;
  let night: NightPage;
  let sort: SortDialog;
  let walk: Walk;
  let folder = "";
  before(async () => {
    folder = await simulatedNight("NGC 6946", { frames: 14, width: 640, height: 480, seed: 3 });
    await addDamagedFrame(folder, "cut-short.fits");
    app = await launchApp();
    night = new NightPage(app.page);
    sort = new SortDialog(app.page);
    walk = new Walk(app);
  });
  after(() => app.close());

  const press = async (key: string) => {
    await app.page.keyboard.press(key);
    await app.page.waitForTimeout(150);
  };
  /** Not by its switch: that would take focus and pointer away from what is looked at. */
  const wear = async (theme: Theme) => {
    await app.page.evaluate((wanted) => window.nebulift.call["settings.set"]({ theme: wanted }, null), theme);
    await app.page.waitForSelector(`html[data-theme=${theme}]`);
  };
  const seen: string[] = [];
  const look = async (screen: string) => {
    seen.push(screen);
    for (const theme of THEMES) {
      await wear(theme);
      await assertAccessible(app.page, `${screen}, ${theme}`);
    }
    await assertOnlyRed(app.page, screen);
    await assertRedByItself(app.page, screen, UNEXPLAINED);
    await wear("dark");
  };

  test("before a night is open, and when there is nothing in it", async () => {
    await look("first screen");
    await app.drop([await emptyFolder("nothing here")]);
    await app.page.waitForSelector(".failed");
    await look("failed night");
    await press("Control+k");
    await look("palette");
    await press("Escape");
  });

  test("the night: graded, narrowed, picked, its plots, limits and rules", async () => {
    await app.drop([folder]);
    await night.until("done");
    await night.rows.nth(1).click();
    await night.pictureShown();
    await look("night");
    await night.find("cut-short");
    await look("unreadable frame");
    await night.find("nothing is called this");
    await look("nothing found");
    await app.page.locator(".finder input").press("Escape");
    await press("Control+a");
    await look("frames picked together");
    await press("Escape");
    await app.page.getByRole("button", { name: "Plots" }).click();
    await look("choice of plots");
    await press("Escape");
    await press("l");
    await app.page.getByRole("dialog").waitFor();
    await look("limits and rules");
    await app.page.getByRole("button", { name: "Add a rule" }).click();
    await look("a rule being written");
    await press("Escape");
    if ((await app.page.getByRole("dialog").count()) > 0) await press("Escape");
  });

  test("the review: marks, stars, corners, comparison, causes, and its end", async () => {
    await press("2");
    await walk.queue("All");
    await app.page.locator(".frame-view-whole img").first().waitFor();
    await look("review");
    await press("s");
    await look("measured stars");
    await press("s");
    await press("z");
    await app.page.waitForTimeout(500);
    await look("100 %");
    await press("z");
    await press("v");
    await app.page.waitForTimeout(500);
    await look("corners");
    await press("v");
    await press("c");
    await app.page.waitForTimeout(500);
    await look("comparison");
    await press("c");
    await press("Shift+X");
    await look("choice of a cause");
    await press("Escape");
    // What cannot be read cannot be decided about, and lies at the end of all frames.
    await walk.queue("Flagged");
    for (let at = 0; at < 20 && (await app.page.locator(".queue-end").count()) === 0; at++) await press("k");
    await app.page.locator(".queue-end").waitFor();
    await look("end of the queue");
  });

  test("sorting: asking, dry run, every file, outcome, the bar above the night, taking back", async () => {
    const output = join(dirname(folder), "sorted");
    mkdirSync(output);
    await press("1");
    await sort.open();
    await look("where to sort to");
    app.host.dialogAnswers.push([folder]);
    await sort.choose("Choose a folder…");
    await sort.dialog.locator(".trouble-note").waitFor();
    await look("a folder that will not do");
    app.host.dialogAnswers.push([output]);
    await sort.choose("Change…");
    await sort.plan();
    await look("dry run");
    await sort.dialog.getByRole("button", { name: "Show every file" }).click();
    await app.page.locator(".moves li").first().waitFor();
    await look("every file of the dry run");
    await sort.start.click();
    await sort.headline();
    await look("sorted");
    await sort.close();
    await look("bar of a sorted night");
    await app.page.getByRole("region", { name: "Sorted" }).getByRole("button", { name: "Take back" }).click();
    await sort.dialog.waitFor();
    await look("asking whether to take back");
    await press("Enter");
    await sort.headlineOf(/Taken back/);
    await look("taken back");
    await sort.close();
  });

  test("handing over, settings, keys and messages", async () => {
    await press("Control+e");
    await app.page.getByRole("dialog").waitFor();
    await look("handing over");
    app.host.dialogAnswers.push([join(dirname(folder), "night.csv")]);
    await app.page.getByRole("radio", { name: /^Table/ }).check();
    await press("Enter");
    await app.page.locator(".work-headline").waitFor();
    await look("handed over");
    await press("Escape");
    await press("5");
    for (const section of await app.page.locator(".settings [role=tab]").all()) {
      await section.click();
      await look(`settings: ${await section.textContent()}`);
    }
    await press("?");
    await app.page.getByRole("dialog").waitFor();
    await look("all keys");
    await press("Escape");
    await press("1");
    await press("Control+a");
    await press("x");
    await app.page.locator(".toast").waitFor();
    await look("a toast");
    await untilAsync(async () => ((await night.snapshot()).head?.undo ?? 0) > 0);
    await app.drop([join(dirname(folder), "gone")]);
    await app.page.locator(".notice").waitFor();
    await look("an error");
  });

  test("none was left out by mistake", () => {
    assert.ok(seen.length >= 35, seen.join(", "));
    assert.deepEqual(
      app.host.complaints.filter((text) => !text.includes("[axe]")),
      [],
    );
  });
});
