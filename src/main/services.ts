import { DEFAULT_DESKTOP_SETTINGS, type DesktopSettings, desktopSettingsSchema } from "../shared/contract.ts";
import type { ReportFrame } from "../shared/domain.ts";
import { NebuliftError } from "../shared/errors.ts";
import type { Evaluation } from "../shared/evaluation.ts";
import { DesktopNight } from "./desktop-night.ts";
import { DesktopWork } from "./desktop-work.ts";
import { Engine, RESULT_VERSION } from "./engine/index.ts";
import { FRAME_ENDINGS, isFrameContent, isFrameName, waitUntilSettled } from "./formats/index.ts";
import { Learning } from "./learning/index.ts";
import {
  evaluationPage,
  type FrameSniffer,
  type GradeOptions,
  gradeNight,
  htmlReport,
  type NightState,
  nightStretches,
  picturesOf,
  reportOf,
  reportPath,
  type WatchOptions,
  type WatchUpdate,
  watchFolder,
  withDecisions,
} from "./night/index.ts";
import { PictureServices } from "./picture-services.ts";
import { ReportServices } from "./report-services.ts";
import { planNight, type SimulateArguments, simulateOptions, type WriteOptions, writeNight } from "./simulate/index.ts";
import { SortServices } from "./sort-services.ts";
import { openStore, type Places, placesOf, type Store, settingGroup } from "./storage/index.ts";
import type { JudgeSettings } from "./verdict/index.ts";

export const APP_VERSION = "0.1.0";

export interface ServiceOptions {
  /** The measuring thread's program: engine/worker.ts from a checkout, worker.js beside the built entry. */
  workerUrl: URL;
  /** The thread's program that writes simulated nights for the desktop: simulate/worker.ts, simulator.js beside the built entry. */
  simulatorUrl?: URL | undefined;
  /** The thread's program that judges the desktop's open night: night/live/judge-worker.ts, judge.js beside the built entry. */
  judgeUrl?: URL | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  threads?: number | undefined;
  /** False neither reads nor writes the store. */
  remember?: boolean | undefined;
  /** Told when something is amiss that does not stop the work (a damaged cache, a full disk). */
  onTrouble: (error: NebuliftError) => void;
}

const DESKTOP = settingGroup<DesktopSettings>("desktop", desktopSettingsSchema, DEFAULT_DESKTOP_SETTINGS);
const SNIFFER: FrameSniffer = { byName: isFrameName, byContent: isFrameContent };

/** A frame that arrived within the last seconds may still be growing; older ones are taken as they are. */
const SETTLE = { quietMs: 3000, timeoutMs: 60_000 };

const settled = (path: string, signal: AbortSignal): Promise<void> => waitUntilSettled(path, { ...SETTLE, signal });

/** Everything that the window and the command line do, built from its parts. Knows neither Electron nor arguments. */
export function createServices(options: ServiceOptions): Services {
  return new Services(options);
}

export class Services {
  readonly #store: Store | null;
  readonly #engine: Engine;
  /** What labels say of the judgement; its thresholds in force are what frames are judged by. */
  readonly learning: Learning;
  /** Pictures of frames for a window. */
  readonly pictures: PictureServices;
  /** Work on a report that was written before: review, export. */
  readonly reports: ReportServices;
  /** Files into folders by verdict, and back. */
  readonly sorting: SortServices;
  /** The night that is open in the window (electron/night-port.ts). */
  readonly night: DesktopNight;
  /** Nebulift's own. */
  readonly folders: Pick<Places, "data" | "cache">;
  readonly frameEndings = FRAME_ENDINGS;
  /** Sorting and handing over, as a window asks for them. */
  readonly work: DesktopWork;

