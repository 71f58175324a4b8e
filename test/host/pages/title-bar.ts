import type { Page } from "playwright-core";
import type { Pane, Theme } from "../../../src/shared/desktop-settings.ts";

/** What stays on screen whichever pane is open. */
export class TitleBar {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async nightTitle(): Promise<string | null> {
    return this.#page.locator(".titlebar-night h1").textContent();
  }

  async chooseTheme(theme: Theme): Promise<void> {
    await this.#page.locator(`.segment:has(input[value=${theme}])`).click();
    await this.#page.waitForSelector(`html[data-theme=${theme}]`);
  }

  /** Goes to a pane by its tab. */
  async show(pane: Pane): Promise<void> {
    const name = { night: "Night", review: /^Review/, settings: "Settings" }[pane];
    await this.#page.getByRole("navigation").getByRole("button", { name }).click();
  }

  openFolder(): Promise<void> {
    return this.#page.getByRole("button", { name: "Open a folder…" }).click();
  }
}
