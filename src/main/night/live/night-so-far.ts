import { join } from "node:path";
import type { Evidence, ReportFrame, ReportGroup, ReportSummary, StarList, Stretch } from "../../../shared/domain.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import type { FrameResult } from "../../engine/index.ts";
import type { JudgedNight, JudgeSettings, UserRule } from "../../verdict/index.ts";
import { lightsOf } from "../night.ts";
import { nightStretches } from "../night-stretch.ts";
import { type NightState, reportFrames, reportGroups, summarise } from "../report.ts";
import type { NightDecisions, NightFile } from "../review/night-decisions.ts";
import type { Scan } from "../scan.ts";
import { Judging } from "./judging.ts";
import { SteadyStretches } from "./steady-stretches.ts";
import { type Trial, tryOut } from "./trial.ts";

/** What a rule of the user did. */
export interface RuleTold {
  name: string;
  frames: number;
  minutes: number;
  changed: number;
}

const NOTHING_JUDGED: JudgedNight = { frames: new Map(), groups: [], rules: [] };

/** What is known of an open night at this moment: results in, judged rows out. */
export class NightSoFar {
  readonly stretches = new SteadyStretches();
  #settings: JudgeSettings;
  #scan: Scan = { root: "", frames: [], others: [], problems: [] };
  #results = new Map<string, FrameResult>();
  /** Null while results have come in since the last judging. */
  #judging: Judging | null = null;
  #judged = NOTHING_JUDGED;
  readonly #files = new Map<string, NightFile>();
  readonly #pathOfContent = new Map<string, string>();

  constructor(settings: JudgeSettings) {
    this.#settings = settings;
  }

  get root(): string {
    return this.#scan.root;
  }

  get found(): number {
    return this.#scan.frames.length;
  }

  get finished(): number {
    return this.#results.size;
  }

  get settings(): JudgeSettings {
    return this.#settings;
  }

  /** The night as reports are made from it. */
  get state(): NightState {
    return { scan: this.#scan, results: this.#results, judged: this.#judged };
  }

  resultOf(path: string): FrameResult | null {
    return this.#results.get(path) ?? null;
  }

  /** What there is to grade; results of what is not there (any more) are dropped. */
  scanned(scan: Scan): void {
    this.replace(scan, new Map(scan.frames.flatMap((path) => pair(path, this.#results.get(path)))));
  }

  add(result: FrameResult): void {
    this.#results.set(result.path, result);
    this.#judging = null;
  }

  replace(scan: Scan, results: Map<string, FrameResult>): void {
    this.#scan = scan;
    this.#results = results;
    this.#judging = null;
  }

  judgeBy(settings: JudgeSettings): void {
    this.#settings = settings;
    this.#judging = this.#judging?.by(settings) ?? null;
  }

  /** Judges what there is and makes the rows of it; `now` in ms. */
  judge(now: number, atRest: boolean): void {
    this.#judging ??= new Judging(lightsOf(this.#results.values()), this.#settings);
    this.#judged = this.#judging.ruled(this.#settings);
    const stretches = nightStretches(this.#results, this.#judged);
    this.stretches.take(
      this.#judged.groups.flatMap(({ frames }) => stretched(frames, stretches.get(frames[0] ?? ""))),
      now,
      atRest,
    );
    this.#files.clear();
    this.#pathOfContent.clear();
    for (const frame of reportFrames(this.state)) {
      this.#files.set(frame.path, { frame, file: join(this.#scan.root, ...frame.path.split("/")) });
      if (frame.content) this.#pathOfContent.set(frame.content, frame.path);
    }
  }

  /** Every row, with what the user decided beside it. */
  rows(decisions: NightDecisions | null): ReportFrame[] {
    const rows = [...this.#files.values()].map(({ frame }) => frame);
    decisions?.learn(rows);
    return decisions ? rows.map((row) => decisions.beside(row)) : rows;
  }

  /** Of a path as reports give it. */
  fileOf(path: string): NightFile | null {
    return this.#files.get(path) ?? null;
  }

  fileOfContent(content: string): NightFile | null {
    return this.fileOf(this.#pathOfContent.get(content) ?? "");
  }

  groups(): ReportGroup[] {
    return reportGroups(this.#judged, this.stretches.shown);
  }

  rules(): RuleTold[] {
    return this.#judged.rules.map(({ rule: { name }, frames, minutes, changed }) => ({ name, frames, minutes, changed }));
  }

  /** What other settings would make of it, and how many frames one of their rules speaks about. */
  tryOut(settings: JudgeSettings, rule: UserRule | null, decisions: NightDecisions | null): Trial {
    const judging = this.#judging ?? new Judging(lightsOf(this.#results.values()), this.#settings);
    const frames = [...this.#files.values()].map(({ frame, file }) => ({ frame: decisions?.beside(frame) ?? frame, file }));
    return tryOut(judging, frames, settings, rule);
  }

  /** What rows do not carry: every number held against a limit, and the stars. */
  detailOf(path: string): { content: string | null; evidence: Evidence[]; stars: StarList | null } | null {
    const known = this.fileOf(path);
    if (!known) return null;
    const evidence = this.#judged.frames.get(known.file)?.evidence ?? [];
    return { content: known.frame.content ?? null, evidence, stars: this.resultOf(known.file)?.measurement?.list ?? null };
  }
}

/** Frames and minutes by what holds for each frame. */
export function heldSummary(rows: readonly ReportFrame[]): ReportSummary {
  return summarise(rows, finalVerdict);
}

function pair<T>(path: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[path, value]];
}

function stretched(frames: string[], stretch: Stretch | undefined): { frames: string[]; stretch: Stretch }[] {
  return stretch ? [{ frames, stretch }] : [];
}
