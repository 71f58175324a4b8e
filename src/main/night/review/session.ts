import type { Decided, DecidedVerdict, ReportFrame } from "../../../shared/domain.ts";
import { NebuliftError } from "../../../shared/errors.ts";
import type { Decisions } from "../../storage/index.ts";
import type { ReportedFile } from "../export/open-report.ts";
import { agreedCause, decisionOn, type ReviewerFacts, type Said } from "./said.ts";

interface Step {
  index: number;
  before: Decided | null;
}

/**
 * A walk through frames, one decision a key. A decision is in the store, on the disk, before the walk goes on; when it
 * cannot be kept, `decide` and `undo` throw and nothing has changed.
 */
export class ReviewSession {
  readonly items: ReportedFile[];
  private readonly decisions: Pick<Decisions, "add">;
  private readonly facts: ReviewerFacts;
  private readonly steps: Step[] = [];
  private at = 0;

  constructor(queue: readonly ReportedFile[], decisions: Pick<Decisions, "add">, facts: ReviewerFacts) {
    this.items = [...queue];
    this.decisions = decisions;
    this.facts = facts;
  }

  get index(): number {
    return this.at;
  }

  get current(): ReportedFile {
    return this.items[this.at];
  }

  /** Decisions of this walk that stand. */
  get made(): number {
    return this.steps.length;
  }

  /** Keeps the decision, then goes on to the next frame. Throws what Decisions.add throws, and `file-missing`. */
  decide(verdict: DecidedVerdict): void {
    const { frame } = this.current;
    const cause = agreedCause(frame, verdict);
    const before = frame.decided ?? null;
    const time = this.keep({ verdict, cause });
    this.steps.push({ index: this.at, before });
    this.put({ verdict, cause, when: time });
    this.move(1);
  }

  /** Takes the last decision of this walk back and goes to its frame; false when there is none. */
  undo(): boolean {
    const step = this.steps.at(-1);
    if (!step) return false;
    const from = this.at;
    this.at = step.index;
    try {
      this.keep(step.before);
    } catch (error) {
      this.at = from;
      throw error;
    }
    this.steps.pop();
    this.put(step.before);
    return true;
  }

  /** Goes some frames on or back, as far as there are any. */
  move(by: number): void {
    this.at = Math.max(0, Math.min(this.items.length - 1, this.at + by));
  }

  private keep(said: Said): number {
    const { frame, file } = this.current;
    if (!frame.content) throw new NebuliftError("file-missing", `${frame.path}: without its file it cannot be told apart from others`);
    return this.decisions.add(decisionOn(frame, frame.content, file, said, this.facts)).time;
  }

  private put(decided: Decided | null): void {
    const frame: ReportFrame = { ...this.current.frame, decided };
    this.items[this.at] = { ...this.current, frame };
  }
}
