import { basename, join } from "node:path";
import type { FrameRow, NightChange, NightHead, NightSnapshot } from "../../shared/contract.ts";
import type { NightHandle, NightPort, NightUpdate } from "./night-port.ts";

export interface OpenNightParts {
  night: NightPort;
  /** Tells all windows. */
  tell: (change: NightChange) => void;
  /** A name for a night that no night before had: lower-case letters and digits, 16 at most. */
  newId: () => string;
  /** Calls back after this many milliseconds; returns a function that calls it off. */
  after: (milliseconds: number, callback: () => void) => () => void;
}

/** Windows hear of changes this often at most: fast enough to look alive, slow enough to leave the CPU to the grading. */
const TELL_EVERY = 120;

/**
 * The night that is open: the truth that windows mirror. Frames get ids here, so that a window can ask for pictures
 * without ever naming a path; changes are gathered and told in batches, each with the revision it applies to.
 */
export class OpenNight {
  readonly #parts: OpenNightParts;
  #revision = 0;
  #head: NightHead | null = null;
  #root = "";
  #handle: NightHandle | null = null;
  readonly #rows = new Map<string, FrameRow>();
  readonly #idOfPath = new Map<string, string>();
  readonly #changed = new Set<string>();
  #callOff: (() => void) | null = null;

  constructor(parts: OpenNightParts) {
    this.#parts = parts;
  }

  /** Opens another night in place of the one before. */
  async open(paths: string[]): Promise<NightSnapshot> {
    await this.cancel();
    this.#callOff?.();
    this.#callOff = null;
    this.#rows.clear();
    this.#idOfPath.clear();
    this.#changed.clear();
    const id = this.#parts.newId();
    this.#revision += 1;
    this.#head = {
      id,
      title: titleOf(paths),
      paths,
      state: "scanning",
      error: null,
      progress: { found: 0, finished: 0, rate: null, eta: null },
      summary: null,
      groups: [],
    };
    this.#handle = this.#parts.night.openFolder(paths, (update) => this.#take(id, update));
    return this.snapshot();
  }

  snapshot(): NightSnapshot {
    return { revision: this.#revision, head: this.#head, rows: [...this.#rows.values()] };
  }

  async cancel(): Promise<void> {
    await this.#handle?.cancel();
    this.#handle = null;
  }

  /** Where the frame of this id lies; null when the open night has none such. */
  pathOf(id: string): string | null {
    const row = this.#rows.get(id);
    // Reports write paths relative and with `/` on every system.
    return row === undefined ? null : join(this.#root, ...row.frame.path.split("/"));
  }

  #take(night: string, update: NightUpdate): void {
    const head = this.#head;
    // A night that was replaced may still say that it has ended.
    if (head === null || head.id !== night) return;
    this.#root = update.root ?? this.#root;
    for (const frame of update.frames) {
      const id = this.#idOfPath.get(frame.path) ?? `${night}-${this.#idOfPath.size}`;
      this.#idOfPath.set(frame.path, id);
      this.#rows.set(id, { id, name: basename(frame.path), frame });
      this.#changed.add(id);
    }
    this.#head = {
      ...head,
      state: update.state,
      error: update.error ?? null,
      progress: update.progress,
      summary: update.summary ?? head.summary,
      groups: update.groups ?? head.groups,
    };
    const ended = update.state !== "scanning" && update.state !== "grading";
    if (ended) this.#tellNow();
    else this.#callOff ??= this.#parts.after(TELL_EVERY, () => this.#tellNow());
  }

  #tellNow(): void {
    this.#callOff?.();
    this.#callOff = null;
    if (this.#head === null) return;
    const rows = [...this.#changed].map((id) => this.#rows.get(id)).filter((row) => row !== undefined);
    this.#changed.clear();
    const base = this.#revision;
    this.#revision += 1;
    this.#parts.tell({ base, revision: this.#revision, head: this.#head, rows });
  }
}

function titleOf(paths: string[]): string {
  const [first] = paths;
  return paths.length === 1 && first !== undefined ? basename(first) || first : `${paths.length} folders`;
}
