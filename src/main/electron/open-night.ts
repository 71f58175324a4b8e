import type { FrameDetail, FrameRow, NightChange, NightHead, NightSnapshot } from "../../shared/contract.ts";
import type { DecidedVerdict, ReasonCode, Report, Stretch } from "../../shared/domain.ts";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { NightFrames } from "./night-frames.ts";
import type { DecidedPaths, NightHandle, NightPort, NightUpdate } from "./night-port.ts";
import type { StandingSort } from "./work-port.ts";

export interface OpenNightParts {
  night: Pick<NightPort, "open" | "simulate">;
  /** Tells all windows. */
  tell: (change: NightChange) => void;
  /** Whoever remembers what the user was in the middle of; null when the night was closed. */
  noted: (night: NotedNight | null) => void;
  /** The sort of this folder's frames that stands from before; null when there is none. */
  sortedBefore: (root: string) => Promise<StandingSort | null>;
  /** A name for a night that no night before had: lower-case letters and digits, 16 at most. */
  newId: () => string;
  /** Calls back after this many milliseconds; returns a function that calls it off. */
  after: (milliseconds: number, callback: () => void) => () => void;
}

export interface NotedNight {
  head: NightHead;
  /** A simulated one is not among the nights before. */
  simulated: boolean;
}

export interface Step {
  ids: string[];
  verdict: DecidedVerdict | null;
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
  #handle: NightHandle | null = null;
  /** While a night is being simulated there is no handle yet. */
  #simulating: AbortController | null = null;
  #simulated = false;
  #lookedAt: string | null = null;
  #frames = new NightFrames("");
  #callOff: (() => void) | null = null;

  constructor(parts: OpenNightParts) {
    this.#parts = parts;
  }

  /** Opens another night in place of the one before. */
  async open(title: string, paths: string[], watch: boolean): Promise<NightSnapshot> {
    await this.#leave();
    this.#begin(title, paths, "scanning");
    this.#start(paths, watch);
    return this.snapshot();
  }

  /** Opens a night of known truth; it is written first, unless it was before. */
  async simulate(title: string): Promise<NightSnapshot> {
    await this.#leave();
    const { id } = this.#begin(title, [], "simulating");
    this.#simulated = true;
    const stop = new AbortController();
    this.#simulating = stop;
    void this.#writeSimulated(id, stop.signal);
    return this.snapshot();
  }

  /** Ends the night and leaves none open. */
  async close(): Promise<NightSnapshot> {
    await this.#leave();
    this.#revision += 1;
    this.#head = null;
    this.#parts.noted(null);
    return this.snapshot();
  }

  /** Null when no night is open. */
  get head(): NightHead | null {
    return this.#head;
  }

