import type { ReportFrame } from "../../../shared/domain.ts";
import { type ErrorEnvelope, NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import { type Progress, rate } from "../../engine/index.ts";
import type { DecidedNow, NightDecisions } from "../review/night-decisions.ts";
import type { DecidedPaths, LiveUpdate } from "./live-update.ts";
import { heldSummary, type NightNews, type NightSoFar } from "./night-so-far.ts";

/** How the night stood when its judging was asked for: rows and counts belong together, though more may be known when they are told. */
export interface Standing extends Pick<LiveUpdate, "state" | "watch"> {
  error: ErrorEnvelope | null;
  progress: Progress;
  found: number;
  finished: number;
  /** The folders were listed: what there is to grade is known. */
  scanned: boolean;
}

export interface ToldNightParts {
  night: NightSoFar;
  /** Null keeps none. */
  decisions: NightDecisions | null;
  listener: (update: LiveUpdate) => void;
  /** Told once when frames cannot be judged any more. */
  onTrouble: (error: NebuliftError) => void;
}

/** What whoever looks at a night has been told of it, and how that is brought up to date. */
export class ToldNight {
  readonly #parts: ToldNightParts;
  #shown: Standing | null = null;
  #latest: Promise<NebuliftError | null> | null = null;
  #took = 0;
  #troubled = false;
  #ended = false;

  constructor(parts: ToldNightParts) {
    this.#parts = parts;
  }

  /** What the last judging took, ms. */
  get took(): number {
    return this.#took;
  }

  /** That frames cannot be judged any more was said. */
  get troubled(): boolean {
    return this.#troubled;
  }

  /** Nothing is told any more. */
  end(): void {
    this.#ended = true;
  }

  /** Tells how it stands, before anything is known of frames. */
  begun(standing: Standing): void {
    this.#send(standing, [], [], null);
  }

  /**
   * Has the night judged as it is now and tells it. Resolves once it has been told, by this judging or by a later one, with
   * what was amiss. `atRest` tells all changed digits.
   */
  judged(standing: Standing, atRest: boolean): Promise<NebuliftError | null> {
    const told = this.#judged(standing, atRest);
    this.#latest = told;
    return told;
  }

  async #judged(standing: Standing, atRest: boolean): Promise<NebuliftError | null> {
    const news = await this.#parts.night.judge(atRest).catch((thrown: unknown) => toNebuliftError(thrown));
    if (news instanceof NebuliftError) return this.#unjudged(standing, news);
    this.#took = news.milliseconds;
    this.#tellNews(standing, news);
    return null;
  }

  async #unjudged(standing: Standing, error: NebuliftError): Promise<NebuliftError | null> {
    // A later one was asked for, or nobody listens any more.
    if (error.code === "cancelled") return this.#ended ? null : this.#latest;
    if (!this.#troubled) this.#parts.onTrouble(error);
    this.#troubled = true;
    this.#tellNews(standing, this.#parts.night.unjudged());
    return error;
  }

  /** Tells at once what a decision changed, without judging: the user waits for it. */
  decided({ contents, verdict }: DecidedNow): DecidedPaths {
    const { night, decisions } = this.#parts;
    const touched = new Set(contents);
    const rows = night.rows(decisions);
    const frames = rows.filter(({ content }) => content && touched.has(content));
    if (contents.length > 0 && this.#shown) this.#send(this.#shown, frames, [], rows);
    return { paths: frames.map(({ path }) => path), verdict };
  }

  #tellNews(standing: Standing, { changed, gone }: NightNews): void {
    const { night, decisions } = this.#parts;
    const rows = night.rows(decisions);
    const news = new Set(changed);
    const frames = rows.filter(({ path }) => news.has(path));
    this.#send(standing, frames, gone, rows);
  }

  #send(standing: Standing, frames: ReportFrame[], gone: string[], rows: readonly ReportFrame[] | null): void {
    if (this.#ended) return;
    this.#shown = standing;
    const { night, decisions, listener } = this.#parts;
    const { state, error, progress, found, finished, scanned, watch } = standing;
    const pace = rate(progress, performance.now());
    const left = Math.max(0, found - finished);
    listener({
      state,
      ...(error ? { error } : {}),
      progress: { found, finished, rate: pace, eta: scanned && left === 0 ? 0 : pace && left / pace },
      root: night.root,
      frames,
      gone,
      groups: rows ? night.groups() : [],
      summary: rows && heldSummary(rows),
      watch,
      undo: decisions?.undoable ?? 0,
      redo: decisions?.redoable ?? 0,
      rules: night.rules(),
      pictures: night.stretches.version,
    });
  }
}
