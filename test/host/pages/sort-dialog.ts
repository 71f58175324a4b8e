import type { Locator, Page } from "playwright-core";

/** Sorting, from the dry run to the outcome. */
export class SortDialog {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get dialog(): Locator {
    return this.#page.getByRole("dialog");
  }

  /** The button that starts it, whatever it says just now. */
  get start(): Locator {
    return this.dialog.locator("button[type=submit]");
  }

  async open(): Promise<void> {
    await this.#page.keyboard.press("Control+s");
    await this.dialog.waitFor();
  }

  /** The folder dialog must have its answer ready. */
  async choose(name: "Choose a folder…" | "Change…"): Promise<void> {
    await this.dialog.getByRole("button", { name }).click();
  }

  async way(name: "Copy" | "Move" | "Link"): Promise<void> {
    await this.dialog.getByRole("radio", { name: new RegExp(`^${name}`) }).check();
  }

  /** Resolves with the numbers of the dry run once it is made: frames by folder. */
  async plan(): Promise<Record<string, number>> {
    await this.#page.waitForSelector(".foresight[aria-busy=false]");
    await this.dialog.locator("button[type=submit]:not([aria-disabled=true])").waitFor({ timeout: 30_000 });
    return this.numbers();
  }

  numbers(): Promise<Record<string, number>> {
    return this.dialog.locator(".pour tbody tr").evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => {
          const [name, frames] = [row.querySelector("th"), row.querySelector(".pour-frames")];
          return [name?.textContent ?? "", Number(frames?.textContent)];
        }),
      ),
    );
  }

  /** Resolves with its headline once what ran has ended. */
  async headline(milliseconds = 60_000): Promise<string | null> {
    const line = this.dialog.locator(".work-headline");
    await line.waitFor({ timeout: milliseconds });
    return line.textContent();
  }

  /** Resolves once its headline says this. */
  async headlineOf(words: RegExp, milliseconds = 60_000): Promise<void> {
    await this.dialog.locator(".work-headline").filter({ hasText: words }).waitFor({ timeout: milliseconds });
  }

  async takeBack(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Take it back" }).click();
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press("Escape");
    await this.dialog.waitFor({ state: "detached" });
  }
}
