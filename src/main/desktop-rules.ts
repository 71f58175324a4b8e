import { type RulesDocument, type RulesState, type RulesTrial, rulesDocument } from "../shared/contract-work.ts";
import { NebuliftError, toNebuliftError } from "../shared/errors.ts";
import type { DesktopMemory } from "./desktop-memory.ts";
import { type LiveNight, rulesText, writeRulesFile } from "./night/index.ts";
import { type JudgeSettings, parseRules, type RuleSettings, withRules } from "./verdict/index.ts";

export interface RulesParts {
  memory: DesktopMemory;
  /** What holds without rules: built in, or what the user promoted. */
  usual: () => JudgeSettings;
  /** The night that is open. */
  night: () => LiveNight | null;
  /** Told when the rules that were kept are not understood any more; they are left alone and do not hold. */
  onTrouble: (error: NebuliftError) => void;
}

/** The user's rules and limits, which hold for every night that the window shows. */
export class DesktopRules {
  readonly #parts: RulesParts;
  #told = false;

  constructor(parts: RulesParts) {
    this.#parts = parts;
  }

  /** What frames are judged by. */
  settings(): JudgeSettings {
    const usual = this.#parts.usual();
    try {
      return withRules(usual, understood(this.#parts.memory.rules()));
    } catch (error) {
      if (!this.#told) this.#parts.onTrouble(toNebuliftError(error));
      this.#told = true;
      return usual;
    }
  }

  get(): RulesState {
    const { limits, review, trails, leastGroup } = this.settings();
    return {
      document: this.#parts.memory.rules(),
      limits: { ...limits },
      usual: { ...this.#parts.usual().limits },
      review,
      trails,
      leastGroup,
    };
  }

  /** Resolves once the open night has been told by these rules, or by those that were set since. */
  async set(document: RulesDocument): Promise<RulesState> {
    understood(document);
    this.#parts.memory.keepRules(document);
    await this.#parts.night()?.judgeBy(this.settings());
    return this.get();
  }

  async try(document: RulesDocument, lastRule: boolean, signal: AbortSignal): Promise<RulesTrial> {
    const rules = understood(document);
    const settings = withRules(this.#parts.usual(), rules);
    const rule = lastRule ? lastOf(document, rules) : null;
    const night = this.#parts.night();
    if (!night) throw new NebuliftError("no-night", "");
    return night.tryOut(settings, rule, signal);
  }

  async read(path: string): Promise<RulesDocument> {
    const text = await rulesText(path);
    parseRules(text, path);
    const document = rulesDocument.safeParse(JSON.parse(text));
    if (!document.success)
      throw new NebuliftError("bad-rules", `${path}: ${document.error.issues[0]?.message ?? "too long"}`, document.error);
    return document.data;
  }

  write(path: string, document: RulesDocument): Promise<void> {
    return writeRulesFile(path, `${JSON.stringify(document, null, 2)}\n`);
  }
}

/** Throws `bad-rules`, naming the field: the window has no lines. */
function understood(document: RulesDocument): RuleSettings {
  try {
    return parseRules(JSON.stringify(document), "these rules");
  } catch (error) {
    const { code, detail } = toNebuliftError(error);
    throw new NebuliftError(code, detail.replaceAll(/\bline \d+, /g, ""), error);
  }
}

/** The last of the rules that hold for all filters, which a window appends the one it is asked about to; else the last at all. */
function lastOf(document: RulesDocument, { rules }: RuleSettings): RuleSettings["rules"][number] {
  const rule = rules[(document.rules?.length ?? 0) > 0 ? (document.rules?.length ?? 0) - 1 : rules.length - 1];
  if (!rule) throw new NebuliftError("bad-rules", "there is no rule among them");
  return rule;
}
