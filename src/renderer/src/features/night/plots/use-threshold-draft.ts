import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { RulesDocument } from "../../../../../shared/contract.ts";
import { keepRules, RulesTrials } from "../../../stores/actions/rules.ts";
import { rulesStore } from "../../../stores/rules.ts";
import { toast } from "../../../stores/view.ts";
import { texts } from "../../../texts/index.ts";
import { tryingRule, withLimit, withoutRule } from "../rules/rules-document.ts";
import { thresholdWords } from "./plot-words.ts";
import { asRule, type GroupLevel, levelOf, movedTo, type Threshold, withThreshold } from "./thresholds.ts";

/** What main counts beyond the line, and where the line lay when it was asked. */
export interface Counted {
  frames: number;
  minutes: number;
}

export interface ThresholdDraft {
  /** The line as it is being moved; null while none is. */
  draft: Threshold | null;
  /** null until main has answered for this line. */
  counted: Counted | null;
  begin(threshold: Threshold): void;
  move(value: number): void;
  /** Keeps the line where it is now. */
  keep(): void;
  cancel(): void;
  /** A rule goes, a limit of Nebulift's goes back to its usual place. */
  remove(threshold: Threshold): void;
}

/** A line on one plot while it is moved: nothing is kept before the hand lets go. `group` is whose numbers it is told in. */
export function useThresholdDraft(group: GroupLevel): ThresholdDraft {
  const [draft, setDraft] = useState<Threshold | null>(null);
  const [counted, setCounted] = useState<Counted | null>(null);
  const start = useRef<Threshold | null>(null);
  const now = useRef<Threshold | null>(null);
  const trials = useMemo(() => new RulesTrials(), []);
  useEffect(() => () => trials.stop(), [trials]);

  const show = useCallback(
    (threshold: Threshold) => {
      now.current = threshold;
      setDraft(threshold);
      const document = rulesStore.getState().rules?.document ?? {};
      const instead = threshold.source.kind === "rule" ? threshold.source.place : null;
      trials.ask({
        document: tryingRule(document, asRule(threshold), instead),
        rule: true,
        told: (answer) => setCounted("trial" in answer ? (answer.trial.affected ?? null) : null),
      });
    },
    [trials],
  );

  const end = useCallback(() => {
    trials.stop();
    start.current = null;
    now.current = null;
    setDraft(null);
    setCounted(null);
  }, [trials]);

  return useMemo(
    () => ({
      draft,
      counted,
      begin: (threshold) => {
        start.current = threshold;
        setCounted(null);
        show(threshold);
      },
      move: (value) => {
        if (now.current !== null) show(movedTo(now.current, value, group));
      },
      keep: () => {
        const [before, threshold] = [start.current, now.current];
        if (threshold === null) return;
        const words = thresholdWords(threshold, levelOf(threshold, group));
        const fresh = threshold.source.kind === "new";
        if (!fresh && before !== null && sameLine(before, threshold)) return end();
        trials.stop();
        const document = withThreshold(rulesStore.getState().rules?.document ?? {}, threshold);
        void keepUndoably(document, fresh ? texts.nightPane.plots.added(words) : texts.nightPane.plots.moved(words)).then(() => {
          if (now.current === threshold) end();
        });
      },
      cancel: end,
      remove: (threshold) => {
        end();
        const { source } = threshold;
        if (source.kind === "new") return;
        const document = rulesStore.getState().rules?.document ?? {};
        const words = thresholdWords(threshold, levelOf(threshold, group));
        if (source.kind === "rule") void keepUndoably(withoutRule(document, source.place), texts.nightPane.plots.removed(words));
        else if (document.limits?.[source.limit] !== undefined)
          void keepUndoably(withLimit(document, source.limit, null), texts.nightPane.plots.usual(words));
      },
    }),
    [draft, counted, group, show, end, trials],
  );
}

function sameLine(a: Threshold, b: Threshold): boolean {
  return a.number === b.number && a.own.every(({ number }, index) => number === b.own[index]?.number);
}

/** Keeps the rules and offers the way back for as long as the word about it is to be seen. */
async function keepUndoably(document: RulesDocument, words: string): Promise<boolean> {
  const before = await keepRules(document);
  if (before === null) return false;
  toast(words, { label: texts.nightPane.rules.undo, run: () => void keepRules(before) });
  return true;
}
