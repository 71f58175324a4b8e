import type { Locator, Page } from "playwright-core";
import type { SettingsSection } from "../../../src/renderer/src/stores/settings-section.ts";

/** The settings and their sections. */
export class SettingsPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(section: SettingsSection): Promise<void> {
    if ((await this.#page.locator(".settings").count()) === 0) await this.#page.locator(".pane-tab", { hasText: "Settings" }).click();
    await this.#page.locator(`#section-${section}`).click();
    await this.#page.waitForSelector(`#section-${section}[aria-selected=true]`);
  }

  /** The line of one command among the keys. */
  command(title: string): Locator {
    return this.#page.locator(".key-row").filter({ has: this.#page.getByText(title, { exact: true }) });
  }

  /** What the keys of a command are, as written on them. */
  async keysOf(title: string): Promise<string[]> {
    return this.command(title).locator(".keycap").allTextContents();
  }

  async addKey(title: string, key: string): Promise<void> {
    await this.command(title).hover();
    await this.#page.getByRole("button", { name: `Add a key for ${title}` }).click();
    await this.#page.keyboard.press(key);
  }

  button(name: string): Locator {
    return this.#page.getByRole("button", { name, exact: true });
  }
}
