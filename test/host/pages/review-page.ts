import type { Locator, Page } from "playwright-core";

/** One frame after the other, big, decided by one key. */
export class ReviewPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The whole picture of a frame, decoded and in its place. */
  get picture(): Locator {
    return this.#page.locator(".frame-view-whole img");
  }

  async shown(milliseconds = 30_000): Promise<void> {
    await this.picture.first().waitFor({ timeout: milliseconds });
  }

  /** Which frame is before the eyes: the row that the strip of pictures calls current. */
  async frame(): Promise<string | null> {
    return this.picture.first().getAttribute("alt");
  }

  /** Presses a key of the table of commands, such as `k`. */
  press(key: string): Promise<void> {
    return this.#page.keyboard.press(key);
  }

  async walk(queue: "Doubtful" | "All"): Promise<void> {
    await this.#page.getByRole("toolbar").getByRole("button", { name: queue }).first().click();
  }
}
