import type { Page } from "playwright-core";

/** Before a night is open. */
export class StartPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async headline(): Promise<string | null> {
    return this.#page.locator("h1").textContent();
  }

  openFolder(): Promise<void> {
    return this.#page.getByRole("button", { name: "Open a folder…" }).click();
  }
}
