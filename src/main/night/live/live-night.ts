import type { DecidedVerdict, ReasonCode, Report, ReportFrame, Stretch } from "../../../shared/domain.ts";
import { type ErrorEnvelope, NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import { beginProgress, type FrameResult, frameDone, type Progress, rate } from "../../engine/index.ts";
import type { JudgeSettings, UserRule } from "../../verdict/index.ts";
import { FolderWatch, requireFolders } from "../folder-watch.ts";
import { measureNight } from "../night.ts";
import { type DecidedNow, NightDecisions } from "../review/night-decisions.ts";
import type { Scan } from "../scan.ts";
import type { DecidedPaths, LiveDetail, LiveOptions, LiveState, LiveUpdate } from "./live-update.ts";
import { heldSummary, type NightNews, NightSoFar } from "./night-so-far.ts";
import { starColumns } from "./star-columns.ts";
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

/** How the night stood when it was last told: rows and counts belong together, though more may be known by now. */
type Standing = Pick<LiveUpdate, "state" | "watch"> & { error: ErrorEnvelope | null; found: number; finished: number };

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
  /** What is told next. */
  #state: LiveState = "scanning";
  #error: ErrorEnvelope | null = null;
  #shown: Standing = { state: "scanning", error: null, found: 0, finished: 0, watch: null };
  #progress: Progress = beginProgress(null, 0);
  #scanned = false;
  #timer: NodeJS.Timeout | null = null;
  #pause = LEAST_PAUSE;
  /** The last judging that was asked for, until it has been told; null when none is under way. */
  #telling: Promise<NebuliftError | null> | null = null;
  /** Something has come meanwhile. */
  #more = false;
  #troubled = false;
  #closed = false;
  #activity: Activity | null = null;
  /** Starting and stopping go one after the other. */
  #turn: Promise<void> = Promise.resolve();
  /** Frames that sorting has taken elsewhere: they belong to the night all the same. */
  #elsewhere: ReadonlySet<string> = new Set();

  constructor(paths: readonly string[], options: LiveOptions, listener: (update: LiveUpdate) => void) {
    this.#paths = paths;
    this.#options = options;
    this.#listener = listener;
    this.#night = new NightSoFar(options.settings, options.judge);
    const { decisions, facts } = options;
    this.#decisions = decisions && new NightDecisions(decisions, facts, (content) => this.#night.fileOfContent(content));
  }

  /** Begins; returns at once. With `watch` it goes on until it is cancelled. */
  start(watch: boolean): void {
    this.#begin(watch);
    void this.#tell("scanning");
  }

  /** Resolves when nothing of it runs any more, and what was graded has been told. */
  cancel(): Promise<void> {
    // Whatever waits for its turn would only start what is to end.
    this.#activity?.stop.abort();
    return this.#inTurn(() => this.#end());
  }

  /** Ends it for good and at once; nothing is told any more. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#activity?.stop.abort();
    await this.#options.judge.close();
    await this.cancel();
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
      await this.#tell(this.#night.finished < this.#night.found ? "grading" : this.#scanned ? "watching" : "scanning");
    });
  }

  /** Resolves once the night has been told by these settings or by later ones; it is never refused. */
  async judgeBy(settings: JudgeSettings): Promise<void> {
    this.#night.judgeBy(settings);
    if (!this.#scanned || this.#closed) return;
    const trouble = await this.#tell(this.#state);
    // The user waits for it: said again, though it may have been said of frames that came by themselves.
    if (trouble) this.#options.onTrouble(trouble);
  }

  /** What settings would do to the night. Throws `bad-rules`, `worker-crashed`, `no-night`, `cancelled` for one that a later one has overtaken. */
  async tryOut(settings: JudgeSettings, rule: UserRule | null, signal?: AbortSignal): Promise<Trial> {
    if (this.#closed) throw new NebuliftError("no-night", "");
    return this.#night.tryOut(settings, rule, this.#decisions, signal);
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
  async detail(path: string): Promise<LiveDetail | null> {
    const known = this.#night.fileOf(path);
    if (!known) return null;
    const { frame, file } = known;
    const history = frame.content ? (this.#decisions?.history(frame.content) ?? []) : [];
    const stars = starColumns(this.#night.starsOf(file));
    return { evidence: await this.#night.evidenceOf(file), stars, history };
  }

  /** The stretch that the frame of this path in the report is shown in, with its group; null before it was measured. */
  stretchOf(path: string): Stretch | null {
    const file = this.#night.fileOf(path)?.file;
    return file === undefined ? null : (this.#night.stretches.shown.get(file) ?? null);
  }

  /** The night's report, with decisions: to the last digit, also while frames arrive. */
  async report(): Promise<Report> {
    const told = !this.#arriving() && this.#timer === null && !this.#more;
    if (told || !this.#scanned || this.#closed) await this.#telling;
    else await this.#tell(this.#state, true);
    return this.#night.report(this.#options.facts.app, this.#decisions);
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
        return error.code === "cancelled" ? this.#ended("cancelled") : this.#ended("failed", error.toEnvelope());
      },
    );
    this.#activity = { stop, watch: folderWatch, looked: false, handedOver: false, finished };
  }

  async #ended(state: LiveState, error: ErrorEnvelope | null = null): Promise<void> {
    this.#merge();
    const quietly = this.#activity?.handedOver === true && error === null;
    this.#activity = null;
    this.#error = error;
    if (!quietly) await this.#tell(state);
  }

  async #grade(signal: AbortSignal): Promise<void> {
    await measureNight(this.#options.engine, this.#paths, {
      sniffer: this.#options.sniffer,
      signal,
      onScan: (scan) => {
        this.#looked();
        this.#night.scanned(this.#withThoseElsewhere(scan));
        void this.#tell("grading");
      },
      onFrame: (result, progress) => {
        this.#progress = progress;
        this.#night.add(result);
        // The very first frame is told at once: seeing something happen matters more than saving a message.
        if (this.#night.finished === 1) void this.#tell("grading");
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
      { sniffer, settle, signal, onNotice: () => void (this.#activity?.looked ? tellSoon() : this.#tell(this.#state)) },
      {
        onLooked: () => {
          this.#looked();
          void this.#tell(this.#watchState());
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
    if (!this.#activity?.looked || this.#closed) return;
    // Judging without a pause would take from measuring.
    if (this.#telling) this.#more = true;
    else {
      const state = () => (this.#activity?.watch ? this.#watchState() : this.#state);
      this.#timer ??= setTimeout(() => void this.#tell(state()), this.#pause);
    }
  }

  /**
   * Has the night judged as it is now and tells it; `exactly` tells changed digits also while frames arrive. Resolves once it
   * has been told, by this judging or by a later one, with what was amiss.
   */
  #tell(state: LiveState, exactly = false): Promise<NebuliftError | null> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#state = state;
    const standing = this.#standing();
    if (!this.#scanned) {
      this.#send(standing, [], [], null);
      return Promise.resolve(null);
    }
    this.#more = false;
    const told: Promise<NebuliftError | null> = this.#judged(standing, exactly || !this.#arriving()).finally(() => {
      if (this.#telling !== told) return;
      this.#telling = null;
      if (this.#more) this.#tellSoon();
    });
    this.#telling = told;
    return told;
  }

  async #judged(standing: Standing, atRest: boolean): Promise<NebuliftError | null> {
    try {
      const began = performance.now();
      const news = await this.#night.judge(atRest);
      const taking = performance.now();
      this.#pause = Math.max(LEAST_PAUSE, 3 * Math.min(news.milliseconds, taking - began));
      this.#tellNews(standing, news);
      return null;
    } catch (thrown) {
      const error = toNebuliftError(thrown);
      // A later one was asked for, or nobody listens any more.
      if (error.code === "cancelled") return this.#closed ? null : this.#telling;
      if (!this.#troubled) this.#options.onTrouble(error);
      this.#troubled = true;
      this.#tellNews(standing, this.#night.unjudged());
      return error;
    }
  }

  #tellNews(standing: Standing, { changed, gone }: NightNews): void {
    const rows = this.#night.rows(this.#decisions);
    const news = new Set(changed);
    this.#send(
      standing,
      rows.filter(({ path }) => news.has(path)),
      gone,
      rows,
    );
  }

  #arriving(): boolean {
    return this.#state === "grading" || this.#waiting() > 0;
  }

  #standing(): Standing {
    const { found, finished } = this.#night;
    const watch = this.#activity?.watch ? { waiting: this.#waiting(), notice: this.#activity.watch.notice } : null;
    return { state: this.#state, error: this.#error, found, finished, watch };
  }

  #send(standing: Standing, frames: ReportFrame[], gone: string[], rows: readonly ReportFrame[] | null): void {
    if (this.#closed) return;
    this.#shown = standing;
    const { state, error, found, finished, watch } = standing;
    const pace = rate(this.#progress, performance.now());
    const left = Math.max(0, found - finished);
    this.#listener({
      state,
      ...(error ? { error } : {}),
      progress: { found, finished, rate: pace, eta: this.#scanned && left === 0 ? 0 : pace && left / pace },
      root: this.#night.root,
      frames,
      gone,
      groups: rows ? this.#night.groups() : [],
      summary: rows && heldSummary(rows),
      watch,
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
    if (contents.length > 0) this.#send(this.#shown, frames, [], rows);
    return { paths: frames.map(({ path }) => path), verdict };
  }
}
