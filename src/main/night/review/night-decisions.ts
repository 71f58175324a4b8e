import type { Decided, DecidedVerdict, ReasonCode, ReportFrame } from "../../../shared/domain.ts";
import type { Decision, Decisions, KeptDecision } from "../../storage/index.ts";
import { DecisionSteps, type Step, sameSaid } from "./decision-steps.ts";
import { agreedCause, decisionOn, type ReviewerFacts, type Said } from "./said.ts";

/** A frame of the night and where its file lies. */
export interface NightFile {
  frame: ReportFrame;
  file: string;
}

/** Frames whose decision a call changed, and the verdict that was said, taken back or made again. */
export interface DecidedNow {
  contents: string[];
  verdict: DecidedVerdict | null;
}

/**
 * What the user decided about the frames of an open night. A decision is on the disk before it holds here; when it
 * cannot be kept, the call throws what Decisions.addAll throws and nothing has changed.
 */
export class NightDecisions {
  readonly #log: Pick<Decisions, "about" | "addAll" | "history">;
  readonly #facts: ReviewerFacts;
  /** The frame of this content as it is now; null when it has left the night. */
  readonly #fileOf: (content: string) => NightFile | null;
  readonly #latest = new Map<string, KeptDecision>();
  readonly #known = new Set<string>();
  readonly #steps = new DecisionSteps((step) => this.#keep(step));

  constructor(log: Pick<Decisions, "about" | "addAll" | "history">, facts: ReviewerFacts, fileOf: (content: string) => NightFile | null) {
    this.#log = log;
    this.#facts = facts;
    this.#fileOf = fileOf;
  }

  get undoable(): number {
    return this.#steps.undoable;
  }

  get redoable(): number {
    return this.#steps.redoable;
  }

  /** Reads what was ever decided about frames that are new to the night. */
  learn(frames: readonly ReportFrame[]): void {
    const news = frames.flatMap(({ content }) => (content && !this.#known.has(content) ? [content] : []));
    if (news.length === 0) return;
    for (const content of news) this.#known.add(content);
    const rows = this.#log.about([...new Set(news)]);
    for (const row of rows) this.#latest.set(row.content, row);
    this.#steps.learn(rows);
  }

  /** The frame with what holds for it now; one whose content is not known stays as it is. */
  beside(frame: ReportFrame): ReportFrame {
    if (!frame.content) return frame;
    const kept = this.#latest.get(frame.content);
    const decided: Decided | null = kept?.after ? { verdict: kept.after, cause: kept.cause, when: kept.time } : null;
    return { ...frame, decided };
  }

  /** Says one word about frames; those that are no lights, or cannot be told apart, are passed over. */
  decide(files: readonly NightFile[], verdict: DecidedVerdict | null, cause: ReasonCode | null): DecidedNow {
    const changes = new Map<string, Step[number]>();
    for (const { frame } of files) {
      const { content } = frame;
      if (!content || !isDecidable(frame)) continue;
      const before = this.#said(content);
      // The cause that was named before stands when the same is said without one.
      const again = verdict !== null && cause === null && before?.verdict === verdict;
      const after = verdict === null ? null : { verdict, cause: cause ?? agreedCause(frame, verdict) };
      if (!again && !sameSaid(before, after)) changes.set(content, { content, before, after });
    }
    if (changes.size > 0) this.#steps.say([...changes.values()]);
    return { contents: [...changes.keys()], verdict };
  }

  undo(): DecidedNow | null {
    return decidedNow(this.#steps.undo());
  }

  redo(): DecidedNow | null {
    return decidedNow(this.#steps.redo());
  }

  /** What was ever decided about a frame, oldest first. */
  history(content: string): { verdict: DecidedVerdict | null; cause: ReasonCode | null; when: number }[] {
    return this.#log.history(content).map(({ after, cause, time }) => ({ verdict: after, cause, when: time }));
  }

  #said(content: string): Said {
    const kept = this.#latest.get(content);
    return kept?.after ? { verdict: kept.after, cause: kept.cause } : null;
  }

  #keep(step: Step): number {
    const entries = step.flatMap(({ content, after }) => this.#entry(content, after) ?? []);
    const kept = this.#log.addAll(entries);
    for (const row of kept) this.#latest.set(row.content, row);
    return kept[0]?.number ?? 0;
  }

  #entry(content: string, said: Said): Decision | null {
    const known = this.#fileOf(content);
    if (known) return decisionOn(this.beside(known.frame), content, known.file, said, this.#facts);
    // A frame that has left a watched folder: what was known of it when it was last decided.
    const last = this.#latest.get(content);
    if (!last) return null;
    const { number: _number, time: _time, ...facts } = last;
    return { ...facts, ...this.#facts, before: last.after ?? last.program, after: said?.verdict ?? null, cause: said?.cause ?? null };
  }
}

function isDecidable({ verdict }: ReportFrame): boolean {
  return verdict !== "not-light" && verdict !== "unreadable";
}

function decidedNow(step: Step | null): DecidedNow | null {
  if (!step) return null;
  return { contents: step.map(({ content }) => content), verdict: step[0]?.after?.verdict ?? null };
}