  snapshot(): NightSnapshot {
    return { revision: this.#revision, head: this.#head, rows: this.#frames.rows() };
  }

  /** Ends the work on it; what was graded stays. */
  async cancel(): Promise<void> {
    this.#simulating?.abort();
    await this.#handle?.cancel();
  }

  /** Ends all work on it at once, for whoever quits: nothing is told any more. */
  async end(): Promise<void> {
    this.#simulating?.abort();
    await this.#handle?.close();
  }

  /** Throws `no-night`, `not-watchable`. */
  async watch(on: boolean): Promise<NightSnapshot> {
    await this.#open().watch(on);
    this.#tellNow();
    return this.snapshot();
  }

  /** Durable when it returns; returns how many frames it changed. */
  decide(ids: readonly string[], verdict: DecidedVerdict | null, cause: ReasonCode | null): number {
    const paths = ids.flatMap((id) => this.rowOf(id)?.frame.path ?? []);
    return this.#toldAtOnce(() => this.#open().decide(paths, verdict, cause)).paths.length;
  }

  undo(): Step | null {
    return this.#step(this.#toldAtOnce(() => this.#open().undo()));
  }

  redo(): Step | null {
    return this.#step(this.#toldAtOnce(() => this.#open().redo()));
  }

  /** Throws `file-missing` for a frame that the night does not have. */
  async detail(id: string): Promise<FrameDetail> {
    const path = this.rowOf(id)?.frame.path;
    const detail = path === undefined ? null : ((await this.#handle?.detail(path)) ?? null);
    if (!detail) throw new NebuliftError("file-missing", "the frame is not in the night that is open");
    return { id, ...detail };
  }

  /** The frame before the user's eyes; null when that is not known. */
  get lookedAt(): string | null {
    return this.#lookedAt;
  }

  lookAt(id: string | null): void {
    this.#lookedAt = id;
  }

  rowOf(id: string): FrameRow | null {
    return this.#frames.rowOf(id);
  }

  /** Where the frame of this id lies now; null when the open night has none such. */
  pathOf(id: string): string | null {
    return this.#frames.placeOf(id);
  }

  /** The stretch that a frame is shown in with its group. */
  stretchOf(id: string): Stretch | null {
    const path = this.rowOf(id)?.frame.path;
    return path === undefined ? null : (this.#handle?.stretchOf(path) ?? null);
  }

  /** What there is to sort or hand over; null when no night is open. */
  async toSort(): Promise<{ report: Report; root: string; graded: boolean } | null> {
    const { root } = this.#frames;
    if (!this.#handle || !this.#head || root === "") return null;
    const graded = !["simulating", "scanning", "grading"].includes(this.#head.state);
    return { report: await this.#handle.report(), root, graded };
  }

  /** What of this night lies sorted now; null when nothing does. */
  sorted(standing: StandingSort | null): void {
    if (this.#head === null) return;
    this.#handle?.movedAway(standing?.action === "move" ? standing.places.keys() : []);
    this.#frames.sorted(standing);
    this.#head = { ...this.#head, sorted: standing && sortedHead(standing) };
    this.#tellNow();
  }

  #begin(title: string, paths: string[], state: NightHead["state"]): NightHead {
    this.#revision += 1;
    this.#simulated = false;
    this.#head = freshHead(this.#parts.newId(), title, paths, state);
    this.#frames = new NightFrames(this.#head.id);
    return this.#head;
  }

  #start(paths: string[], watch: boolean): void {
    const id = this.#head?.id;
    this.#handle = this.#parts.night.open(paths, { watch }, (update) => this.#take(id, update));
  }

  async #leave(): Promise<void> {
    const before = this.#head;
    // Nobody is told of the end of what another night replaces.
    this.#head = null;
    try {
      await this.end();
    } catch (error) {
      this.#head = before;
      throw error;
    }
    this.#handle = null;
    this.#simulating = null;
    this.#callOff?.();
    this.#callOff = null;
    this.#lookedAt = null;
    this.#frames = new NightFrames("");
  }

  async #writeSimulated(id: string, signal: AbortSignal): Promise<void> {
    const isOpen = () => this.#head?.id === id;
    try {
      const folder = await this.#parts.night.simulate({
        signal,
        onProgress: (finished, found) => {
          if (!isOpen() || this.#head === null) return;
          this.#head = { ...this.#head, progress: { found, finished, rate: null, eta: null } };
          this.#tellSoon();
        },
      });
      if (!isOpen() || this.#head === null) return;
      this.#simulating = null;
      this.#head = { ...freshHead(id, this.#head.title, [folder], "scanning") };
      this.#start([folder], false);
    } catch (thrown) {
      if (!isOpen() || this.#head === null) return;
      const error = toNebuliftError(thrown);
      const cancelled = error.code === "cancelled";
      this.#head = { ...this.#head, state: cancelled ? "cancelled" : "failed", error: cancelled ? null : error.toEnvelope() };
      this.#tellNow();
    }
  }

  #open(): NightHandle {
    if (!this.#handle) throw new NebuliftError("no-night", "");
    return this.#handle;
  }

  #toldAtOnce<T>(change: () => T): T {
    try {
      return change();
    } finally {
      if (this.#callOff !== null) this.#tellNow();
    }
  }

  #step(now: DecidedPaths | null): Step | null {
    return now && { ids: now.paths.flatMap((path) => this.#frames.idOf(path) ?? []), verdict: now.verdict };
  }

  #take(night: string | undefined, update: NightUpdate): void {
    const head = this.#head;
    // A night that was replaced may still say that it has ended.
    if (head === null || head.id !== night) return;
    if (this.#frames.root === "" && update.root !== "") void this.#findSort(head.id, update.root);
    this.#frames.take(update);
    const { state, progress, groups, summary, watch, undo, redo, rules, pictures } = update;
    this.#head = { ...head, state, error: update.error ?? null, progress, groups, summary, watch, undo, redo, rules, pictures };
    this.#parts.noted({ head: this.#head, simulated: this.#simulated });
    if (state === "done" || state === "cancelled" || state === "failed" || state !== head.state) this.#tellNow();
    else this.#tellSoon();
  }

  async #findSort(night: string, root: string): Promise<void> {
    const standing = await this.#parts.sortedBefore(root);
    if (standing && this.#head?.id === night && this.#head.sorted === null) this.sorted(standing);
  }

  #tellSoon(): void {
    this.#callOff ??= this.#parts.after(TELL_EVERY, () => this.#tellNow());
  }

  #tellNow(): void {
    this.#callOff?.();
    this.#callOff = null;
    if (this.#head === null) return;
    const { rows, gone } = this.#frames.news();
    const base = this.#revision;
    this.#revision += 1;
    this.#parts.tell({ base, revision: this.#revision, head: this.#head, rows, gone });
  }
}

function freshHead(id: string, title: string, paths: string[], state: NightHead["state"]): NightHead {
  return {
    id,
    title,
    paths,
    state,
    error: null,
    progress: { found: 0, finished: 0, rate: null, eta: null },
    summary: null,
    groups: [],
    watch: null,
    undo: 0,
    redo: 0,
    rules: [],
    sorted: null,
    pictures: 0,
  };
}

function sortedHead({ session, output, action, files, failed }: StandingSort): NightHead["sorted"] {
  return { session, output, action, files, failed };
}
