import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { _electron } from "playwright-core";
import { simulatedNight } from "../nights.ts";
import { NightPage } from "../pages/night-page.ts";
import { StartPage } from "../pages/start-page.ts";

/** Where npm's electron keeps its program once `npx install-electron` has fetched it; null before. */
function electronProgram(): string | null {
  const folder = fileURLToPath(new URL(".", `file://${createRequire(import.meta.url).resolve("electron/package.json")}`));
  const names = { linux: "electron", win32: "electron.exe", darwin: "Electron.app/Contents/MacOS/Electron" };
  const program = join(folder, "dist", names[process.platform as keyof typeof names] ?? "electron");
  return existsSync(program) ? program : null;
}

const program = electronProgram();
const why = "NOT RUN: the Electron program is not installed here (npx install-electron --no)";
if (program === null) console.error(`# ${why}`);

test("real Electron opens the app and grades a night", { skip: program === null ? why : false }, async () => {
  const home = await mkdtemp(join(tmpdir(), "nebulift-electron-"));
  const night = await simulatedNight("real night", { frames: 3, width: 320, height: 240, seed: 2 });
  const app = await _electron.launch({
    executablePath: program ?? "",
    args: [fileURLToPath(new URL("../../../out/main/index.js", import.meta.url)), `--user-data-dir=${home}`, "--no-sandbox"],
    env: { ...process.env, NEBULIFT_HOME: home } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    const start = new StartPage(page);
    const opened = new NightPage(page);
    assert.equal(await start.headline(), "Drop a night here");
    assert.equal(await page.evaluate(() => "require" in window || "process" in window), false);
    await app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
    }, night);
    await start.openFolder();
    await opened.until("done");
    assert.equal(await opened.frameCount(), 3);
    await opened.pictureShown();
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
});
