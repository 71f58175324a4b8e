import type { RulesDocument, RulesTrial } from "../../../../shared/contract.ts";
import { type ErrorEnvelope, toNebuliftError } from "../../../../shared/errors.ts";
import { call } from "../../bridge.ts";
import { rulesStore } from "../rules.ts";
import { attempt } from "./attempt.ts";

export function refreshRules(): Promise<void> {
  return attempt(async () => {
    rulesStore.setState({ rules: await call("rules.get", undefined) });
  });
}

/** Keeps the document and judges the night by it. Resolves with the document before it; null when it was refused. */
export async function keepRules(document: RulesDocument): Promise<RulesDocument | null> {
  let before: RulesDocument | null = null;
  await attempt(async () => {
    const held = rulesStore.getState().rules ?? (await call("rules.get", undefined));
    rulesStore.setState({ rules: await call("rules.set", { document }) });
    before = held.document;
  });
  return before;
}

/** From a file that the user chooses. Resolves with the document before it; null when nothing was loaded. */
export async function loadRules(): Promise<RulesDocument | null> {
  let before: RulesDocument | null = null;
  await attempt(async () => {
    const held = rulesStore.getState().rules ?? (await call("rules.get", undefined));
    const rules = await call("rules.load", undefined);
    if (rules === null) return;
    rulesStore.setState({ rules });
    before = held.document;
  });
  return before;
}

/** Into a file that the user chooses; resolves with its path, null when nothing was written. */
export async function saveRules(): Promise<string | null> {
  let place: string | null = null;
  await attempt(async () => {
    place = await call("rules.save", undefined);
  });
  return place;
}

export type TrialAnswer = { trial: RulesTrial } | { refused: ErrorEnvelope };

/** Main is asked this often at most while a line is dragged, ms. */
const ASK_EVERY = 50;
/** An answer that takes longer than this gives way to the next question, ms. */
const PATIENCE = 250;

interface Question {
  document: RulesDocument;
  /** Ask for what the document's last rule touches, not only for what all of it makes of the night. */
  rule: boolean;
  told: (answer: TrialAnswer) => void;
}

/**
 * Asks main what rules would do while they are being changed. Only the latest question counts: it is asked as soon as a
 * short breath has passed and the one before is answered, which is called off when that takes too long.
 */
export class RulesTrials {
  #running: AbortController | null = null;
  #next: Question | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asked = Number.NEGATIVE_INFINITY;

  ask(question: Question): void {
    this.#next = question;
    if (this.#timer !== null) return;
    const since = performance.now() - this.#asked;
    const wait = (this.#running === null ? ASK_EVERY : PATIENCE) - since;
    this.#timer = setTimeout(() => this.#askNext(), Math.max(0, wait));
  }

  /** Forgets what was asked; nothing is told any more. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#next = null;
    this.#running?.abort();
    this.#running = null;
  }

  #askNext(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const question = this.#next;
    if (question === null) return;
    this.#next = null;
    this.#running?.abort();
    void this.#run(question);
  }

  async #run({ document, rule, told }: Question): Promise<void> {
    this.#asked = performance.now();
    const running = new AbortController();
    this.#running = running;
    const answer = await answered(document, rule, running.signal);
    if (this.#running !== running) return;
    this.#running = null;
    if (answer !== null) told(answer);
    // Whoever waited out of patience with this answer waits only for breath now.
    if (this.#timer === null || this.#next === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.ask(this.#next);
  }
}

async function answered(document: RulesDocument, rule: boolean, signal: AbortSignal): Promise<TrialAnswer | null> {
  try {
    return { trial: await call("rules.try", { document, rule }, signal) };
  } catch (thrown) {
    const error = toNebuliftError(thrown);
    return error.code === "cancelled" ? null : { refused: error.toEnvelope() };
  }
}
