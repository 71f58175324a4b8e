import { useState } from "react";
import { useStore } from "zustand";
import type { RuleDraft, RulesState } from "../../../../../shared/contract.ts";
import { Icon } from "../../../components/Icon.tsx";
import { integration } from "../../../quantities.ts";
import { nightStore } from "../../../stores/night.ts";
import { texts } from "../../../texts/index.ts";
import { RuleForm } from "./RuleForm.tsx";
import { ruleName, ruleWords } from "./rule-words.ts";
import { type RulePlace, rulesOf, withoutRule, withRule, withRuleAt } from "./rules-document.ts";
import type { KeepRules } from "./use-kept-rules.ts";

const words = texts.nightPane.rules;

/** The user's own rules: what each says, what it did to this night, and a place to write another. */
export function RuleList({ rules, keep }: { rules: RulesState; keep: KeepRules }) {
  const [writing, setWriting] = useState<RulePlace | "new" | null>(null);
  const own = rulesOf(rules.document);
  const keepRule = async (rule: RuleDraft, place: RulePlace | null) => {
    const document = place === null ? withRule(rules.document, rule) : withRuleAt(rules.document, place, rule);
    if (await keep(document, words.kept(ruleName(rule)))) setWriting(null);
  };
  return (
    <section className="rules-part" aria-label={words.own}>
      <h3>{words.own}</h3>
      <p className="quiet small">{own.length === 0 ? words.ownNone : words.ownLead}</p>
      <ul className="own-rules">
        {own.map(({ place, rule }, order) => {
          const key = `${place.filter ?? ""} ${place.index}`;
          if (writing !== null && writing !== "new" && writing.filter === place.filter && writing.index === place.index) {
            return (
              <li key={key} className="own-rule">
                <RuleForm rule={rule} place={place} onKeep={(next) => void keepRule(next, place)} onCancel={() => setWriting(null)} />
              </li>
            );
          }
          return (
            <li key={key} className="own-rule own-rule-shown">
              <span className={`verdict-${rule.verdict ?? "contaminated"}`}>
                <Icon name={rule.verdict ?? "contaminated"} size={15} />
              </span>
              <div>
                <p>
                  <strong>{ruleName(rule)}</strong>
                </p>
                <p className="quiet small">{saying(rule, place)}</p>
                <Effect order={order} />
              </div>
              <div className="own-rule-ways">
                <button
                  type="button"
                  className="button button-small"
                  aria-label={words.editOf(ruleName(rule))}
                  onClick={() => setWriting(place)}
                >
                  {words.edit}
                </button>
                <button
                  type="button"
                  className="button button-small"
                  aria-label={words.removeOf(ruleName(rule))}
                  onClick={() => void keep(withoutRule(rules.document, place), words.removed(ruleName(rule)))}
                >
                  {words.remove}
                </button>
              </div>
            </li>
          );
        })}
      </ul>
      {writing === "new" ? (
        <RuleForm rule={null} place={null} onKeep={(rule) => void keepRule(rule, null)} onCancel={() => setWriting(null)} />
      ) : (
        <button type="button" className="button" onClick={() => setWriting("new")}>
          <Icon name="plus" size={13} />
          {words.add}
        </button>
      )}
    </section>
  );
}

function saying(rule: RuleDraft, { filter }: RulePlace): string {
  const filters = filter === null ? (rule.filters ?? []) : [filter];
  const said = rule.name === undefined ? [] : [ruleWords(rule)];
  if (filters.length > 0) said.push(words.through([...filters]));
  return [...said, words.verdicts[rule.verdict ?? "contaminated"]].join(" · ");
}

/** Main tells of the rules in their order. */
function Effect({ order }: { order: number }) {
  const effect = useStore(nightStore, (state) => state.head?.rules[order]);
  return effect === undefined ? null : <p className="small">{words.effect(effect.frames, integration(effect.minutes), effect.changed)}</p>;
}
