import type { DecidedVerdict, ReasonCode, Report, ReportFrame, Stretch } from "../../../shared/domain.ts";
import { type ErrorEnvelope, NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import { beginProgress, type FrameResult, frameDone, type Progress, rate } from "../../engine/index.ts";
import type { JudgeSettings, UserRule } from "../../verdict/index.ts";
import { FolderWatch, requireFolders } from "../folder-watch.ts";
import { measureNight, reportOf } from "../night.ts";
import { type DecidedNow, NightDecisions } from "../review/night-decisions.ts";
import type { Scan } from "../scan.ts";
import type { DecidedPaths, LiveDetail, LiveOptions, LiveState, LiveUpdate } from "./live-update.ts";
import { heldSummary, NightSoFar } from "./night-so-far.ts";
import { starColumns } from "./star-columns.ts";
import { ToldRows } from "./told-rows.ts";
import type { Trial } from "./trial.ts";

/** Measuring that goes on: of what is there, or of what arrives as well. */
interface Activity {
  stop: AbortController;
  watch: FolderWatch | null;
  /** The folders were listed: what there is to grade is known. */
  looked: boolean;
  /** Nobody is told of its end, because another follows at once. */
  handedOver: boolean;
  finished: Promise<void>;
}

/** Verdicts are told at most this often while frames arrive, ms, and judging takes at most a third of the time. */
const LEAST_PAUSE = 250;

/**
 * A night that somebody looks at while it is graded: every frame is told with its first verdict, and again when later frames,
 * other rules or the user change what holds for it.
 */
export class LiveNight {
  readonly #paths: readonly string[];
  readonly #options: LiveOptions;
  readonly #listener: (update: LiveUpdate) => void;
  readonly #night: NightSoFar;
  readonly #decisions: NightDecisions | null;
  readonly #told = new ToldRows();
  #state: LiveState = "scanning";
  #error: ErrorEnvelope | null = null;
  #progress: Progress = beginProgress(null, 0);
  #scanned = false;
  #timer: NodeJS.Timeout | null = null;
  #pause = LEAST_PAUSE;
  #activity: Activity | null = null;
  /** Starting and stopping go one after the other. */
  #turn: Promise<void> = Promise.resolve();
  /** Frames that sorting has taken elsewhere: they belong to the night all the same. */
  #elsewhere: ReadonlySet<string> = new Set();

  constructor(paths: readonly string[], options: LiveOptions, listener: (update: LiveUpdate) => void) {
    this.#paths = paths;
    this.#options = options;
    this.#listener = listener;
    this.#night = new NightSoFar(options.settings);
    const { decisions, facts } = options;
    this.#decisions = decisions && new NightDecisions(decisions, facts, (content) => this.#night.fileOfContent(content));
  }

  /** Begins; returns at once. With `watch` it goes on until it is cancelled. */
  start(watch: boolean): void {
    this.#begin(watch);
    this.#tell("scanning");
  }

  /** Resolves when nothing of it runs any more. */
  cancel(): Promise<void> {
    // Whatever waits for its turn would only start what is to end.
    this.#activity?.stop.abort();
    return this.#inTurn(() => this.#end());
  }

  /** Watches its folders from now on, or no longer. Throws `not-watchable` for single files. */
  watch(on: boolean): Promise<void> {
    return this.#inTurn(async () => {
      if (on === (this.#activity?.watch != null)) return;
      if (on) await requireFolders(this.#paths);
      // What was there but not yet graded when watching ended is graded all the same.
      const goesOn = on || this.#night.finished < this.#night.found;
      if (this.#activity) this.#activity.handedOver = goesOn;
      await this.#end();
      if (!goesOn) return;
      this.#begin(on);
      this.#tell(this.#night.finished < this.#night.found ? "grading" : this.#scanned ? "watching" : "scanning");
    });
  }

  judgeBy(settings: JudgeSettings): void {
    this.#night.judgeBy(settings);
    if (this.#scanned) this.#tell(this.#state);
  }

  /** What settings would do to the night. Throws `bad-rules`. */
  tryOut(settings: JudgeSettings, rule: UserRule | null): Trial {
    return this.#night.tryOut(settings, rule, this.#decisions);
  }

  /** Durable when it returns. Throws what Decisions.addAll throws. */
  decide(paths: readonly string[], verdict: DecidedVerdict | null, cause: ReasonCode | null): DecidedPaths {
    const files = paths.flatMap((path) => this.#night.fileOf(path) ?? []);
    return this.#retold(this.#keeping().decide(files, verdict, cause));
  }

  undo(): DecidedPaths | null {
    const now = this.#keeping().undo();
    return now && this.#retold(now);
  }

  redo(): DecidedPaths | null {
    const now = this.#keeping().redo();
    return now && this.#retold(now);
  }

  /** Null when there is no such frame. */
  detail(path: string): LiveDetail | null {
    const detail = this.#night.detailOf(path);
    if (!detail) return null;
    const history = detail.content === null ? [] : (this.#decisions?.history(detail.content) ?? []);
    return { evidence: detail.evidence, stars: starColumns(detail.stars), history };
  }

  /** The stretch that the frame of this path in the report is shown in, with its group; null before it was measured. */
  stretchOf(path: string): Stretch | null {
    const file = this.#night.fileOf(path)?.file;
    return file === undefined ? null : (this.#night.stretches.shown.get(file) ?? null);
  }

  /** The night's report, with decisions. */
  report(): Report {
    const report = reportOf(this.#night.state, this.#options.facts.app, this.#night.settings);
    return { ...report, frames: this.#night.rows(this.#decisions) };
  }

  /** These frames (paths in the report) were taken elsewhere: the night keeps them though their files have gone. */
  movedAway(paths: Iterable<string>): void {
    this.#elsewhere = new Set([...paths].flatMap((path) => this.#night.fileOf(path)?.file ?? []));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #end(): Promise<void> {
    const activity = this.#activity;
    if (!activity) return;
    activity.stop.abort();
    await activity.finished;
  }

  #begin(watch: boolean): void {
    const stop = new AbortController();
    this.#error = null;
    this.#progress = beginProgress(null, performance.now());
    const folderWatch = watch ? this.#folderWatch(stop.signal) : null;
    const work = folderWatch ? this.#watchFolders(folderWatch) : this.#grade(stop.signal);
    const finished = work.then(
      () => this.#ended(this.#activity?.looked && this.#night.finished >= this.#night.found ? "done" : "cancelled"),
      (thrown: unknown) => {
        const error = toNebuliftError(thrown);
        if (error.code === "cancelled") this.#ended("cancelled");
        else this.#ended("failed", error.toEnvelope());
      },
    );
    this.#activity = { stop, watch: folderWatch, looked: false, handedOver: false, finished };
  }

  #ended(state: LiveState, error: ErrorEnvelope | null = null): void {
    this.#merge();
    const quietly = this.#activity?.handedOver === true && error === null;
    this.#activity = null;
    this.#error = error;
    if (!quietly) this.#tell(state);
  }

  async #grade(signal: AbortSignal): Promise<void> {
    await measureNight(this.#options.engine, this.#paths, {
      sniffer: this.#options.sniffer,
      signal,
      onScan: (scan) => {
        this.#looked();
        this.#night.scanned(this.#withThoseElsewhere(scan));
        this.#tell("grading");
      },
      onFrame: (result, progress) => {
        this.#progress = progress;
        this.#night.add(result);
        // The very first frame is told at once: seeing something happen matters more than saving a message.
        if (this.#night.finished === 1) this.#tell("grading");
        else this.#tellSoon();
      },
    });
  }

  #folderWatch(signal: AbortSignal): FolderWatch {
    const { engine, sniffer, settle } = this.#options;
    const tellSoon = () => this.#tellSoon();
    return new FolderWatch(
      engine,
      this.#paths,
      { sniffer, settle, signal, onNotice: () => (this.#activity?.looked ? tellSoon() : this.#tell(this.#state)) },
      {
        onLooked: () => {
          this.#looked();
          this.#tell(this.#watchState());
        },
        onChange: tellSoon,
        onArrival: tellSoon,
        onResult: ({ fromCache }: FrameResult) => {
          this.#progress = frameDone(this.#progress, performance.now(), fromCache);
        },
      },
    );
  }

  #looked(): void {
    this.#scanned = true;
    if (this.#activity) this.#activity.looked = true;
  }

  async #watchFolders(watch: FolderWatch): Promise<void> {
    await requireFolders(this.#paths);
    await watch.run();
  }

  #withThoseElsewhere(scan: Scan): Scan {
    if (this.#elsewhere.size === 0) return scan;
    return { ...scan, frames: [...new Set([...scan.frames, ...this.#elsewhere])].sort() };
  }

  /** Takes over what the watch knows; what it has not come to yet stays as it was before. */
  #merge(): void {
    const watch = this.#activity?.watch;
    if (!watch || !this.#activity?.looked) return;
    const scan = this.#withThoseElsewhere(watch.scan);
    const results = watch.results();
    for (const path of scan.frames) {
      const known = results.get(path) ?? this.#night.resultOf(path);
      if (known) results.set(path, known);
    }
    this.#night.replace(scan, results);
  }

  #waiting(): number {
    const waiting = this.#activity?.watch?.waiting() ?? [];
    return waiting.filter((path) => this.#night.resultOf(path) === null).length;
  }

  /** Once all that was there is graded it stays `watching`: what arrives later is not a night to wait for. */
  #watchState(): LiveState {
    this.#merge();
    return this.#state === "watching" || this.#night.finished >= this.#night.found ? "watching" : "grading";
  }

  #tellSoon(): void {
    if (!this.#activity?.looked) return;
    const state = () => (this.#activity?.watch ? this.#watchState() : this.#state);
    this.#timer ??= setTimeout(() => this.#tell(state()), this.#pause);
  }

  #tell(state: LiveState): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#state = state;
    const began = performance.now();
    if (!this.#scanned) {
      this.#send([], [], null);
      return;
    }
    const arriving = state === "grading" || this.#waiting() > 0;
    this.#night.judge(began, !arriving);
    const rows = this.#night.rows(this.#decisions);
    this.#send(this.#told.news(rows, !arriving), this.#told.gone(rows), rows);
    this.#pause = Math.max(LEAST_PAUSE, 3 * (performance.now() - began));
  }

  #send(frames: ReportFrame[], gone: string[], rows: readonly ReportFrame[] | null): void {
    const { found, finished } = this.#night;
    const pace = rate(this.#progress, performance.now());
    const left = Math.max(0, found - finished);
    this.#listener({
      state: this.#state,
      ...(this.#error ? { error: this.#error } : {}),
      progress: { found, finished, rate: pace, eta: this.#scanned && left === 0 ? 0 : pace && left / pace },
      root: this.#night.root,
      frames,
      gone,
      groups: rows ? this.#night.groups() : [],
      summary: rows && heldSummary(rows),
      watch: this.#activity?.watch ? { waiting: this.#waiting(), notice: this.#activity.watch.notice } : null,
      undo: this.#decisions?.undoable ?? 0,
      redo: this.#decisions?.redoable ?? 0,
      rules: this.#night.rules(),
      pictures: this.#night.stretches.version,
    });
  }

  #keeping(): NightDecisions {
    if (!this.#decisions) throw new NebuliftError("bad-usage", "decisions are not kept without the store");
    return this.#decisions;
  }

  /** Tells at once what a decision changed, without judging: the user waits for it. */
  #retold({ contents, verdict }: DecidedNow): DecidedPaths {
    const touched = new Set(contents);
    const rows = this.#night.rows(this.#decisions);
    const frames = rows.filter(({ content }) => content && touched.has(content));
    if (contents.length > 0) this.#send(this.#told.news(frames, true), [], rows);
    return { paths: frames.map(({ path }) => path), verdict };
  }
}
