import type { Locator, Page } from "playwright-core";
import type { SortActionName } from "../../../src/shared/desktop-settings.ts";

/** From the dry run to the outcome. */
export class SortDialog {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get dialog(): Locator {
    return this.#page.getByRole("dialog");
  }

  async open(): Promise<void> {
    await this.#page.getByRole("button", { name: "Sort…" }).first().click();
    await this.dialog.waitFor();
  }

  /** The system's dialog answers what the spec told it to. */
  async chooseFolder(): Promise<void> {
    await this.dialog.getByRole("button", { name: /^(Choose a folder|Change)…$/ }).click();
  }

  async choose(action: SortActionName): Promise<void> {
    await this.dialog.locator(`.wish-action:has(input[value=${action}])`).click();
  }

  /** Resolves once the dry run is done and the sort may be started. */
  async ready(): Promise<void> {
    await this.#page.waitForSelector(".work-form button[type=submit]:not([aria-disabled=true])", { timeout: 30_000 });
  }

  async start(): Promise<void> {
    await this.ready();
    await this.dialog.locator("button[type=submit]").click();
  }
}
