import type { Locator, Page } from "playwright-core";

interface Spot {
  x: number;
  y: number;
}

/** The timelines of a night: strokes over them, and the lines across them. */
export class PlotsPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The plot of a measurement, by its title. */
  plot(title: string): Locator {
    return this.#page.locator(".timeline").filter({ has: this.#page.getByRole("heading", { name: title, exact: false }) });
  }

  /** The end of a line, which is a slider. */
  handle(title: string, name: RegExp): Locator {
    return this.plot(title).getByRole("slider", { name });
  }

  /** What is told beside a line that is being moved. */
  get told(): Locator {
    return this.#page.locator(".draft-told");
  }

  /** Draws over a plot; coordinates are shares of its width and height. */
  async stroke(title: string, spots: readonly Spot[], key: "Shift" | "Alt" | null = null): Promise<void> {
    const box = await boxOf(this.plot(title).locator(".timeline-area"));
    const at = ({ x, y }: Spot): [number, number] => [box.x + x * box.width, box.y + y * box.height];
    const [first, ...rest] = spots;
    if (first === undefined) return;
    if (key !== null) await this.#page.keyboard.down(key);
    await this.#page.mouse.move(...at(first));
    await this.#page.mouse.down();
    for (const spot of rest) await this.#page.mouse.move(...at(spot), { steps: 6 });
    await this.#page.mouse.up();
    if (key !== null) await this.#page.keyboard.up(key);
  }

  /** Takes hold of something and pulls it up (negative) or down by so many px; `letGo` ends it. */
  async pull(handle: Locator, down: number): Promise<void> {
    const box = await boxOf(handle);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await this.#page.mouse.move(x, y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(x, y + down, { steps: 8 });
  }

  letGo(): Promise<void> {
    return this.#page.mouse.up();
  }
}

async function boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await element.boundingBox();
  if (box === null) throw new Error("it is not on the screen");
  return box;
}
