import { basename, join } from "node:path";
import type { FrameRow } from "../../shared/contract.ts";
import type { ReportFrame } from "../../shared/domain.ts";
import type { NightUpdate } from "./night-port.ts";
import type { StandingSort } from "./work-port.ts";

/** The frames of one open night under ids that windows may name, and which of them windows have not heard of yet. */
export class NightFrames {
  readonly #night: string;
  #root = "";
  #sort: StandingSort | null = null;
  readonly #rows = new Map<string, FrameRow>();
  readonly #ids = new Map<string, string>();
  readonly #changed = new Set<string>();
  readonly #gone = new Set<string>();

  constructor(night: string) {
    this.#night = night;
  }

  /** The folder that the frames' paths are relative to; empty before it is known. */
  get root(): string {
    return this.#root;
  }

  rows(): FrameRow[] {
    return [...this.#rows.values()];
  }

  rowOf(id: string): FrameRow | null {
    return this.#rows.get(id) ?? null;
  }

  /** Of a path in the report. */
  idOf(path: string): string | null {
    return this.#ids.get(path) ?? null;
  }

  /** Where the frame of this id lies now; null when there is none such. */
  placeOf(id: string): string | null {
    const path = this.#rows.get(id)?.frame.path;
    if (path === undefined) return null;
    const moved = this.#sort?.action === "move" ? this.#sort.places.get(path) : undefined;
    // Reports write paths relative and with `/` on every system.
    return moved === undefined || this.#sort === null ? join(this.#root, ...path.split("/")) : join(this.#sort.output, ...moved.split("/"));
  }

  take({ root, frames, gone }: Pick<NightUpdate, "root" | "frames" | "gone">): void {
    this.#root = root || this.#root;
    for (const frame of frames) this.#put(frame);
    for (const path of gone) this.#takeAway(path);
  }

  /** What lies sorted now; null when nothing does. */
  sorted(standing: StandingSort | null): void {
    const before = this.#sort;
    this.#sort = standing;
    for (const { frame } of this.rows()) {
      if (standing?.places.get(frame.path) !== before?.places.get(frame.path)) this.#put(frame);
    }
  }

  /** What has changed since this was asked last. */
  news(): { rows: FrameRow[]; gone: string[] } {
    const news = { rows: [...this.#changed].flatMap((id) => this.#rows.get(id) ?? []), gone: [...this.#gone] };
    this.#changed.clear();
    this.#gone.clear();
    return news;
  }

  /** A file that comes back under its name gets its id again. */
  #put(frame: ReportFrame): void {
    const { path } = frame;
    const id = this.#ids.get(path) ?? `${this.#night}-${this.#ids.size}`;
    this.#ids.set(path, id);
    this.#rows.set(id, { id, name: basename(path), frame: { ...frame, sortedTo: this.#sort?.places.get(path) ?? null } });
    this.#changed.add(id);
    this.#gone.delete(id);
  }

  #takeAway(path: string): void {
    const id = this.#ids.get(path);
    if (id === undefined || !this.#rows.delete(id)) return;
    this.#changed.delete(id);
    this.#gone.add(id);
  }
}
