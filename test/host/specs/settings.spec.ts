import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventChannel } from "../../../src/shared/channels.ts";
import { THEMES } from "../../../src/shared/desktop-settings.ts";
import { launchApp, type RunningApp, untilDefined } from "../launch.ts";
import { assertAccessible, assertOnlyRed, assertRedByItself } from "../looks.ts";
import { simulatedNight } from "../nights.ts";
import { pressForeign } from "../pages/keyboard.ts";
import { NightPage } from "../pages/night-page.ts";
import { Palette } from "../pages/palette.ts";
import { SettingsPage } from "../pages/settings-page.ts";
import { TitleBar } from "../pages/title-bar.ts";

/** A decision is on the disk before the page hears of it, so it is waited for. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `not within 10 s: ${holds}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const SECTIONS = ["appearance", "keys", "judging", "review", "sorting", "help", "privacy", "about"] as const;

describe("settings, keys and the palette", () => {
  let app: RunningApp;
  let settings: SettingsPage;
  let palette: Palette;
  let bar: TitleBar;
  const problems: string[] = [];
  before(async () => {
    app = await launchApp({ width: 1280, height: 800 });
    app.page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
    });
    app.page.on("pageerror", (error) => problems.push(error.message));
    settings = new SettingsPage(app.page);
    palette = new Palette(app.page);
    bar = new TitleBar(app.page);
  });
  after(() => app.close());

  const press = (key: string) => app.page.keyboard.press(key);
  const theme = () => app.page.locator("html").getAttribute("data-theme");
  const focused = () => app.page.evaluate(() => document.activeElement?.textContent ?? "");
  const kept = async () => {
    const reply = await app.page.evaluate(() => window.nebulift.call["settings.get"](undefined, null));
    assert.ok(reply.ok);
    return reply.value;
  };

  test("a key leads to the settings and gives them the focus; arrows go through the sections", async () => {
    await press("5");
    assert.equal(await focused(), "Appearance");
    await press("ArrowDown");
    assert.equal(await app.page.locator("h1").last().textContent(), "Keys");
    await press("End");
    assert.equal(await app.page.locator("h1").last().textContent(), "About");
  });

  test("a key is changed by pressing the new one, works at once and is in the page of keys", async () => {
    await settings.open("keys");
    await settings.addKey("Red night mode", "m");
    assert.deepEqual(await settings.keysOf("Red night mode"), ["Ctrl+Shift+N", "M"]);
    assert.deepEqual((await kept()).keys, { "window.red": ["$mod+Shift+n", "m"] });
    await press("m");
    await app.page.waitForSelector("html[data-theme=night]");
    await press("m");
    await app.page.waitForSelector("html[data-theme=dark]");
    await press("?");
    const { scrolls } = await palette.keysSheet
      .locator(".sheet-columns")
      .evaluate((columns) => ({ scrolls: columns.scrollHeight > columns.clientHeight }));
    assert.equal(scrolls, false, "every key on one page at 1280 x 800");
    const row = palette.keysSheet.locator(".sheet-row").filter({ hasText: "Red night mode" });
    assert.deepEqual(await row.locator(".keycap").allTextContents(), ["Ctrl+Shift+N", "M"]);
    await press("?");
    await palette.keysSheet.waitFor({ state: "detached" });
  });

  test("a key that another command has is told with its holder, and taken over only on purpose", async () => {
    await settings.open("keys");
    await settings.addKey("Red night mode", "5");
    assert.match((await settings.command("Red night mode").getByRole("alert").textContent()) ?? "", /5 is the key of “Settings”/);
    assert.deepEqual((await kept()).keys, { "window.red": ["$mod+Shift+n", "m"] });
    await press("Escape");
    assert.deepEqual(await settings.keysOf("Settings"), ["5", "Ctrl+,"]);
    await settings.addKey("Red night mode", "5");
    await settings.button("Use it here instead").click();
    assert.deepEqual(await settings.keysOf("Settings"), ["Ctrl+,"]);
    await bar.show("night");
    await press("5");
    await app.page.waitForSelector("html[data-theme=night]");
    assert.equal(await app.page.locator(".settings").count(), 0);
    await press("5");
    await app.page.waitForSelector("html[data-theme=dark]");
  });

  test("Esc leaves the choice of a key, and keys that lead out cannot be chosen", async () => {
    await settings.open("keys");
    await settings.addKey("Find frames", "Control+c");
    assert.match((await settings.command("Find frames").getByRole("alert").textContent()) ?? "", /keeps its own meaning/);
    await press("Escape");
    assert.deepEqual(await settings.keysOf("Find frames"), ["/"]);
    assert.match(await focused(), /^\/$/);
  });

  test("what was chosen is there after the window is loaded again", async () => {
    const before = await kept();
    await app.page.reload();
    await app.page.waitForSelector(".titlebar");
    assert.deepEqual(await kept(), before);
    await settings.open("keys");
    assert.deepEqual(await settings.keysOf("Red night mode"), ["Ctrl+Shift+N", "M", "5"]);
  });

  test("a held key does its command once", async () => {
    await app.page.keyboard.down("m");
    await app.page.keyboard.down("m");
    await app.page.keyboard.down("m");
    await app.page.keyboard.up("m");
    assert.equal(await theme(), "night");
    await press("m");
    assert.equal(await theme(), "dark");
  });

  test("single letters rest while something is typed", async () => {
    const field = app.page.locator(".key-find input");
    await field.focus();
    await app.page.keyboard.type("m5?");
    assert.equal(await field.inputValue(), "m5?");
    assert.equal(await theme(), "dark");
    assert.equal(await palette.keysSheet.count(), 0);
    await press("Escape");
  });

  test("one command, and all, go back to the keys they came with", async () => {
    await app.page.getByRole("button", { name: "Reset the keys of Settings" }).click();
    assert.deepEqual(await settings.keysOf("Settings"), ["5", "Ctrl+,"]);
    assert.deepEqual(await settings.keysOf("Red night mode"), ["Ctrl+Shift+N", "M"]);
    await settings.button("Reset all keys").click();
    assert.deepEqual((await kept()).keys, {});
    await app.page.locator(".toast").getByRole("button", { name: "Undo" }).click();
    assert.deepEqual((await kept()).keys, { "window.red": ["$mod+Shift+n", "m"] });
    await settings.button("Reset all keys").click();
    assert.deepEqual(await settings.keysOf("Red night mode"), ["Ctrl+Shift+N"]);
    await app.page.locator(".toast").getByRole("button", { name: "Dismiss" }).click();
  });

  test("? and / are what a German or a French keyboard says they are", async () => {
    await pressForeign(app.page, { key: "?", code: "Minus", shift: true });
    await palette.keysSheet.waitFor();
    await pressForeign(app.page, { key: "?", code: "KeyM", shift: true });
    await palette.keysSheet.waitFor({ state: "detached" });
  });

  test("the palette runs a command by its name, and the focus goes back where it was", async () => {
    await settings.open("about");
    await palette.run("red nig");
    assert.equal(await theme(), "night");
    assert.equal(await focused(), "About");
    await palette.run("red nig");
    assert.equal(await theme(), "dark");
    assert.equal(await app.page.locator("style").count(), 0, "nothing may write styles into the page");
  });

  test("the palette says what a command waits for, and does not run it", async () => {
    await palette.open("sort into");
    const entry = palette.entry("Sort into folders…");
    assert.equal(await entry.getAttribute("aria-disabled"), "true");
    assert.match((await entry.textContent()) ?? "", /open a night first/);
    await press("Escape");
    await palette.dialog.waitFor({ state: "detached" });
  });

  test("a hint goes when its thing was done, stays away, and comes back when asked for", async () => {
    const hint = app.page.locator("[data-hint=palette]");
    assert.equal(await hint.count(), 0, "the palette was used above");
    await app.page.reload();
    await app.page.waitForSelector(".titlebar");
    assert.equal(await hint.count(), 0);
    await settings.open("help");
    await settings.button("Show them again").click();
    await hint.waitFor();
    const before = await app.page.locator(".titlebar").boundingBox();
    await hint.getByRole("button").click();
    await hint.waitFor({ state: "detached" });
    assert.deepEqual(await app.page.locator(".titlebar").boundingBox(), before);
    assert.deepEqual((await kept()).hintsSeen, ["palette"]);
  });

  test("blinking faster than is safe for everybody is said to be so", async () => {
    await settings.open("review");
    const note = app.page.locator(".blink-note");
    const slider = app.page.getByRole("slider", { name: "Pictures a second" });
    await slider.fill("3");
    assert.match((await note.textContent()) ?? "", /safe for everybody/);
    await slider.press("ArrowRight");
    assert.equal((await kept()).blinkRate, 3.5);
    assert.match((await note.textContent()) ?? "", /seizure/);
    await settings.button("Reset").click();
    assert.equal((await kept()).blinkRate, 2);
  });

  test("stretch, overlays and how to sort are kept", async () => {
    await app.page.getByRole("radio", { name: /Each frame by itself/ }).check();
    await app.page.getByRole("checkbox", { name: /Measured stars/ }).check();
    await settings.open("sorting");
    await app.page.getByRole("radio", { name: /Move/ }).check();
    await app.page.getByRole("checkbox", { name: /Keep the folders/ }).check();
    const { stretch, overlays, sortAction, sortKeepFolders } = await kept();
    assert.deepEqual([stretch, overlays.stars, sortAction, sortKeepFolders], ["frame", true, "move", true]);
    await settings.button("Reset").click();
    assert.equal((await kept()).sortAction, "copy");
    await settings.open("review");
    await settings.button("Reset").click();
    assert.deepEqual((await kept()).overlays, { cells: true, trails: true, stars: false });
  });

  test("the places and the limits are those of the app", async () => {
    await settings.open("privacy");
    const shown = await app.page.locator(".setting-path").allTextContents();
    const info = await app.page.evaluate(() => window.nebulift.call["app.info"](undefined, null));
    assert.ok(info.ok);
    assert.deepEqual(shown, [info.value.folders.data, info.value.folders.cache]);
    await app.page.getByRole("button", { name: "Show folder: Settings and decisions" }).click();
    await untilDefined(() => app.host.revealed.at(-1));
    assert.deepEqual(app.host.revealed, [info.value.folders.data]);
    await settings.open("judging");
    await app.page.getByText("All limits are Nebulift's own.").waitFor();
  });

  for (const name of THEMES) {
    test(`${name}: every section, the palette and the page of keys are accessible`, async () => {
      await bar.chooseTheme(name);
      for (const section of SECTIONS) {
        await settings.open(section);
        await assertAccessible(app.page, section);
      }
      await palette.open();
      await assertAccessible(app.page, "palette");
      await press("Escape");
      await press("?");
      await assertAccessible(app.page, "keys");
      await press("Escape");
    });
  }

  test("night: only red lights in every section, with and without its last net", async () => {
    await bar.chooseTheme("night");
    for (const section of SECTIONS) {
      await settings.open(section);
      await assertOnlyRed(app.page, section);
      await assertRedByItself(app.page, section);
    }
  });

  test("night: only red lights in palette, page of keys, choice of a key, hint, tooltip, toast and notice", async () => {
    const look = async (what: string) => {
      await assertOnlyRed(app.page, what);
      await assertRedByItself(app.page, what);
    };
    await palette.open("night");
    await look("palette");
    await press("Escape");
    await press("?");
    await look("page of keys");
    await press("Escape");
    await settings.open("help");
    await settings.button("Show them again").click();
    await app.page.locator("[data-hint=palette]").waitFor();
    await look("hint and toast");
    await settings.open("keys");
    await settings.addKey("Find frames", "k");
    await look("a key that is taken");
    await press("Escape");
    await app.page.getByRole("navigation").getByRole("button", { name: "Night" }).hover();
    await app.page.locator(".tip").waitFor();
    await look("tooltip");
    const trouble = { code: "store-damaged", message: "Damaged", action: "Nothing to do", detail: "page 4" };
    app.window.webContents.send(eventChannel("app.trouble"), trouble);
    await app.page.getByRole("alert").waitFor();
    await look("notice");
    await palette.open();
    await look("notice in a dialog");
    await press("Escape");
    await app.page.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
  });

  test("selection and focus can be told without colours and without motion", async () => {
    await app.page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await settings.open("review");
    assert.equal(await app.page.locator(".blink-mark").evaluate((mark) => getComputedStyle(mark).animationName), "none");
    const edges = await app.page
      .locator(".settings-tab")
      .evaluateAll((tabs) => tabs.map((tab) => [tab.ariaSelected, getComputedStyle(tab).borderLeftColor]));
    const chosen = new Set(edges.filter(([selected]) => selected === "true").map(([, colour]) => colour));
    const others = new Set(edges.filter(([selected]) => selected !== "true").map(([, colour]) => colour));
    assert.equal(
      [...chosen].some((colour) => others.has(colour)),
      false,
    );
    await app.page.emulateMedia({ forcedColors: "none", reducedMotion: "no-preference" });
  });

  test("a frame is found by its file's name, and comes before the eyes", async () => {
    await bar.chooseTheme("dark");
    const folder = await simulatedNight("M 31", { frames: 8, width: 320, height: 240, seed: 5 });
    await bar.show("night");
    await app.drop([folder]);
    const night = new NightPage(app.page);
    await night.until("done");
    const wanted = (await night.snapshot()).rows.at(-2);
    assert.ok(wanted !== undefined);
    await settings.open("about");
    await palette.open(wanted.name.slice(0, -5));
    await palette.entry(wanted.name).click();
    await night.grid.waitFor();
    assert.match((await night.activeRow()) ?? "", new RegExp(wanted.id));
  });

  test("a key held too long decides about one frame and no more, and goes on through many", async () => {
    const night = new NightPage(app.page);
    await press("1");
    await press("Home");
    const hold = async (key: string, times: number) => {
      for (let time = 0; time < times; time++) await app.page.keyboard.down(key);
      await app.page.keyboard.up(key);
    };
    const decided = async () => (await night.snapshot()).rows.filter(({ frame }) => frame.decided != null).length;
    await hold("x", 5);
    await until(async () => (await decided()) > 0);
    const after = await night.activeRow();
    assert.equal(await decided(), 1);
    await hold("ArrowRight", 3);
    const order = await night.rows.evaluateAll((rows) => rows.map((row) => row.id));
    assert.equal(order.indexOf((await night.activeRow()) ?? "") - order.indexOf(after ?? ""), 3);
    await press("u");
    await until(async () => (await decided()) === 0);
  });

  test("/ finds frames wherever the keyboard has it", async () => {
    await press("1");
    await pressForeign(app.page, { key: "/", code: "Digit7", shift: true });
    assert.equal(await app.page.evaluate(() => document.activeElement instanceof HTMLInputElement), true);
    await press("Escape");
  });

  test("nothing was complained about", () => {
    assert.deepEqual(problems, []);
  });
});
