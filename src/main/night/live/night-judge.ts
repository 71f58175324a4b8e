import type { Decided, Evidence, ReportFrame } from "../../../shared/domain.ts";
import { NebuliftError } from "../../../shared/errors.ts";
import type { JudgedNight } from "../../verdict/index.ts";
import { lightsOf } from "../night.ts";
import { nightStretches } from "../night-stretch.ts";
import { type GradedFrame, reportFrames, reportGroups } from "../report.ts";
import { reportPath } from "../scan.ts";
import type { JudgedNews, JudgeQuestion, TryQuestion } from "./judge-protocol.ts";
import { Judging } from "./judging.ts";
import { ToldRows } from "./told-rows.ts";
import { type Trial, tryOut } from "./trial.ts";

/** The frames of an open night and what is said of them: the judging thread's whole knowledge. */
export class NightJudge {
  readonly #frames = new Map<string, GradedFrame>();
  readonly #told = new ToldRows();
  readonly #now: () => number;
  #root = "";
  /** By the frames as they were when the night was judged last. */
  #judging: Judging | null = null;
  /** Frames have come or gone since. */
  #stale = false;
  #judged: JudgedNight = { frames: new Map(), groups: [], rules: [] };
  #rows: { frame: ReportFrame; file: string }[] = [];

  /** `now` in ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** New frames and changed ones, and the paths of those that are gone. */
  take(frames: readonly GradedFrame[], gone: readonly string[]): void {
    for (const frame of frames) this.#frames.set(frame.path, frame);
    for (const path of gone) {
      this.#frames.delete(path);
      // One that comes back is news, even if nobody asked in between.
      this.#told.forget(reportPath(this.#root, path));
    }
    this.#stale = true;
  }

  judge({ root, problems, settings, atRest }: JudgeQuestion): JudgedNews {
    const began = this.#now();
    this.#root = root;
    const before = this.#stale ? null : this.#judging;
    this.#judging = before ? before.by(settings) : new Judging(lightsOf(this.#frames.values()), settings);
    this.#stale = false;
    this.#judged = this.#judging.ruled(settings);
    const files = [...this.#frames.keys()].sort();
    const unread = problems.map(({ path, error }) => ({ path, error: NebuliftError.fromEnvelope(error) }));
    const rows = reportFrames({ scan: { root, frames: files, problems: unread }, results: this.#frames, judged: this.#judged });
    const places = [...files, ...problems.map(({ path }) => path)];
    this.#rows = rows.map((frame, index) => ({ frame, file: places[index] }));
    this.#told.keepOnly(rows);
    const groups = reportGroups(this.#judged, nightStretches(this.#frames, this.#judged));
    return {
      rows: this.#told.news(rows, atRest),
      groups: groups.map((group, index) => ({ group, files: this.#judged.groups[index].frames })),
      rules: this.#judged.rules.map(({ rule, frames, minutes, changed }) => ({ rule, frames, minutes, changed })),
      milliseconds: this.#now() - began,
    };
  }

  /** What other settings would make of the night as it was judged last. Throws `bad-rules`. */
  try({ settings, rule, decided }: Omit<TryQuestion, "kind">): Trial {
    this.#judging ??= new Judging(lightsOf(this.#frames.values()), settings);
    const frames = this.#rows.map(({ frame, file }) => ({ frame: { ...frame, decided: said(decided.get(frame.path)) }, file }));
    return tryOut(this.#judging, frames, settings, rule);
  }

  /** Every number of a frame that was held against a limit. */
  evidence(file: string): Evidence[] {
    return this.#judged.frames.get(file)?.evidence ?? [];
  }
}

function said(verdict: Decided["verdict"] | undefined): Decided | null {
  return verdict === undefined ? null : { verdict, cause: null, when: 0 };
}
