import type { Locator, Page } from "playwright-core";

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

  /** What is said of the night that the app was in the middle of. */
  get interrupted(): Locator {
    return this.#page.locator(".goon-night");
  }

  goOn(): Promise<void> {
    return this.interrupted.getByRole("button", { name: "Go on" }).click();
  }

  /** What is said of a sort that stopped in the middle, with its two ways on. */
  get unfinishedSort(): Locator {
    return this.#page.locator(".unfinished");
  }

  finishSort(): Promise<void> {
    return this.unfinishedSort.getByRole("button", { name: "Finish", exact: true }).click();
  }

  takeSortBack(): Promise<void> {
    return this.unfinishedSort.getByRole("button", { name: "Take back", exact: true }).click();
  }
}
