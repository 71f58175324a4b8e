import type { KeptDecision } from "../../storage/index.ts";
import type { Said } from "./said.ts";

/** What a step did to one frame. */
export interface Change {
  content: string;
  before: Said;
  after: Said;
}

/** Said in one word: all of it is taken back together. */
export type Step = readonly Change[];

type LogRow = Pick<KeptDecision, "number" | "time" | "content" | "after" | "cause">;

interface Entry {
  number: number;
  step: Step;
  /** What was meant; of entries that were read, only their content tells. */
  meant: "new" | "undo" | "redo" | "unknown";
}

/**
 * Decisions as steps that can be taken back and made again, without end. The log on the disk is all there is: taking back
 * is one more entry, so after a restart the steps are read from the log again, those that were taken back among what can
 * be made again.
 */
export class DecisionSteps {
  /** Writes a step to the log and returns once it is there, with the number of its first entry; throws when it cannot. */
  readonly #keep: (step: Step) => number;
  readonly #read: LogRow[] = [];
  readonly #here: Entry[] = [];
  #done: Step[] = [];
  #undone: Step[] = [];

  constructor(keep: (step: Step) => number) {
    this.#keep = keep;
  }

  get undoable(): number {
    return this.#done.length;
  }

  get redoable(): number {
    return this.#undone.length;
  }

  /** Takes in what the log has of frames that are new here, in any order. */
  learn(rows: readonly LogRow[]): void {
    if (rows.length === 0) return;
    this.#read.push(...rows);
    this.#read.sort((a, b) => a.number - b.number);
    const entries = [...entriesOf(this.#read), ...this.#here].sort((a, b) => a.number - b.number);
    this.#done = [];
    this.#undone = [];
    for (const entry of entries) this.#take(entry);
  }

  say(step: Step): void {
    this.#write(step, "new");
  }

  /** The step that was taken back; null when there is none left. */
  undo(): Step | null {
    const step = this.#done.at(-1) ?? null;
    if (step) this.#write(reversed(step), "undo");
    return step;
  }

  /** The step that was made again; null when there is none. */
  redo(): Step | null {
    const step = this.#undone.at(-1) ?? null;
    if (step) this.#write(step, "redo");
    return step;
  }

  #write(step: Step, meant: Entry["meant"]): void {
    const entry = { number: this.#keep(step), step, meant };
    this.#here.push(entry);
    this.#take(entry);
  }

  #take({ step, meant }: Entry): void {
    const last = meant === "undo" || meant === "unknown" ? this.#done.at(-1) : undefined;
    const next = meant === "redo" || meant === "unknown" ? this.#undone.at(-1) : undefined;
    if (last && same(step, reversed(last))) {
      this.#done.pop();
      this.#undone.push(last);
    } else if (next && same(step, next)) {
      this.#undone.pop();
      this.#done.push(next);
    } else {
      this.#done.push(step);
      this.#undone = [];
    }
  }
}

/** Rows of one call share their time; a frame that comes again begins another step all the same. */
function entriesOf(rows: readonly LogRow[]): Entry[] {
  const said = new Map<string, Said>();
  const entries: (Entry & { time: number; step: Change[] })[] = [];
  for (const { number, time, content, after: verdict, cause } of rows) {
    const after = verdict === null ? null : { verdict, cause };
    const change: Change = { content, before: said.get(content) ?? null, after };
    said.set(content, after);
    const open = entries.at(-1);
    if (open?.time === time && !open.step.some((other) => other.content === content)) open.step.push(change);
    else entries.push({ number, time, step: [change], meant: "unknown" });
  }
  return entries;
}

function reversed(step: Step): Step {
  return step.map(({ content, before, after }) => ({ content, before: after, after: before }));
}

function same(a: Step, b: Step): boolean {
  if (a.length !== b.length) return false;
  const others = new Map(b.map((change) => [change.content, change]));
  return a.every(({ content, before, after }) => {
    const other = others.get(content);
    return other !== undefined && sameSaid(before, other.before) && sameSaid(after, other.after);
  });
}

export function sameSaid(a: Said, b: Said): boolean {
  return a === null || b === null ? a === b : a.verdict === b.verdict && a.cause === b.cause;
}
