/**
 * Takes the pictures of the documentation from the built app: `npm run pictures [folder [theme]]`. The night is simulated,
 * so everybody who runs this gets the same pictures. With a folder all screens are taken there, at both sizes.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { planNight, writeNight } from "../../src/main/simulate/index.ts";
import { nightSpec } from "../../src/main/simulate/presets.ts";
import { THEMES, type Theme } from "../../src/shared/desktop-settings.ts";
import { launchApp } from "./launch.ts";
import { NightPage } from "./pages/night-page.ts";
import { SortDialog } from "./pages/sort-dialog.ts";
import { TitleBar } from "./pages/title-bar.ts";

const docs = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
const elsewhere = process.argv[2];
const themes =
  elsewhere === undefined ? (["dark"] as const) : THEMES.filter((theme) => [undefined, theme].includes(process.argv[3] as Theme));
const sizes =
  elsewhere === undefined
    ? ([[1280, 800]] as const)
    : ([
        [1280, 800],
        [1920, 1080],
      ] as const);

const folder = join(tmpdir(), "Astro", "NGC 1514", "2026-09-14");
const output = join(tmpdir(), "Astro", "NGC 1514", "sorted");
await rm(join(tmpdir(), "Astro", "NGC 1514"), { recursive: true, force: true });
await mkdir(output, { recursive: true });
await writeNight(planNight(nightSpec("demo", { frames: 48, width: 1920, height: 1280 }, 1), 1), folder);

const app = await launchApp({ width: 1280, height: 800 });
const { page } = app;
const night = new NightPage(page);
const sort = new SortDialog(page);
const bar = new TitleBar(page);

async function save(name: string): Promise<void> {
  await page.mouse.move(640, 799);
  await page.waitForTimeout(400);
  await mkdir(elsewhere ?? docs, { recursive: true });
  const file = join(elsewhere ?? docs, `${name}.png`);
  // A palette keeps text crisp at a third of the bytes.
  const png = await sharp(await page.screenshot())
    .png({ palette: true, quality: 90, effort: 10 })
    .toBuffer();
  await writeFile(file, png);
  console.log(`${file}  ${(png.length / 1024).toFixed(0)} kB`);
}

/** The screen as it is, in every theme and size that is wanted. */
async function take(name: string, only: readonly Theme[] = themes): Promise<void> {
  for (const theme of only) {
    if (elsewhere !== undefined || theme !== "dark")
      await page.evaluate((wanted) => window.nebulift.call["settings.set"]({ theme: wanted }, null), theme);
    await page.waitForSelector(`html[data-theme=${theme}]`);
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      await save(elsewhere === undefined ? name : `${name}-${theme}-${width}`);
    }
  }
}

/** The most telling frame: contaminated, with a fair part of it marked. */
async function tellingFrame(): Promise<string> {
  const { rows } = await night.snapshot();
  const marked = rows
    .filter(({ frame }) => frame.verdict === "contaminated")
    .map((row) => ({ row, cells: Math.max(0, ...row.frame.reasons.map((reason) => reason.where?.cells?.length ?? 0)) }));
  const [best] = marked.sort((a, b) => Math.abs(a.cells - 14) - Math.abs(b.cells - 14));
  if (best === undefined) throw new Error("the simulated night has no contaminated frame");
  return best.row.name;
}

async function choose(name: string): Promise<void> {
  await night.find(name);
  await night.rows.first().click();
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await night.pictureShown();
}

const press = async (key: string, wait = 900): Promise<void> => {
  await page.keyboard.press(key);
  await page.waitForTimeout(wait);
};

await take("start");
await app.drop([folder]);
await night.firstRow();
if (elsewhere !== undefined) await take("grading");
await night.until("done", 300_000);
const telling = await tellingFrame();
await choose(telling);
await take("night");
await press("l");
await take("limits");
await press("Escape");

await press("2");
await page.getByRole("toolbar", { name: "Frames to look at" }).getByRole("button", { name: /^All/ }).click();
await page.waitForTimeout(500);
for (let at = 0; at < 60 && (await page.locator(".why-panel h2").textContent()) !== telling; at++) await press("ArrowRight", 60);
await page.waitForTimeout(1500);
await take("review");
await press("s");
await take("stars");
await press("s");
await press("c", 1500);
await take("compare");
await press("c");
await press("v", 1500);
await take("corners");
await press("v");
if (elsewhere === undefined) {
  await take("red", ["night"]);
  await bar.chooseTheme("dark");
}

await press("1");
await sort.open();
app.host.dialogAnswers.push([output]);
await sort.choose("Choose a folder…");
await sort.plan();
await take("sort");
await page.keyboard.press("Enter");
await sort.headline();
if (elsewhere !== undefined) await take("sorted");
await sort.close();
if (elsewhere !== undefined) await take("night-sorted");
await press("Control+e");
await take("handover");
await press("Escape");
await bar.show("settings");
await take("settings");
await page.locator("#section-keys").click();
if (elsewhere !== undefined) await take("settings-keys");
await press("Shift+?");
await take("keys");
await press("Escape");
if (elsewhere !== undefined) {
  await press("Control+k");
  await take("palette");
  await press("Escape");
}
await app.close();
