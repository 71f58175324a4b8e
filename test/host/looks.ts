import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import sharp, { type Sharp } from "sharp";

/** What the eye, and an eye that must stay used to the dark, may hold against a window. */

export async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(" "))]),
    [],
    what,
  );
}

/** More than this share of full red over the whole window would be a lamp: a night's screen is black with lines and words on it. */
const BRIGHTEST = 0.2;

/** Nothing but red is lit, something is, and not all of it. */
export async function assertOnlyRed(page: Page, what: string): Promise<void> {
  await look(page, what, 0);
}

/** The same with the night's last nets away: the colours themselves are red. Green and blue may be lit at `most`, of 255. */
export async function assertRedByItself(page: Page, what: string, most = 0): Promise<void> {
  await withoutNets(page, () => look(page, `${what}, colours alone`, most));
}

async function look(page: Page, what: string, most: number): Promise<void> {
  const picture = sharp(await page.screenshot()).removeAlpha();
  const { channels } = await picture.stats();
  const [red, green, blue] = channels;
  const others = Math.max(green?.max ?? 255, blue?.max ?? 255);
  if (others > most) assert.fail(`${what}: green or blue is lit at ${others}, first at ${await firstLit(picture, most)}`);
  assert.equal(red?.max, 255, `${what}: nothing is lit`);
  assert.ok((red?.mean ?? 255) < 255 * BRIGHTEST, `${what}: the window is lit at ${red?.mean} of 255`);
}

async function firstLit(picture: Sharp, most: number): Promise<string> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  for (let at = 0; at < data.length; at += info.channels) {
    const place = at / info.channels;
    if ((data[at + 1] ?? 0) > most || (data[at + 2] ?? 0) > most) return `${place % info.width}, ${Math.floor(place / info.width)}`;
  }
  return "no place";
}

/** Takes the night's last nets away, to see that the colours themselves are red. */
async function withoutNets(page: Page, look: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":is(body, .dialog-sheet, .tip)::after { display: none !important }");
    document.adoptedStyleSheets = [sheet];
  });
  try {
    await look();
  } finally {
    await page.evaluate(() => {
      document.adoptedStyleSheets = [];
    });
  }
}
