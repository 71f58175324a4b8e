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

  /** Nights before, the last one first. */
  get recents(): Locator {
    return this.#page.locator(".recent-open");
  }

  /** What the app was in the middle of when it ended. */
  get goOn(): Locator {
    return this.#page.getByRole("region", { name: "Go on where you were" });
  }

  resume(): Promise<void> {
    return this.goOn.getByRole("button", { name: "Go on" }).click();
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

  simulate(): Promise<void> {
    return this.#page.getByRole("button", { name: "Try a simulated night" }).click();
  }

  async until(): Promise<void> {
    await this.#page.waitForSelector(".start");
  }

  /** As if the user came back to the window: it looks again at what is there. */
  async comeBack(): Promise<void> {
    await this.#page.evaluate(() => window.dispatchEvent(new Event("focus")));
  }
}
