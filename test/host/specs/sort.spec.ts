import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import sharp from "sharp";
import { THEMES } from "../../../src/shared/desktop-settings.ts";
import { finalVerdict } from "../../../src/shared/final-verdict.ts";
import { seeTree } from "../../faults/trees.ts";
import { launchApp, type RunningApp } from "../launch.ts";
import { addDamagedFrame, simulatedNight } from "../nights.ts";
import { NightPage } from "../pages/night-page.ts";
import { SortDialog } from "../pages/sort-dialog.ts";
import { TitleBar } from "../pages/title-bar.ts";

const FRAMES = 12;

describe("sorting a night", () => {
  let app: RunningApp;
  let night: NightPage;
  let sort: SortDialog;
  let folder = "";
  let output = "";
  let untouched: ReturnType<typeof seeTree>;
  before(async () => {
    folder = await simulatedNight("M31 2026-09-12", { frames: FRAMES, width: 640, height: 480, seed: 3 });
    await addDamagedFrame(folder, "cut-short.fits");
    output = join(dirname(folder), "M31 sorted");
    await mkdir(output);
    app = await launchApp();
    night = new NightPage(app.page);
    sort = new SortDialog(app.page);
    await app.drop([folder]);
    await night.until("done");
    const [first] = (await night.snapshot()).rows;
    assert.ok(first !== undefined);
    await writeFile(join(folder, first.frame.path.replace(/\.fits$/, ".xmp")), "rated by hand");
    untouched = seeTree(folder);
  });
  after(() => app.close());

  /** Where each frame belongs by what holds for it, by its name. */
  const places = async () => {
    const { rows } = await night.snapshot();
    return new Map(rows.map(({ name, frame }) => [name, finalVerdict(frame)] as const).filter(([, kind]) => kind !== "unreadable"));
  };
  const tally = async () => {
    const kinds = [...(await places()).values()];
    const count = (kind: string) => kinds.filter((other) => other === kind).length;
    return { "clean/": count("clean"), "contaminated/": count("contaminated"), "review/": count("review") };
  };

  test("begins by asking where to, and names no place of its own", async () => {
    await sort.open();
    assert.match((await sort.dialog.textContent()) ?? "", /Choose the folder that the sorted frames go into/);
    assert.equal(await sort.start.getAttribute("aria-disabled"), "true");
    assert.ok(await sort.dialog.getByRole("button", { name: "Choose a folder…" }).evaluate((button) => button === document.activeElement));
  });

  test("refuses a folder within the night's own and says what to choose instead", async () => {
    const inside = join(folder, "sorted");
    await mkdir(inside);
    app.host.dialogAnswers.push([inside]);
    await sort.choose("Choose a folder…");
    await sort.dialog.locator(".trouble-note").waitFor();
    assert.match((await sort.dialog.textContent()) ?? "", /beside the night’s own, not inside it/);
    assert.equal(await sort.start.getAttribute("aria-disabled"), "true");
  });

  test("shows what would happen, and touches nothing", async () => {
    app.host.dialogAnswers.push([output]);
    await sort.choose("Change…");
    assert.deepEqual(await sort.plan(), await tally());
    assert.match((await sort.dialog.textContent()) ?? "", /1 small file of the same name .* goes along/);
    assert.match((await sort.dialog.locator(".pour tfoot").textContent()) ?? "", /Stays in its place.*1$/);
    assert.equal(await sort.start.textContent(), `Copy ${FRAMES + 1} files`);
    await sort.dialog.getByRole("button", { name: "Show every file" }).click();
    await app.page.waitForFunction(() => document.querySelectorAll(".moves li").length > 5);
    const [shown] = await sort.dialog.locator(".moves li").allTextContents();
    assert.match(shown ?? "", /→(clean|contaminated|review)\//);
    assert.deepEqual(seeTree(folder), untouched);
    assert.deepEqual([...seeTree(output).keys()], []);
  });

  for (const theme of THEMES) {
    test(`${theme}: the dry run is accessible${theme === "night" ? " and lights only red" : ""}`, async () => {
      await sort.close();
      await new TitleBar(app.page).chooseTheme(theme);
      await sort.open();
      await sort.plan();
      const { violations } = await new AxeBuilder({ page: app.page }).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(" "))]),
        [],
      );
      if (theme !== "night") return;
      const { channels } = await sharp(await app.page.screenshot())
        .removeAlpha()
        .stats();
      assert.deepEqual([channels[1]?.max, channels[2]?.max], [0, 0]);
      // The window behind the dialog stays dark, too: a night's worth of adapted eyes looks at it.
      assert.ok((channels[0]?.mean ?? 255) < 40, `mean of red ${channels[0]?.mean}`);
    });
  }

  test("is left by Escape with nothing done", async () => {
    await sort.close();
    assert.deepEqual(seeTree(folder), untouched);
    assert.deepEqual([...seeTree(output).keys()], []);
  });

  test("is started by Enter: each frame lies in its folder, the same to the last bit, and the originals stay", async () => {
    await sort.open();
    await sort.plan();
    await app.page.keyboard.press("Enter");
    assert.equal(await sort.headline(), `${FRAMES + 1} files copied`);
    assert.deepEqual(seeTree(folder), untouched);
    const sorted = seeTree(output);
    for (const [name, kind] of await places()) {
      assert.equal(sorted.get(`${kind}/${name}`)?.sha256, untouched.get(name)?.sha256, name);
    }
    assert.equal(sorted.size, FRAMES + 1);
    await sort.close();
  });

  test("is seen above the night from then on", async () => {
    const bar = app.page.getByRole("region", { name: "Sorted" });
    const { "clean/": clean, "contaminated/": contaminated, "review/": review } = await tally();
    assert.match((await bar.textContent()) ?? "", new RegExp(`${clean} clean, ${contaminated} contaminated, ${review} in review`));
  });

  test("has nothing to do a second time", async () => {
    await sort.open();
    await sort.plan();
    assert.match((await sort.dialog.textContent()) ?? "", /Everything lies in its place already/);
    assert.equal(await sort.start.textContent(), "Done");
    await app.page.keyboard.press("Enter");
    await sort.dialog.waitFor({ state: "detached" });
  });

  test("is taken back: the copies are gone, the originals as they were", async () => {
    await app.page.getByRole("region", { name: "Sorted" }).getByRole("button", { name: "Take back" }).click();
    assert.match((await sort.dialog.textContent()) ?? "", /Your originals were never touched/);
    await app.page.keyboard.press("Enter");
    assert.equal(await sort.headline(), "Taken back: everything is as it was before");
    assert.deepEqual(seeTree(folder), untouched);
    assert.deepEqual([...seeTree(output).keys()], []);
    await sort.close();
    assert.equal(await app.page.getByRole("region", { name: "Sorted" }).count(), 0);
  });

  test("moves frames where that is wished, and brings every one of them home again", async () => {
    await sort.open();
    await sort.way("Move");
    await sort.plan();
    assert.equal(await sort.start.textContent(), `Move ${FRAMES + 1} files`);
    await sort.start.click();
    assert.equal(await sort.headline(), `${FRAMES + 1} files moved`);
    const [left, sorted] = [seeTree(folder), seeTree(output)];
    assert.deepEqual([...left.keys()].sort(), ["cut-short.fits", "truth.csv"]);
    for (const [name, kind] of await places()) assert.deepEqual(sorted.get(`${kind}/${name}`), untouched.get(name), name);

    await sort.takeBack();
    await app.page.waitForFunction(() => document.querySelector(".work-headline")?.textContent?.startsWith("Taken back"));
    assert.deepEqual(seeTree(folder), untouched);
    assert.deepEqual([...seeTree(output).keys()], []);
    await sort.close();
  });

  test("shows the sorted frames in the file manager, and no other place", async () => {
    await sort.open();
    await sort.way("Copy");
    await sort.plan();
    await app.page.keyboard.press("Enter");
    await sort.headline();
    await sort.dialog.getByRole("button", { name: "Show in file manager" }).click();
    await app.page.waitForTimeout(200);
    assert.equal(basename(String(app.host.revealed.at(-1))), "M31 sorted");
    await sort.close();
  });

  test("wrote nothing to the page's console and asked nobody outside", () => {
    assert.deepEqual(app.host.complaints, []);
    assert.deepEqual(app.host.outside, []);
  });
});
