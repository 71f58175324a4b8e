import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import type { InterruptedNight, RecentNight } from "../../shared/contract.ts";
import type { Pane } from "../../shared/desktop-settings.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { MemoryPort, NightBefore, NightPlace } from "./night-port.ts";
import type { NotedNight } from "./open-night.ts";

export interface NightsBeforeParts {
  memory: MemoryPort;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Calls back after this many milliseconds; returns a function that calls it off. */
  after: (milliseconds: number, callback: () => void) => () => void;
}

const MOST = 20;
/** How soon it is written where the user is, and how often at most how far the night is, ms: writing waits for the disk. */
const PLACE_WITHIN = 1000;
const WRITE_EVERY = 2000;

/**
 * Nights that were opened before, and the one that was open when the app ended, however it ended. All of it was picked by
 * the user at the time; no page can put anything in.
 */
export class NightsBefore {
  readonly #parts: NightsBeforeParts;
  /** What the app was in the middle of when it last ended. */
  #interrupted: NightPlace | null;
  #open: NotedNight | null = null;
  #opened = 0;
  #where: { pane: Pane; framePath: string | null } = { pane: "night", framePath: null };
  #callOff: (() => void) | null = null;
  #written = "";

  constructor(parts: NightsBeforeParts) {
    this.#parts = parts;
    this.#interrupted = parts.memory.place();
  }

  /** The open night as it is now; null when it was closed. */
  note(night: NotedNight | null): void {
    const before = this.#open?.head;
    const other = night?.head.id !== before?.id;
    // The last that is known of a night, before another takes its place.
    if (other && before) this.flush();
    this.#open = night;
    if (other) {
      this.#interrupted = null;
      this.#opened = this.#parts.now();
      this.#where = { pane: "night", framePath: null };
    }
    if (other || night?.head.state !== before?.state) this.flush();
    else this.#callOff ??= this.#parts.after(WRITE_EVERY, () => this.flush());
  }

  /** Where in the night the user is. */
  place(pane: Pane, framePath: string | null): void {
    this.#where = { pane, framePath: framePath ?? this.#where.framePath };
    if (this.#open === null) return;
    this.#callOff?.();
    this.#callOff = this.#parts.after(PLACE_WITHIN, () => this.flush());
  }

  /** Writes what waits to be written. */
  flush(): void {
    this.#callOff?.();
    this.#callOff = null;
    const open = this.#open;
    const place = open && open.head.state !== "failed" ? { ...placeOf(open), ...this.#where } : null;
    // A folder without frames, or one that is not there, is no night to come back to.
    const listed = open !== null && !open.simulated && open.head.summary !== null && open.head.progress.found > 0;
    const night = listed ? nightBefore(open, this.#opened) : null;
    const text = JSON.stringify([place, night]);
    if (text === this.#written) return;
    this.#written = text;
    this.#parts.memory.keepPlace(place);
    if (night === null) return;
    this.#parts.memory.keepNights([night, ...this.#parts.memory.nights().filter(({ id }) => id !== night.id)].slice(0, MOST));
  }

  async list(): Promise<RecentNight[]> {
    return Promise.all(this.#parts.memory.nights().map(async (night) => ({ ...night, present: await areThere(night.paths) })));
  }

  /** Throws `no-night`. */
  find(id: string): NightBefore {
    const night = this.#parts.memory.nights().find((one) => one.id === id);
    if (!night) throw new NebuliftError("no-night", "it is not among those before");
    return night;
  }

  forget(id: string): Promise<RecentNight[]> {
    this.#written = "";
    this.#parts.memory.keepNights(this.#parts.memory.nights().filter((night) => night.id !== id));
    return this.list();
  }

  /** What the app was in the middle of; null when there was nothing, or a night is open again. */
  async interrupted(): Promise<InterruptedNight | null> {
    const place = this.#interrupted;
    if (place === null || this.#open !== null) return null;
    const { title, paths, found, finished, review } = place;
    return { title, paths, doing: doing(place), found, finished, review, present: await areThere(paths) };
  }

  /** Where to go on; throws `no-night` when nothing was interrupted. */
  resume(): NightPlace {
    if (this.#interrupted === null) throw new NebuliftError("no-night", "nothing was interrupted");
    return this.#interrupted;
  }
}

function placeOf({ head }: NotedNight): Omit<NightPlace, "pane" | "framePath"> {
  const { title, paths, state, progress, summary } = head;
  const watch = head.watch !== null;
  return { title, paths, watch, state, found: progress.found, finished: progress.finished, review: summary?.review ?? 0 };
}

function nightBefore({ head }: NotedNight, opened: number): NightBefore {
  const { title, paths, progress, summary } = head;
  const id = createHash("sha256").update(paths.join("\0")).digest("hex").slice(0, 16);
  return { id, title, paths, opened, frames: progress.found, review: summary?.review ?? 0, minutes: summary?.minutes.clean ?? 0 };
}

function doing({ state, watch, pane }: NightPlace): InterruptedNight["doing"] {
  if (watch) return "watching";
  if (state === "scanning" || state === "grading" || state === "simulating") return "grading";
  return pane === "review" ? "reviewing" : "looking";
}

async function areThere(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}
