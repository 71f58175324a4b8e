/**
 * What a user feels of the window: `node test/bench/window.ts [--json]`. The built app runs on Chromium (test/host), on one
 * fresh home, and is dropped one night after the other; Electron's own start is not in these numbers.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { launchApp, type RunningApp } from "../host/launch.ts";
import { NightPage } from "../host/pages/night-page.ts";
import { ReviewPage } from "../host/pages/review-page.ts";
import { TitleBar } from "../host/pages/title-bar.ts";
import { goalLines } from "./report.ts";
import { type WindowPace, windowGoals } from "./window-goals.ts";
import { longNight } from "./window-nights.ts";

const CACHE = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "node_modules", ".cache", "nebulift-bench", "nights");

/** ms; somebody who knows what to look for decides three frames a second. */
const PACE = 330;
const FRAMES_WALKED = 210;

const say = (text: string) => process.stderr.write(`${text}\n`);

async function measure(): Promise<WindowPace> {
  say("making nights ...");
  const full = await longNight(CACHE, { skies: 3, frames: 3, width: 6248, height: 4176 });
  const walked = await longNight(CACHE, { skies: 12, frames: FRAMES_WALKED + 10, width: 3000, height: 2000 });
  const usual = await longNight(CACHE, { skies: 20, frames: 2000, width: 320, height: 240 });
  const long = await longNight(CACHE, { skies: 20, frames: 10_000, width: 320, height: 240 });
  const home = await mkdtemp(join(tmpdir(), "nebulift-bench-"));
  const app = await launchApp({ home, width: 1920, height: 1080 });
  try {
    say("first verdict after the drop ...");
    const firstVerdict = await timeOfFirstVerdict(app, full);
    say(`walking through ${FRAMES_WALKED} frames ...`);
    await graded(app, walked);
    const nextFrame = await timesOfNextFrame(app);
    say("a night of 2000 frames ...");
    await graded(app, usual);
    const heap = await heapOf(app.page);
    say("scrolling 10 000 rows ...");
    await graded(app, long);
    const rows = await new NightPage(app.page).frameCount();
    return { firstVerdict, nextFrame, heap, rows, scroll: await timesOfScrolling(app.page) };
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function graded(app: RunningApp, folder: string): Promise<void> {
  await new TitleBar(app.page).show("night");
  await app.drop([folder]);
  const title = basename(folder);
  await app.page.waitForFunction((name) => document.querySelector(".titlebar-night h1")?.textContent === name, title);
  await new NightPage(app.page).until("done", 600_000);
  // The last changes are drawn and the collector has had its turn.
  await app.page.waitForTimeout(1500);
}

async function timeOfFirstVerdict(app: RunningApp, folder: string): Promise<number> {
  const seen = app.page.evaluate(
    () =>
      new Promise<number>((done) => {
        let dropped = Number.NaN;
        window.addEventListener("drop", () => (dropped = performance.now()), { capture: true, once: true });
        const look = () => {
          if (document.querySelector(".table-row .verdict") === null) requestAnimationFrame(look);
          else requestAnimationFrame(() => done(performance.now() - dropped));
        };
        look();
      }),
  );
  await app.drop([folder]);
  const time = await seen;
  await new NightPage(app.page).until("done");
  return time / 1000;
}

async function timesOfNextFrame(app: RunningApp): Promise<number[]> {
  const { page } = app;
  await new TitleBar(page).show("review");
  const review = new ReviewPage(page);
  await review.walk("All");
  await review.press("Home");
  await review.shown();
  await page.waitForTimeout(2000);
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { benchTimes: times });
    window.addEventListener(
      "keydown",
      () => {
        const pressed = performance.now();
        const picture = () => document.querySelector<HTMLImageElement>(".frame-view-whole img");
        const before = picture()?.alt;
        const look = () => {
          const now = picture();
          // Put in place, decoded, and the frame that shows it drawn.
          if (now !== null && now.alt !== before && now.complete) setTimeout(() => times.push(performance.now() - pressed));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      },
      { capture: true },
    );
  });
  const count = () => page.evaluate(() => (Reflect.get(window, "benchTimes") as number[]).length);
  for (let frame = 1; frame <= FRAMES_WALKED; frame++) {
    const next = page.waitForTimeout(PACE);
    await review.press("ArrowRight");
    await next;
    while ((await count()) < frame) await page.waitForTimeout(20);
  }
  return page.evaluate(() => Reflect.get(window, "benchTimes") as number[]);
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  for (let round = 0; round < 3; round++) await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  return metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
}

/** Chromium's own account of the frames it drew while a finger pulled the list along. */
async function timesOfScrolling(page: Page): Promise<number[]> {
  const box = await new NightPage(page).grid.boundingBox();
  if (box === null) throw new Error("no list to scroll");
  const session = await page.context().newCDPSession(page);
  const browser = page.context().browser();
  if (browser === null) throw new Error("no browser to trace");
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline.frame", "devtools.timeline.frame"] });
  for (const distance of [-14_000, 9000, -14_000, 9000]) {
    const at = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    await session.send("Input.synthesizeScrollGesture", { ...at, yDistance: distance, speed: 6000, gestureSourceType: "mouse" });
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: { name: string; ts: number }[] };
  await session.detach();
  const drawn = traceEvents.filter(({ name }) => name === "DrawFrame").map(({ ts }) => ts / 1000);
  drawn.sort((a, b) => a - b);
  const gaps = drawn.slice(1).map((time, index) => time - (drawn[index] ?? time));
  // Between two gestures nothing moves and nothing is drawn.
  return gaps.filter((gap) => gap < 250);
}

const pace = await measure();
if (process.argv.includes("--json")) process.stdout.write(JSON.stringify(pace));
else {
  const goals = windowGoals(pace);
  process.stdout.write(`\n${goalLines(goals)}\n`);
  process.exitCode = goals.some(({ met }) => met === false) ? 1 : 0;
}
