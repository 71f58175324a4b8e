import { join } from "node:path";
import type { Evidence, Report, ReportFrame, ReportGroup, ReportSummary, StarList } from "../../../shared/domain.ts";
import { finalVerdict } from "../../../shared/final-verdict.ts";
import type { FrameResult } from "../../engine/index.ts";
import type { JudgedNight, JudgeSettings, UserRule } from "../../verdict/index.ts";
import { settingsToldOf } from "../night.ts";
import { makeReport, reportFrames, summarise } from "../report.ts";
import type { NightDecisions, NightFile } from "../review/night-decisions.ts";
import type { Scan } from "../scan.ts";
import type { ToldGroup, ToldRule } from "./judge-protocol.ts";
import type { JudgingThread } from "./judging-thread.ts";
import { SteadyStretches } from "./steady-stretches.ts";
import type { Trial } from "./trial.ts";

/** What a rule of the user did. */
export interface RuleTold {
  name: string;
  frames: number;
  minutes: number;
  changed: number;
}

/** What a judging changed. */
export interface NightNews {
  /** Paths in the report of rows that are new, or of which something else holds. */
  changed: string[];
  /** Of rows that are no longer there. */
  gone: string[];
  /** What judging took, ms. */
  milliseconds: number;
}

const NOTHING_JUDGED: JudgedNight = { frames: new Map(), groups: [], rules: [] };

/** What is known of an open night at this moment: results in, judged rows out. */
export class NightSoFar {
  readonly stretches = new SteadyStretches();
  readonly #judge: JudgingThread;
  #settings: JudgeSettings;
  #scan: Scan = { root: "", frames: [], others: [], problems: [] };
  #results = new Map<string, FrameResult>();
  readonly #files = new Map<string, NightFile>();
  readonly #pathOfContent = new Map<string, string>();
  #groups: ToldGroup[] = [];
  #rules: ToldRule[] = [];
  /** What the rows were judged by. */
  #judgedBy: JudgeSettings;

  constructor(settings: JudgeSettings, judge: JudgingThread) {
    this.#settings = settings;
    this.#judgedBy = settings;
    this.#judge = judge;
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

  resultOf(path: string): FrameResult | null {
    return this.#results.get(path) ?? null;
  }

  /** What there is to grade; results of what is not there (any more) are dropped. */
  scanned(scan: Scan): void {
    this.replace(scan, new Map(scan.frames.flatMap((path) => pair(path, this.#results.get(path)))));
  }

  add(result: FrameResult): void {
    this.#results.set(result.path, result);
    this.#judge.hand(result);
  }

  replace(scan: Scan, results: Map<string, FrameResult>): void {
    for (const path of this.#results.keys()) if (!results.has(path)) this.#judge.drop(path);
    for (const [path, result] of results) if (this.#results.get(path) !== result) this.#judge.hand(result);
    this.#scan = scan;
    this.#results = results;
  }

  judgeBy(settings: JudgeSettings): void {
    this.#settings = settings;
  }

  /** Has judged what there is now, and takes in what is news. Rejects as JudgingThread.judge does. */
  async judge(atRest: boolean): Promise<NightNews> {
    const settings = this.#settings;
    const { root, problems } = this.#scan;
    const news = await this.#judge.judge({
      root,
      problems: problems.map(({ path, error }) => ({ path, error: error.toEnvelope() })),
      settings,
      atRest,
    });
    this.#judgedBy = settings;
    this.#groups = news.groups;
    this.#rules = news.rules;
    this.stretches.take(
      news.groups.flatMap(({ files, group: { stretch } }) => (stretch ? [{ frames: files, stretch }] : [])),
      performance.now(),
      atRest,
    );
    return this.#take(news.rows, news.milliseconds);
  }

  /** Rows of what nobody has judged and nobody will: seen and decided all the same. */
  unjudged(): NightNews {
    const known = new Set([...this.#files.values()].map(({ file }) => file));
    const unknown = <T>(all: readonly T[], of: (one: T) => string): T[] => all.filter((one) => !known.has(of(one)));
    const frames = unknown(this.#scan.frames, (path) => path);
    const problems = unknown(this.#scan.problems, ({ path }) => path);
    const night = { scan: { root: this.root, frames, problems }, results: this.#results, judged: NOTHING_JUDGED };
    return this.#take(reportFrames(night), 0);
  }

  #take(rows: readonly ReportFrame[], milliseconds: number): NightNews {
    const unread = new Set(this.#scan.problems.map(({ path }) => path));
    const present = (file: string) => this.#results.has(file) || unread.has(file);
    const changed: string[] = [];
    for (const frame of rows) {
      const file = this.fileOf(frame.path)?.file ?? join(this.root, ...frame.path.split("/"));
      // Gone while it was judged.
      if (!present(file)) continue;
      this.#files.set(frame.path, { frame, file });
      changed.push(frame.path);
    }
    const gone = [...this.#files].flatMap(([path, { file }]) => (present(file) ? [] : [path]));
    for (const path of gone) this.#files.delete(path);
    this.#pathOfContent.clear();
    for (const { frame } of this.#files.values()) if (frame.content) this.#pathOfContent.set(frame.content, frame.path);
    return { changed, gone, milliseconds };
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

  /** With the stretch that pictures are shown in. */
  groups(): ReportGroup[] {
    const shown = ([first]: string[]) => this.stretches.shown.get(first ?? "") ?? null;
    return this.#groups.map(({ files, group }) => ({ ...group, stretch: shown(files) }));
  }

  rules(): RuleTold[] {
    return this.#rules.map(({ rule: { name }, frames, minutes, changed }) => ({ name, frames, minutes, changed }));
  }

  /** The night's report as it was judged last, rows in the order of their files. */
  report(app: string, decisions: NightDecisions | null): Report {
    const place = new Map([...this.#scan.frames, ...this.#scan.problems.map(({ path }) => path)].map((path, index) => [path, index]));
    const placeOf = ({ path }: ReportFrame): number => place.get(this.fileOf(path)?.file ?? "") ?? place.size;
    const frames = this.rows(decisions).sort((a, b) => placeOf(a) - placeOf(b));
    const groups = this.#groups.map(({ group }) => group);
    return makeReport({ scan: this.#scan, groups, frames }, app, settingsToldOf(this.#judgedBy, this.#rules));
  }

  /** What other settings would make of it, and how many frames one of their rules speaks about. Rejects as JudgingThread.try does. */
  tryOut(settings: JudgeSettings, rule: UserRule | null, decisions: NightDecisions | null, signal?: AbortSignal): Promise<Trial> {
    const decided = this.rows(decisions).flatMap(({ path, decided }) => (decided ? [[path, decided.verdict] as const] : []));
    return this.#judge.try({ settings, rule, decided: new Map(decided) }, signal);
  }

  /** The measured stars of a file; null where nothing was measured. */
  starsOf(file: string): StarList | null {
    return this.resultOf(file)?.measurement?.list ?? null;
  }

  /** Every number of a file that was held against a limit. Rejects as JudgingThread.evidence does. */
  evidenceOf(file: string): Promise<Evidence[]> {
    return this.#judge.evidence(file);
  }
}

/** Frames and minutes by what holds for each frame. */
export function heldSummary(rows: readonly ReportFrame[]): ReportSummary {
  return summarise(rows, finalVerdict);
}

function pair<T>(path: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[path, value]];
}
