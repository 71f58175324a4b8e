import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import sharp from "sharp";

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
  const { channels } = await sharp(await page.screenshot())
    .removeAlpha()
    .stats();
  const [red, green, blue] = channels;
  const others = Math.max(green?.max ?? 255, blue?.max ?? 255);
  assert.equal(others, 0, `${what}: a pixel lights green or blue at ${others}`);
  assert.equal(red?.max, 255, `${what}: nothing is lit`);
  assert.ok((red?.mean ?? 255) < 255 * BRIGHTEST, `${what}: the window is lit at ${red?.mean} of 255`);
}

/** Takes the night's last nets away, to see that the colours themselves are red. */
export async function withoutNets(page: Page, look: () => Promise<void>): Promise<void> {
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
