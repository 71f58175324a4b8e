/**
 * Takes the pictures of the documentation from the built app: `node test/host/pictures.ts [folder]`. The night is
 * simulated, so everybody who runs this gets the same pictures.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { planNight, writeNight } from "../../src/main/simulate/index.ts";
import { nightSpec } from "../../src/main/simulate/presets.ts";
import { THEMES } from "../../src/shared/desktop-settings.ts";
import { launchApp } from "./launch.ts";
import { TitleBar } from "./pages/title-bar.ts";

const docs = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
const elsewhere = process.argv[2];

const folder = join(tmpdir(), "Astro", "NGC 1514", "2026-09-14");
await rm(folder, { recursive: true, force: true });
await writeNight(planNight(nightSpec("demo", { frames: 48, width: 1920, height: 1280 }, 1), 1), folder);
const app = await launchApp({ width: 1280, height: 800 });
const { page } = app;

async function take(name: string, folderOfPictures: string): Promise<void> {
  await page.mouse.move(640, 799);
  await mkdir(folderOfPictures, { recursive: true });
  const file = join(folderOfPictures, `${name}.png`);
  // A palette keeps text crisp at a third of the bytes.
  const png = await sharp(await page.screenshot())
    .png({ palette: true, quality: 92, effort: 10 })
    .toBuffer();
  await writeFile(file, png);
  console.log(`${file}  ${(png.length / 1024).toFixed(0)} kB`);
}

if (elsewhere !== undefined) await take("empty-dark-1280", elsewhere);
await app.drop([folder]);
await page.waitForSelector(".table-row", { timeout: 60_000 });
if (elsewhere !== undefined) await take("grading-dark-1280", elsewhere);
await page.waitForSelector(".progress-done", { timeout: 300_000 });

// A frame that shows what the app is for: contaminated, with something drawn on it.
const marked = await page.evaluate(async () => {
  const reply = await window.nebulift.call["night.snapshot"](undefined, null);
  if (!reply.ok) return null;
  const rows = reply.value.rows.filter(({ frame }) => frame.verdict === "contaminated");
  const drawn = rows.map((row) => ({ row, cells: Math.max(0, ...row.frame.reasons.map((reason) => reason.where?.cells?.length ?? 0)) }));
  return drawn.sort((a, b) => Math.abs(a.cells - 14) - Math.abs(b.cells - 14))[0]?.row.name ?? null;
});
if (marked !== null) {
  await page.locator(".finder input").fill(marked);
  await page.locator(".table-row").first().click();
  await page.keyboard.press("Escape");
}
await page.waitForSelector(".picture-shown", { timeout: 30_000 });
await page.getByRole("grid").blur();
await page.waitForTimeout(300);
await take("night", docs);
if (elsewhere !== undefined) {
  for (const theme of THEMES) {
    await new TitleBar(page).chooseTheme(theme);
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(300);
      await take(`night-${theme}-${width}`, elsewhere);
    }
  }
}
await app.close();
