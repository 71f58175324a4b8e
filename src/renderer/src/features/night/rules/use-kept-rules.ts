import { useState } from "react";
import type { RulesDocument } from "../../../../../shared/contract.ts";
import { keepRules } from "../../../stores/actions/rules.ts";
import { say } from "../../../stores/view.ts";

/** Keeps a document and says what was done in these words; true when it was taken. */
export type KeepRules = (document: RulesDocument, words: string) => Promise<boolean>;

interface LastChange {
  words: string;
  before: RulesDocument;
}

/** Changes of the rules that can each be taken back from where they are told. */
export function useKeptRules(): {
  last: LastChange | null;
  keep: KeepRules;
  told: (words: string, before: RulesDocument | null) => void;
  undo: () => void;
} {
  const [last, setLast] = useState<LastChange | null>(null);
  const told = (words: string, before: RulesDocument | null) => {
    if (before === null) return;
    setLast({ words, before });
    say(words);
  };
  return {
    last,
    told,
    keep: async (document, words) => {
      const before = await keepRules(document);
      told(words, before);
      return before !== null;
    },
    undo: () => {
      if (last !== null) void keepRules(last.before);
      setLast(null);
    },
  };
}
