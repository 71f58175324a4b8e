import type { CDPSession, Page } from "playwright-core";
import { WORLD } from "./worlds.ts";

/** What the app's handlers learn of the frame that called them, as Electron's WebFrameMain has it. */
export interface SenderFrame {
  url: string;
  parent: SenderFrame | null;
}

interface FrameTree {
  frame: { id: string; url: string };
  childFrames?: FrameTree[];
}

/** Knows the preload's world of every frame of a page, and which frame a call came from. */
export class PreloadFrames {
  readonly #session: CDPSession;
  readonly #page: Page;
  readonly #toOwn: (url: string) => string;
  readonly #frameOf = new Map<number, string>();
  #main = "";
  #mainContext: number | null = null;

  constructor(session: CDPSession, page: Page, toOwn: (url: string) => string) {
    this.#session = session;
    this.#page = page;
    this.#toOwn = toOwn;
  }

  async watch(): Promise<void> {
    this.#main = (await this.#tree()).frame.id;
    this.#session.on("Runtime.executionContextCreated", ({ context }) => {
      if (context.name !== WORLD) return;
      const frame = String(context.auxData?.["frameId"]);
      this.#frameOf.set(context.id, frame);
      if (frame === this.#main) this.#mainContext = context.id;
    });
    this.#session.on("Runtime.executionContextDestroyed", ({ executionContextId }) => this.#frameOf.delete(executionContextId));
  }

  /** The preload's world in the page itself; null before there is one. */
  get mainContext(): number | null {
    return this.#mainContext;
  }

  /** The preload's worlds of frames inside the page. */
  get innerContexts(): number[] {
    return [...this.#frameOf].filter(([, frame]) => frame !== this.#main).map(([context]) => context);
  }

  /** At once for the page itself; a frame inside it is looked for. */
  senderOf(context: number): SenderFrame | Promise<SenderFrame | null> {
    if (context === this.#mainContext) return { url: this.#toOwn(this.#page.url()), parent: null };
    return this.#innerSender(context);
  }

  async #innerSender(context: number): Promise<SenderFrame | null> {
    const frame = this.#frameOf.get(context);
    if (frame === undefined) return null;
    const find = (tree: FrameTree, parent: SenderFrame | null): SenderFrame | null => {
      const here = { url: this.#toOwn(tree.frame.url), parent };
      if (tree.frame.id === frame) return here;
      for (const child of tree.childFrames ?? []) {
        const found = find(child, here);
        if (found !== null) return found;
      }
      return null;
    };
    return find(await this.#tree(), null);
  }

  async #tree(): Promise<FrameTree> {
    return (await this.#session.send("Page.getFrameTree")).frameTree;
  }
}
