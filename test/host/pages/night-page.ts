import type { Locator, Page } from "playwright-core";
import type { NightSnapshot } from "../../../src/shared/contract.ts";
import type { VerdictKind } from "../../../src/shared/domain.ts";

/** The night that is open: its line of numbers, its table and its inspector. */
export class NightPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get grid(): Locator {
    return this.#page.getByRole("grid");
  }

  get rows(): Locator {
    return this.#page.locator(".table-row");
  }

  get inspector(): Locator {
    return this.#page.locator(".inspector");
  }

  get stopButton(): Locator {
    return this.#page.getByRole("button", { name: "Stop" });
  }

  /** Resolves once the night is in this state, as its line says. */
  async until(state: "done" | "cancelled" | "watching", milliseconds = 120_000): Promise<void> {
    await this.#page.waitForSelector(`.progress-${state}`, { timeout: milliseconds });
  }

  async firstRow(milliseconds = 60_000): Promise<void> {
    await this.rows.first().waitFor({ timeout: milliseconds });
  }

  async pictureShown(milliseconds = 30_000): Promise<void> {
    await this.#page.waitForSelector(".picture-shown", { timeout: milliseconds });
  }

  /** Frames in the table, in sight or not. */
  async frameCount(): Promise<number> {
    return Number(await this.grid.getAttribute("aria-rowcount")) - 1;
  }

  tally(kind: VerdictKind): Locator {
    return this.#page.locator(`.tally.verdict-${kind}`);
  }

  async find(words: string): Promise<void> {
    await this.#page.locator(".finder input").fill(words);
  }

  /** The id of the row that the grid calls active. */
  activeRow(): Promise<string | null> {
    return this.grid.getAttribute("aria-activedescendant");
  }

  /** The night as main has it. */
  async snapshot(): Promise<NightSnapshot> {
    const reply = await this.#page.evaluate(() => window.nebulift.call["night.snapshot"](undefined, null));
    if (!reply.ok) throw new Error(reply.error.message);
    return reply.value;
  }

  /** Resolves once this holds for the night as main has it. */
  async untilMain(holds: (night: NightSnapshot) => boolean, milliseconds = 120_000): Promise<NightSnapshot> {
    const end = Date.now() + milliseconds;
    for (;;) {
      const night = await this.snapshot();
      if (holds(night)) return night;
      if (Date.now() > end) throw new Error(`not after ${milliseconds} ms: ${holds}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
