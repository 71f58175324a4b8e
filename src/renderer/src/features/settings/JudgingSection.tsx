import { type ReactNode, useEffect, useState } from "react";
import { useStore } from "zustand";
import type { RulesDocument, RulesState } from "../../../../shared/contract.ts";
import { percent } from "../../quantities.ts";
import { refreshRules } from "../../stores/actions/rules.ts";
import { rulesStore } from "../../stores/rules.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { Line } from "./Choice.tsx";
import { Section } from "./Section.tsx";

const words = texts.settings.judging;
const { trailPolicies } = texts.nightPane.rules;

export function JudgingSection() {
  const rules = useStore(rulesStore, (state) => state.rules);
  const [asked, setAsked] = useState(false);
  const ask = () => void refreshRules().then(() => setAsked(true));
  useEffect(ask, []);
  return (
    <Section section="judging" lead={words.lead}>
      {rules !== null && <Summary rules={rules} />}
      {rules === null && !asked && <p className="quiet">{words.reading}</p>}
      {rules === null && asked && (
        <p className="settings-unread">
          {words.unknown}
          <button type="button" className="button" onClick={ask}>
            {words.again}
          </button>
        </p>
      )}
    </Section>
  );
}

function Summary({ rules }: { rules: RulesState }) {
  const { document, review, trails, leastGroup } = rules;
  const moved = Object.keys(rules.limits).filter((name) => rules.limits[name] !== rules.usual[name]).length;
  return (
    <div className="setting-lines">
      <Line name={words.limits} what={moved === 0 ? words.limitsUsual : words.limitsMoved(moved)}>
        <button type="button" className="button" onClick={() => viewStore.setState({ dialog: "rules" })}>
          {words.open}
        </button>
      </Line>
      <Line name={words.rules} what={<OwnRules document={document} />} />
      <Line name={words.trails} what={`${trailPolicies[trails].name}. ${trailPolicies[trails].what}.`} />
      <Line name={words.band} what={words.bandWords(percent(review[0]), percent(review[1]))} />
      <Line name={words.group} what={words.groupWords(leastGroup)} />
    </div>
  );
}

function OwnRules({ document }: { document: RulesDocument }): ReactNode {
  const rules = document.rules ?? [];
  const filters = Object.keys(document.filters ?? {});
  return (
    <>
      {rules.length === 0 ? words.rulesNone : `${words.rulesCount(rules.length)} `}
      {rules.map((rule, index) => rule.name ?? rule.when ?? rule.metric ?? words.ruleUnnamed(index + 1)).join(", ")}
      {filters.length > 0 && ` ${words.filters(filters.join(", "))}`}
    </>
  );
}