  constructor(options: ServiceOptions) {
    const { data, cache } = placesOf(options.environment);
    this.folders = { data, cache };
    this.#store = options.remember === false ? null : openStore(this.folders, { onTrouble: options.onTrouble });
    this.learning = new Learning(this.#store, APP_VERSION);
    this.#engine = new Engine({
      workerUrl: options.workerUrl,
      version: RESULT_VERSION,
      threads: options.threads,
      memory: this.#store?.measurements ?? null,
      settle: settled,
    });
    this.pictures = new PictureServices(this.#engine);
    this.reports = new ReportServices({ decisions: this.#store?.decisions ?? null, engine: this.#engine, app: APP_VERSION });
    this.sorting = new SortServices({ sorts: this.#store?.sorts ?? null, app: APP_VERSION });
    this.work = new DesktopWork({ sorting: this.sorting, reports: this.reports });
    this.night = new DesktopNight({
      engine: this.#engine,
      store: this.#store,
      sniffer: SNIFFER,
      settle: settled,
      usual: () => this.thresholds(),
      app: APP_VERSION,
      cacheFolder: cache,
      simulatorUrl: options.simulatorUrl ?? null,
      judgeUrl: options.judgeUrl ?? null,
      onTrouble: options.onTrouble,
    });
  }

  /** The user's rules for the window's nights. */
  get rules(): DesktopNight["rules"] {
    return this.night.rules;
  }

  /** What the window remembers across starts. */
  get memory(): DesktopNight["memory"] {
    return this.night.memory;
  }

  /** The thresholds in force: built in, or what the user promoted. */
  thresholds(): JudgeSettings {
    return this.learning.thresholds.inForce();
  }

  /** Grades folders and files and returns the whole night. */
  async grade(paths: readonly string[], options: Partial<Omit<GradeOptions, "sniffer">> = {}): Promise<NightState> {
    this.#engine.warm();
    return gradeNight(this.#engine, paths, { settings: this.thresholds(), sniffer: SNIFFER, ...options });
  }

  /** `explain`: with every number that was held against a limit. */
  report(night: NightState, settings: JudgeSettings = this.thresholds(), explain = false): ReturnType<typeof reportOf> {
    const report = reportOf(night, APP_VERSION, settings, explain);
    return this.#store ? { ...report, frames: withDecisions(report.frames, this.#store.decisions) } : report;
  }

  /** Grades a folder and what arrives in it until the signal fires. Throws `folder-missing`, `folder-unreadable`. */
  async watch(
    folder: string,
    options: Pick<WatchOptions, "settings" | "signal" | "poll" | "onNotice">,
    listener: (update: WatchUpdate) => void,
  ): Promise<NightState> {
    this.#engine.warm();
    return watchFolder(
      this.#engine,
      folder,
      { ...options, sniffer: SNIFFER, settle: settled, decisions: this.#store?.decisions },
      listener,
    );
  }

  /** The report as one page with pictures of what was flagged. */
  async htmlReport(night: NightState, settings: JudgeSettings = this.thresholds(), signal?: AbortSignal): Promise<string> {
    const report = this.report(night, settings);
    const pathOf = new Map(night.scan.frames.map((path) => [reportPath(night.scan.root, path), path]));
    const stretches = nightStretches(night.results, night.judged);
    const of = <T>({ path }: ReportFrame, known: (file: string) => T | null | undefined): T | null => known(pathOf.get(path) ?? "") ?? null;
    const sources = {
      fileOf: (frame: ReportFrame) => of(frame, (file) => file || null),
      stretchOf: (frame: ReportFrame) => of(frame, (file) => stretches.get(file)),
      measurementOf: (frame: ReportFrame) => of(frame, (file) => night.results.get(file)?.measurement),
    };
    return htmlReport(report, await picturesOf(this.#engine, report, sources, { signal }));
  }

  /** An evaluation as one page. */
  evaluationPage(evaluation: Evaluation): string {
    return evaluationPage(evaluation);
  }

  get settings(): { desktop: () => DesktopSettings; changeDesktop: (change: Partial<DesktopSettings>) => DesktopSettings } {
    return {
      desktop: () => this.#store?.settings.get(DESKTOP) ?? DEFAULT_DESKTOP_SETTINGS,
      changeDesktop: (change) => {
        if (!this.#store) throw new NebuliftError("bad-usage", "settings are not kept without the store");
        return this.#store.settings.change(DESKTOP, change);
      },
    };
  }

  async close(): Promise<void> {
    await this.night.close();
    await this.#engine.close();
    this.#store?.close();
  }
}

/** Writes a simulated night with truth.csv into a new or empty folder. Throws `bad-usage`, `output-exists`, `disk-full`, `cancelled`. */
export async function simulateNight(folder: string, given: SimulateArguments, options: WriteOptions = {}): Promise<{ frames: number }> {
  const { spec, seed } = simulateOptions(given);
  const plan = planNight(spec, seed);
  await writeNight(plan, folder, options);
  return { frames: plan.frames.length };
}

export { rate, secondsLeft } from "./engine/index.ts";
export { type CalibrationProposal, type CalibrationScores, DEFAULT_TARGETS } from "./learning/index.ts";
export {
  type Amount,
  type FilterTime,
  type NightState,
  readRulesFile,
  reportText,
  timePerFilter,
  titledGroups,
  type WatchUpdate,
  worthOfGroup,
  worthSentences,
} from "./night/index.ts";
export type { SimulateArguments } from "./simulate/index.ts";
export { type CalibrationMap, type JudgeSettings, type RuleEffect, withRules } from "./verdict/index.ts";
