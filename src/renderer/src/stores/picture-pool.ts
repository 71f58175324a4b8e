/** A picture on its way or ready to be put into the page without a pause. */
export interface PooledPicture {
  readonly address: string;
  readonly image: HTMLImageElement;
  readonly state: "loading" | "ready" | "failed";
  /** Resolves with whether it can be shown; never rejects. */
  readonly done: Promise<boolean>;
}

type Entry = { -readonly [K in keyof PooledPicture]: PooledPicture[K] };

/**
 * Decoded pictures, the last used ones, so that going to the next frame is a matter of putting an element into the page.
 * What is still on its way and no longer wanted is called off, which also ends main's work on it.
 */
export class PicturePool {
  readonly #most: number;
  readonly #make: () => HTMLImageElement;
  readonly #entries = new Map<string, Entry>();

  /** `make` gives a new, empty image element. */
  constructor(most: number, make: () => HTMLImageElement = () => new Image()) {
    this.#most = most;
    this.#make = make;
  }

  /** The picture of this address, asked for now unless it is here; a failed one is asked for again. */
  get(address: string): PooledPicture {
    const known = this.#entries.get(address);
    this.#entries.delete(address);
    const entry = known === undefined || known.state === "failed" ? this.#load(address) : known;
    this.#entries.set(address, entry);
    this.#shrink();
    return entry;
  }

  /** The picture if it is here or on its way; asks for nothing. */
  peek(address: string): PooledPicture | null {
    return this.#entries.get(address) ?? null;
  }

  /** Calls off whatever is on its way and not among these. */
  only(wanted: readonly string[]): void {
    const kept = new Set(wanted);
    for (const address of this.#entries.keys()) if (!kept.has(address)) this.callOff(address);
  }

  /** Calls this one off while it is on its way; what is here stays. */
  callOff(address: string): void {
    const entry = this.#entries.get(address);
    if (entry?.state === "loading") this.#drop(address, entry);
  }

  #load(address: string): Entry {
    const image = this.#make();
    image.draggable = false;
    image.src = address;
    const done = image.decode().then(
      () => true,
      () => false,
    );
    const entry: Entry = { address, image, state: "loading", done };
    void done.then((shown) => {
      entry.state = shown ? "ready" : "failed";
    });
    return entry;
  }

  #shrink(): void {
    // The oldest stand first in a Map that every use writes anew.
    for (const [address, entry] of this.#entries) {
      if (this.#entries.size <= this.#most) return;
      // What is in the page is not for the pool to take away.
      if (!entry.image.isConnected) this.#drop(address, entry);
    }
  }

  #drop(address: string, entry: Entry): void {
    this.#entries.delete(address);
    if (entry.state === "loading") entry.image.removeAttribute("src");
  }
}
