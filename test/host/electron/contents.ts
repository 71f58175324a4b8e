import { EventEmitter } from "node:events";

/** What a page's contents ask of the window that shows them. */
interface Shown {
  deliver(message: object): void;
  reload(): void;
}

type OpenHandler = (details: { url: string }) => { action: "deny" | "allow" };

let made = 0;

/** The contents of a window, as the app's main bundle knows them. */
export class WebContents extends EventEmitter {
  readonly id: number;
  readonly #shown: Shown;
  openHandler: OpenHandler | null = null;
  webRTCPolicy = "default";

  constructor(shown: Shown) {
    super();
    made += 1;
    this.id = made;
    this.#shown = shown;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#shown.deliver({ kind: "event", channel, args });
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  setWebRTCIPHandlingPolicy(policy: string): void {
    this.webRTCPolicy = policy;
  }

  reload(): void {
    this.#shown.reload();
  }

  /** Emits an event that the app may forbid; true when it did. */
  forbids(event: string, details: object): boolean {
    let prevented = false;
    this.emit(event, {
      ...details,
      preventDefault: () => {
        prevented = true;
      },
    });
    return prevented;
  }
}
