import { useState } from "react";
import type { RulesDocument } from "../../../../../shared/contract.ts";
import type { IconName } from "../../../components/Icon.tsx";
import { revealPlace } from "../../../stores/actions/reveal.ts";
import { keepRules } from "../../../stores/actions/rules.ts";
import { say } from "../../../stores/view.ts";
import { texts } from "../../../texts/index.ts";

/** Keeps a document and says what was done in these words; true when it was taken. */
export type KeepRules = (document: RulesDocument, words: string) => Promise<boolean>;

/** What was done last, and what can be done about it. */
interface LastDone {
  words: string;
  way: string;
  icon: IconName;
  run: () => void;
}

const words = texts.nightPane.rules;

/** Changes of the rules that can each be taken back from where they are told; rules in a file can be shown from there. */
export function useKeptRules(): {
  last: LastDone | null;
  keep: KeepRules;
  /** With the document before it; null when nothing was loaded. */
  loaded: (before: RulesDocument | null) => void;
  saved: (place: string) => void;
} {
  const [last, setLast] = useState<LastDone | null>(null);
  const tell = (done: LastDone) => {
    setLast(done);
    say(done.words);
  };
  const changed = (what: string, before: RulesDocument | null) => {
    if (before === null) return;
    const undo = () => {
      void keepRules(before);
      setLast(null);
    };
    tell({ words: what, way: words.undo, icon: "back", run: undo });
  };
  return {
    last,
    keep: async (document, what) => {
      const before = await keepRules(document);
      changed(what, before);
      return before !== null;
    },
    loaded: (before) => changed(words.loaded, before),
    saved: (place) => tell({ words: words.saved(place), way: words.show, icon: "folder", run: () => void revealPlace(place) }),
  };
}
