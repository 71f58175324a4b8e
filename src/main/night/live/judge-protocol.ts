import type { DecidedVerdict, Evidence, ReportFrame, ReportGroup } from "../../../shared/domain.ts";
import type { ErrorEnvelope } from "../../../shared/errors.ts";
import type { JudgeSettings, RuleEffect, UserRule } from "../../verdict/index.ts";
import type { GradedFrame } from "../report.ts";
import type { Trial } from "./trial.ts";

/**
 * What an open night and the thread that judges it say to one another. Everything here crosses threads by structured clone.
 * The thread keeps the night's frames; it is told of new, changed and gone ones as they come, and has one question at a time.
 */

export interface JudgeQuestion {
  kind: "judge";
  /** The folder that report paths are relative to. */
  root: string;
  /** Folders that could not be read, and files that cannot be named. */
  problems: readonly { path: string; error: ErrorEnvelope }[];
  settings: JudgeSettings;
  /** Nothing arrives any more: changed digits are news as well. */
  atRest: boolean;
}

export interface TryQuestion {
  kind: "try";
  settings: JudgeSettings;
  rule: UserRule | null;
  /** What the user said of frames, by their paths in the report. */
  decided: ReadonlyMap<string, DecidedVerdict>;
}

export interface EvidenceQuestion {
  kind: "evidence";
  file: string;
}

export type Question = JudgeQuestion | TryQuestion | EvidenceQuestion;

/** Frames that are compared with one another; `stretch` is what their pictures share by the frames as they are. */
export interface ToldGroup {
  files: string[];
  group: ReportGroup;
}

/** What a rule of the user did, and which it was. */
export type ToldRule = Omit<RuleEffect, "ids">;

/** The night as it was judged: all of its groups and rules, and the rows that are news. */
export interface JudgedNews {
  rows: ReportFrame[];
  groups: ToldGroup[];
  rules: ToldRule[];
  /** What judging took. */
  milliseconds: number;
}

export interface Answers {
  judge: JudgedNews;
  try: Trial;
  evidence: Evidence[];
}

export type Request =
  | { type: "frames"; frames: GradedFrame[]; gone: string[] }
  | { type: "ask"; id: number; question: Question }
  /** The rows were taken: more may come. */
  | { type: "go-on" };

/** Many rows come in portions before the answer, so that taking them in keeps nobody waiting. */
export type Reply =
  | { type: "rows"; id: number; rows: ReportFrame[] }
  | { type: "answer"; id: number; answer: Answers[keyof Answers] }
  | { type: "failed"; id: number; error: ErrorEnvelope };
