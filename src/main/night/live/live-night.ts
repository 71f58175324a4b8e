import type { DecidedVerdict, ReasonCode, Report, Stretch } from "../../../shared/domain.ts";
import { type ErrorEnvelope, NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import { beginProgress, type FrameResult, frameDone, type Progress } from "../../engine/index.ts";
import type { JudgeSettings, UserRule } from "../../verdict/index.ts";
import { FolderWatch, requireFolders } from "../folder-watch.ts";
import { measureNight } from "../night.ts";
import { NightDecisions } from "../review/night-decisions.ts";
import type { Scan } from "../scan.ts";
import type { DecidedPaths, LiveDetail, LiveOptions, LiveState, LiveUpdate } from "./live-update.ts";
import { NightSoFar } from "./night-so-far.ts";
import { starColumns } from "./star-columns.ts";
import { type Standing, ToldNight } from "./told-night.ts";
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
  readonly #night: NightSoFar;
  readonly #decisions: NightDecisions | null;
  readonly #told: ToldNight;
  /** What is told next. */
  #state: LiveState = "scanning";
  #error: ErrorEnvelope | null = null;
  #progress: Progress = beginProgress(null, 0);
  #scanned = false;
  #timer: NodeJS.Timeout | null = null;
  /** The last judging that was asked for, until it has been told; null when none is under way. */
  #telling: Promise<NebuliftError | null> | null = null;
  /** Something has come meanwhile. */
  #more = false;
  #closed = false;
  #activity: Activity | null = null;
  /** Starting and stopping go one after the other. */
  #turn: Promise<void> = Promise.resolve();
  /** Frames that sorting has taken elsewhere: they belong to the night all the same. */
  #elsewhere: ReadonlySet<string> = new Set();

  constructor(paths: readonly string[], options: LiveOptions, listener: (update: LiveUpdate) => void) {
    this.#paths = paths;
    this.#options = options;
    this.#night = new NightSoFar(options.settings, options.judge);
    const { decisions, facts } = options;
    this.#decisions = decisions && new NightDecisions(decisions, facts, (content) => this.#night.fileOfContent(content));
    this.#told = new ToldNight({ night: this.#night, decisions: this.#decisions, listener, onTrouble: options.onTrouble });
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
    this.#told.end();
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
    const { troubled } = this.#told;
    const trouble = await this.#tell(this.#state);
    // The user waits for it: said again, though it was said of frames that came by themselves.
    if (trouble && troubled) this.#options.onTrouble(trouble);
  }

  /** What settings would do to the night. Throws `bad-rules`, `worker-crashed`, `no-night`, `cancelled` for one that a later one has overtaken. */
  async tryOut(settings: JudgeSettings, rule: UserRule | null, signal?: AbortSignal): Promise<Trial> {
    if (this.#closed) throw new NebuliftError("no-night", "");
    return this.#night.tryOut(settings, rule, this.#decisions, signal);
  }

  /** Durable when it returns. Throws what Decisions.addAll throws. */
  decide(paths: readonly string[], verdict: DecidedVerdict | null, cause: ReasonCode | null): DecidedPaths {
    const files = paths.flatMap((path) => this.#night.fileOf(path) ?? []);
    return this.#told.decided(this.#keeping().decide(files, verdict, cause));
  }

  undo(): DecidedPaths | null {
    const now = this.#keeping().undo();
    return now && this.#told.decided(now);
  }

  redo(): DecidedPaths | null {
    const now = this.#keeping().redo();
    return now && this.#told.decided(now);
  }

  /** Null when there is no such frame. */
  async detail(path: string): Promise<LiveDetail | null> {
    const known = this.#night.fileOf(path);
    if (!known) return null;
    const { frame, file } = known;
    const history = frame.content ? (this.#decisions?.history(frame.content) ?? []) : [];
    const stars = starColumns(this.#night.starsOf(file));
    const evidence = await this.#night.evidenceOf(file).catch((error: unknown) => {
      // That judging is not possible any more was said; the stars and what was decided are there all the same.
      if (toNebuliftError(error).code === "worker-crashed") return [];
      throw error;
    });
    return { evidence, stars, history };
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
      this.#timer ??= setTimeout(() => void this.#tell(state()), Math.max(LEAST_PAUSE, 3 * this.#told.took));
    }
  }

  /** Resolves as ToldNight.judged does; `exactly` tells changed digits also while frames arrive. */
  #tell(state: LiveState, exactly = false): Promise<NebuliftError | null> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#state = state;
    if (!this.#scanned) {
      this.#told.begun(this.#standing());
      return Promise.resolve(null);
    }
    this.#more = false;
    const telling: Promise<NebuliftError | null> = this.#told.judged(this.#standing(), exactly || !this.#arriving()).finally(() => {
      if (this.#telling !== telling) return;
      this.#telling = null;
      if (this.#more) this.#tellSoon();
    });
    this.#telling = telling;
    return telling;
  }

  #arriving(): boolean {
    return this.#state === "grading" || this.#waiting() > 0;
  }

  #standing(): Standing {
    const { found, finished } = this.#night;
    const watch = this.#activity?.watch ? { waiting: this.#waiting(), notice: this.#activity.watch.notice } : null;
    return { state: this.#state, error: this.#error, progress: this.#progress, found, finished, scanned: this.#scanned, watch };
  }

  #keeping(): NightDecisions {
    if (!this.#decisions) throw new NebuliftError("bad-usage", "decisions are not kept without the store");
    return this.#decisions;
  }
}
