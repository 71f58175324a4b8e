import type { DecidedVerdict, Evidence, ReasonCode, ReportFrame, ReportGroup, ReportSummary } from "../../../shared/domain.ts";
import type { ErrorEnvelope, NebuliftError } from "../../../shared/errors.ts";
import type { Engine } from "../../engine/index.ts";
import type { Decisions } from "../../storage/index.ts";
import type { JudgeSettings } from "../../verdict/index.ts";
import type { ReviewerFacts } from "../review/said.ts";
import type { FrameSniffer } from "../scan.ts";
import type { JudgingThread } from "./judging-thread.ts";
import type { RuleTold } from "./night-so-far.ts";
import type { StarColumns } from "./star-columns.ts";

export type LiveState = "scanning" | "grading" | "watching" | "done" | "cancelled" | "failed";

export interface LiveUpdate {
  state: LiveState;
  error?: ErrorEnvelope;
  progress: { found: number; finished: number; rate: number | null; eta: number | null };
  /** The folder that the frames' paths are relative to; empty before it is known. */
  root: string;
  /** New frames, and those of which something else holds than was told. */
  frames: ReportFrame[];
  /** Paths of frames that are no longer there. */
  gone: string[];
  groups: ReportGroup[];
  /** By what holds for each frame; null before there is one. */
  summary: ReportSummary | null;
  watch: { waiting: number; notice: string | null } | null;
  undo: number;
  redo: number;
  rules: RuleTold[];
  /** Changes whenever the pictures of the night would look different. */
  pictures: number;
}

export interface LiveOptions {
  engine: Pick<Engine, "measure">;
  settings: JudgeSettings;
  sniffer: FrameSniffer;
  settle: (path: string, signal: AbortSignal) => Promise<void>;
  /** Null keeps none. */
  decisions: Pick<Decisions, "about" | "addAll" | "history"> | null;
  facts: ReviewerFacts;
  /** Judges this night and no other; it ends with the night. */
  judge: JudgingThread;
  /** Told when judging is not possible any more: the night goes on with what was said of it before. */
  onTrouble: (error: NebuliftError) => void;
}

export interface LiveDetail {
  evidence: Evidence[];
  stars: StarColumns;
  /** Oldest first; a null verdict took the decisions back. */
  history: { verdict: DecidedVerdict | null; cause: ReasonCode | null; when: number }[];
}

/** Frames whose decision changed, by their paths in the report. */
export interface DecidedPaths {
  paths: string[];
  verdict: DecidedVerdict | null;
}
