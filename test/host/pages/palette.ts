import type { Locator, Page } from "playwright-core";

/** The palette of commands, and the page of keys. */
export class Palette {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get dialog(): Locator {
    return this.#page.getByRole("dialog", { name: "All commands" });
  }

  get keysSheet(): Locator {
    return this.#page.getByRole("dialog", { name: "All keys" });
  }

  async open(words = ""): Promise<void> {
    await this.#page.keyboard.press("ControlOrMeta+k");
    await this.dialog.waitFor();
    await this.#page.keyboard.type(words);
  }

  entry(name: string): Locator {
    return this.dialog.getByRole("option").filter({ has: this.#page.getByText(name, { exact: true }) });
  }

  /** Runs the first entry found by these words. */
  async run(words: string): Promise<void> {
    await this.open(words);
    await this.#page.keyboard.press("Enter");
    await this.dialog.waitFor({ state: "detached" });
  }
}
