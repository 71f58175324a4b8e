import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { planNight, writeNight } from "../../../src/main/simulate/index.ts";
import { nightSpec } from "../../../src/main/simulate/presets.ts";
import type { FrameRow, RulesDocument } from "../../../src/shared/contract.ts";
import { finalVerdict } from "../../../src/shared/final-verdict.ts";
import { launchApp, type RunningApp } from "../launch.ts";
import { assertAccessible, assertOnlyRed } from "../looks.ts";
import { NightPage } from "../pages/night-page.ts";
import { PlotsPage } from "../pages/plots-page.ts";
import { TitleBar } from "../pages/title-bar.ts";

const LUMINANCE = 16;
const RED = 12;
const ALL = LUMINANCE + RED;

/** A night through two filters, one after the other. */
async function nightOfTwoFilters(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), "night-")), "NGC 1514");
  const spec = nightSpec("demo", { frames: ALL, width: 640, height: 480 }, 3);
  const [block] = spec.sequence;
  if (block === undefined) throw new Error("a night without frames");
  const sequence = [
    { ...block, count: LUMINANCE },
    { ...block, filter: "R" as const, count: RED },
  ];
  await writeNight(planNight({ ...spec, sequence }, 3), folder);
  return folder;
}

describe("the night pane", () => {
  let app: RunningApp;
  let night: NightPage;
  let plots: PlotsPage;
  let bar: TitleBar;
  before(async () => {
    const folder = await nightOfTwoFilters();
    app = await launchApp();
    app.page.setDefaultTimeout(10_000);
    night = new NightPage(app.page);
    plots = new PlotsPage(app.page);
    bar = new TitleBar(app.page);
    await app.drop([folder]);
    await night.until("done");
  });
  after(() => app.close());

  const rows = async () => (await night.snapshot()).rows;
  const metricOf = (row: FrameRow, metric: string) => row.frame.measurements?.[metric] ?? null;
  const picked = () => app.page.locator('.table-row[aria-selected="true"]').count();
  const rules = async (): Promise<RulesDocument> => {
    const reply = await app.page.evaluate(() => window.nebulift.call["rules.get"](undefined, null));
    assert.ok(reply.ok);
    return reply.value.document;
  };

  test("lists the groups of the night, and shows one alone", async () => {
    const groups = app.page.getByRole("radio", { name: /NGC 1514/ });
    assert.equal(await groups.count(), 2);
    await app.page.locator(".group").filter({ hasText: "R ·" }).click();
    assert.equal(await night.frameCount(), RED);
    assert.match((await plots.plot("FWHM").locator(".timeline-chart").getAttribute("aria-label")) ?? "", new RegExp(`${RED} frames`));
    await app.page.keyboard.press("ArrowUp");
    assert.equal(await night.frameCount(), LUMINANCE);
    await app.page.keyboard.press("ArrowUp");
    assert.equal(await night.frameCount(), ALL);
  });

  test("tells where the time through each filter went, adding up to what was exposed", async () => {
    const told = await app.page.locator(".filter-time").allTextContents();
    assert.equal(told.length, 2);
    const kept = (await rows()).filter(({ frame }) => frame.metadata?.["filter"] === "R" && finalVerdict(frame) === "clean").length;
    const exposure = Number((await rows())[0]?.frame.metadata?.["exposure"]) / 60;
    const red = told.find((text) => text.startsWith("R")) ?? "";
    assert.ok(red.includes(`of ${RED * exposure === 60 ? "1 h" : `${RED * exposure} min`}`), red);
    if (kept === 0) assert.ok(red.startsWith("R0 min"), red);
  });

  test("picks frames in the table by click, Ctrl, Shift, arrows and all at once", async () => {
    await night.rows.nth(1).click();
    assert.equal(await picked(), 1);
    await night.rows.nth(3).click({ modifiers: ["Control"] });
    assert.equal(await picked(), 2);
    await night.rows.nth(6).click({ modifiers: ["Shift"] });
    assert.equal(await picked(), 4);
    await app.page.keyboard.press("Shift+ArrowDown");
    assert.equal(await picked(), 5);
    assert.match((await app.page.locator(".picked-count").textContent()) ?? "", /^5 frames/);
    await app.page.keyboard.press("Escape");
    assert.equal(await picked(), 1);
    await app.page.keyboard.press("Control+a");
    assert.match((await app.page.locator(".picked-count").textContent()) ?? "", new RegExp(`^${ALL} frames`));
    assert.ok(await night.grid.evaluate((element) => element === document.activeElement));
    await app.page.keyboard.press("Escape");
  });

  test("decides on what is picked, goes on below it, and takes it back", async () => {
    await night.rows.nth(0).click();
    await night.rows.nth(2).click({ modifiers: ["Shift"] });
    const next = await night.rows.nth(3).getAttribute("id");
    await app.page.keyboard.press("x");
    await app.page.waitForFunction(() => document.querySelectorAll(".table-row .yours").length === 3);
    assert.equal((await rows()).filter(({ frame }) => frame.decided?.verdict === "contaminated").length, 3);
    assert.equal(await night.activeRow(), next);
    assert.ok(await night.grid.evaluate((element) => element === document.activeElement));
    await app.page.keyboard.press("u");
    await app.page.waitForFunction(() => document.querySelectorAll(".table-row .yours").length === 0);
    assert.equal((await rows()).filter(({ frame }) => frame.decided).length, 0);
    await night.rows.nth(0).click();
    await app.page.locator(".decision-history li").nth(1).waitFor();
    const told = await app.page.locator(".decision-history li span").allTextContents();
    assert.deepEqual(told, ["Taken back", "Rejected"]);
  });

  test("keeps a frame where it is when it is decided in a list of one verdict", async () => {
    await night.tally("clean").click();
    const before = await night.frameCount();
    await night.rows.nth(0).click();
    await app.page.keyboard.press("r");
    await app.page.waitForFunction(() => document.querySelectorAll(".table-row .yours").length === 1);
    assert.equal(await night.frameCount(), before);
    await app.page.keyboard.press("u");
    await app.page.waitForFunction(() => document.querySelectorAll(".table-row .yours").length === 0);
    await night.tally("clean").click();
  });

  test("picks by a lasso drawn round frames: all of the night, then a stretch of it, then less", async () => {
    const round = [
      { x: 0.02, y: 0.02 },
      { x: 0.99, y: 0.02 },
      { x: 0.99, y: 0.99 },
      { x: 0.02, y: 0.99 },
      { x: 0.02, y: 0.04 },
    ];
    await plots.stroke("FWHM", round);
    assert.match((await app.page.locator(".picked-count").textContent()) ?? "", new RegExp(`^${ALL} frames`));
    await plots.stroke("Transparency", [
      { x: 0.5, y: 0.5 },
      { x: 0.99, y: 0.5 },
    ]);
    const stretch = Number.parseInt((await app.page.locator(".picked-count").textContent()) ?? "", 10);
    assert.ok(stretch > 4 && stretch < ALL - 4, `${stretch}`);
    const ordered = (await rows()).toSorted((a, b) => Number(a.frame.metadata?.["time"]) - Number(b.frame.metadata?.["time"]));
    const last = await app.page.locator(".picked-count").textContent();
    assert.ok(last?.includes("min") || last?.includes("h"), last ?? "");
    await plots.stroke(
      "Transparency",
      [
        { x: 0.9, y: 0.5 },
        { x: 0.99, y: 0.5 },
      ],
      "Alt",
    );
    const less = Number.parseInt((await app.page.locator(".picked-count").textContent()) ?? "", 10);
    assert.ok(less > 0 && less < stretch, `${less} of ${stretch} of ${ordered.length}`);
    await app.page.locator(".picked-bar").getByRole("button", { name: "Pick none" }).click();
    assert.equal(await app.page.locator(".picked-bar").count(), 0);
  });

  test("selects the frame that is clicked on a plot", async () => {
    await plots.stroke("FWHM", [{ x: 0.985, y: 0.5 }]);
    const ordered = (await rows()).toSorted((a, b) => Number(a.frame.metadata?.["time"]) - Number(b.frame.metadata?.["time"]));
    assert.equal(await night.activeRow(), `frame-${ordered.at(-1)?.id}`);
  });

  test("counts as many frames beyond a limit that is pulled as there are rows beyond it", async () => {
    const handle = plots.handle("Transparency", /Nebulift's limit/);
    await plots.pull(handle, -12);
    const value = Number(await handle.getAttribute("aria-valuenow"));
    assert.ok(value > 0.8, `${value}`);
    await app.page.waitForFunction(() => /\d+ frames?/.test(document.querySelector(".draft-told")?.textContent ?? ""));
    await app.page.waitForTimeout(300);
    const counted = Number(/: (\d+) frames?/.exec((await plots.told.textContent()) ?? "")?.[1]);
    const beyond = (await rows()).filter((row) => {
      const transparency = metricOf(row, "transparency");
      return transparency !== null && transparency < value;
    });
    assert.equal(counted, beyond.length);
    await plots.letGo();
    await plots.told.waitFor({ state: "detached" });
    assert.deepEqual(await rules(), { limits: { transparency: value } });
    await app.page.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await app.page.waitForFunction(
      () => document.querySelector('[role="slider"][aria-label*="Transparency"]')?.getAttribute("aria-valuenow") === "0.8",
    );
    assert.deepEqual(await rules(), {});
  });

  test("has a new limit pulled in from the edge, moved by keys with its count, and removed", async () => {
    await plots.pull(plots.plot("FWHM").getByRole("button", { name: /Draw a limit/ }), 40);
    await plots.letGo();
    await plots.told.waitFor({ state: "detached" });
    const [rule] = (await rules()).rules ?? [];
    assert.equal(rule?.metric, "fwhm");
    assert.equal(rule?.verdict, "contaminated");
    const above = rule?.above ?? Number.NaN;
    await app.page.waitForFunction(() => document.querySelectorAll(".handle-rule").length === 1);
    const rejected = (await rows()).filter((row) => (metricOf(row, "fwhm") ?? 0) > above);
    assert.ok(rejected.length > 0);
    for (const { frame } of rejected) assert.equal(frame.verdict, "contaminated");

    const handle = plots.handle("FWHM", /Your limit/);
    await handle.focus();
    await app.page.keyboard.press("ArrowDown");
    await app.page.keyboard.press("ArrowDown");
    const lower = Number(await handle.getAttribute("aria-valuenow"));
    assert.ok(lower < above);
    await app.page.waitForFunction(() => /frames?/.test(document.querySelector(".handle-moving")?.getAttribute("aria-valuetext") ?? ""));
    await app.page.keyboard.press("Escape");
    assert.equal((await rules()).rules?.[0]?.above, above);
    await app.page.keyboard.press("ArrowDown");
    await app.page.keyboard.press("Enter");
    await plots.told.waitFor({ state: "detached" });
    assert.ok(((await rules()).rules?.[0]?.above ?? above) < above);
    await handle.focus();
    await app.page.keyboard.press("Delete");
    await app.page.waitForFunction(() => document.querySelectorAll(".handle-rule").length === 0);
    assert.deepEqual((await rules()).rules, []);
  });

  test("adds and removes plots of any measurement", async () => {
    await app.page.getByRole("button", { name: "Plots", exact: true }).click();
    await app.page.locator(".menu-choice").filter({ hasText: "HFR" }).click();
    await plots.plot("HFR").waitFor();
    await app.page.keyboard.press("Escape");
    await app.page.getByRole("button", { name: "Remove the plot of HFR" }).click();
    await plots.plot("HFR").waitFor({ state: "detached" });
  });

  test("writes a rule with a live count, tells a slip of the pen in place, and takes the rule back", async () => {
    await night.grid.focus();
    await app.page.keyboard.press("l");
    const dialog = app.page.getByRole("dialog", { name: "Limits and rules" });
    await dialog.getByRole("button", { name: "Add a rule" }).click();
    await dialog.getByText("an expression", { exact: true }).click();
    await dialog.getByRole("textbox", { name: "Expression" }).fill("fwmh > 3");
    await app.page.waitForSelector(".rule-refused");
    assert.match((await dialog.locator(".rule-refused").textContent()) ?? "", /fwhm/);
    assert.ok(await dialog.getByRole("button", { name: "Keep this rule" }).isDisabled());
    await dialog.getByRole("textbox", { name: "Expression" }).fill("fwhm > 0");
    await app.page.waitForFunction((all) => document.querySelector(".rule-trial")?.textContent?.includes(`Touches ${all} frames`), ALL);
    await dialog.getByRole("textbox", { name: "Name" }).fill("all of them");
    await assertAccessible(app.page, "rules");
    await dialog.getByRole("button", { name: "Keep this rule" }).click();
    await dialog.getByText("all of them", { exact: true }).waitFor();
    assert.equal((await rules()).rules?.[0]?.name, "all of them");
    await dialog.locator(".rules-last").getByRole("button", { name: "Undo" }).click();
    await dialog.getByText("all of them", { exact: true }).waitFor({ state: "detached" });
    assert.equal((await rules()).rules?.length ?? 0, 0);
    await dialog.getByRole("button", { name: "Done" }).click();
  });

  test("begins with the first limit, and says where rules were saved and shows them there", async () => {
    await night.grid.focus();
    await app.page.keyboard.press("l");
    const dialog = app.page.getByRole("dialog", { name: "Limits and rules" });
    await app.page.waitForFunction(() => document.activeElement?.matches(".limit:first-child .number-field"));
    const place = join(await mkdtemp(join(tmpdir(), "rules-")), "rules.json");
    app.host.dialogAnswers.push([place]);
    await dialog.getByRole("button", { name: "Save to a file…" }).click();
    const last = dialog.locator(".rules-last");
    await last.getByText(place).waitFor();
    await last.getByRole("button", { name: "Show" }).click();
    for (let tries = 0; app.host.revealed.at(-1) !== place && tries < 100; tries++) await app.page.waitForTimeout(20);
    assert.equal(app.host.revealed.at(-1), place);
    await app.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test("moves a limit by its number, marks it, and puts it back", async () => {
    await app.page.keyboard.press("l");
    const dialog = app.page.getByRole("dialog", { name: "Limits and rules" });
    const field = dialog.getByRole("textbox", { name: /^Widest stars FWHM as/ });
    await field.fill("1,2");
    await app.page.keyboard.press("Enter");
    await dialog.locator(".limit-moved").waitFor();
    assert.deepEqual((await rules()).limits, { fwhmRatio: 1.2 });
    await dialog.getByRole("button", { name: /Back to the usual: Widest stars/ }).click();
    await dialog.locator(".limit-moved").waitFor({ state: "detached" });
    await app.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test("opens the frame in the review pane by Enter and by a double click", async () => {
    for (const open of [() => app.page.keyboard.press("Enter"), () => night.rows.nth(4).dblclick()]) {
      await night.rows.nth(4).click();
      const name = await night.rows.nth(4).locator(".cell-name").textContent();
      await open();
      await app.page.locator('.pane-tab[aria-current="page"]').filter({ hasText: "Review" }).waitFor();
      assert.ok((await app.page.locator("body").textContent())?.includes(name ?? "?"));
      await bar.show("night");
    }
  });

  for (const theme of ["dark", "light", "night"] as const) {
    test(`${theme}: is accessible with plots, groups, limits and picked frames`, async () => {
      await bar.chooseTheme(theme);
      await night.rows.nth(1).click();
      await night.rows.nth(4).click({ modifiers: ["Shift"] });
      await app.page.keyboard.press("k");
      await night.rows.nth(6).click();
      await night.rows.nth(8).click({ modifiers: ["Shift"] });
      await night.pictureShown();
      await assertAccessible(app.page, theme);
      if (theme === "night") await assertOnlyRed(app.page, "the night pane");
    });
  }

  test("wrote nothing to the page's console and asked nobody outside", () => {
    assert.deepEqual(app.host.complaints, []);
    assert.deepEqual(app.host.outside, []);
  });
});
