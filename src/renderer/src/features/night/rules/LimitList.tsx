import { useId } from "react";
import type { RulesState } from "../../../../../shared/contract.ts";
import { Icon } from "../../../components/Icon.tsx";
import { texts } from "../../../texts/index.ts";
import { axisNumber } from "../plots/plot-words.ts";
import { NumberField } from "./NumberField.tsx";
import { withLimit } from "./rules-document.ts";
import type { KeepRules } from "./use-kept-rules.ts";

const words = texts.nightPane.rules;

/** Most limits are shares of something; these are not. */
const RANGES: Record<string, readonly [number, number] | undefined> = {
  fwhmRatio: [1, 1000],
  gradient: [1, 1000],
  fwhmArcsec: [0.1, 1000],
};

/** Every limit of Nebulift's in plain words, with its usual value where it was moved. */
export function LimitList({ rules, keep }: { rules: RulesState; keep: KeepRules }) {
  return (
    <section className="rules-part" aria-label={words.limits}>
      <h3>{words.limits}</h3>
      <p className="quiet small">{words.limitsLead}</p>
      <ul className="limits">
        {Object.entries(rules.limits).map(([name, value], index) => (
          <Limit key={name} name={name} value={value} usual={rules.usual[name] ?? value} rules={rules} keep={keep} first={index === 0} />
        ))}
      </ul>
    </section>
  );
}

interface LimitParts {
  name: string;
  value: number;
  usual: number;
  rules: RulesState;
  keep: KeepRules;
  first: boolean;
}

function Limit({ name, value, usual, rules, keep, first }: LimitParts) {
  const id = useId();
  const told = words.limitNames[name] ?? { name, what: "" };
  const moved = value !== usual;
  return (
    <li className={moved ? "limit limit-moved" : "limit"}>
      <label htmlFor={id}>
        {told.name}
        <span className="limit-what">{told.what}</span>
      </label>
      {moved ? (
        <button
          type="button"
          className="button button-small"
          aria-label={words.reset(told.name)}
          data-tip={words.reset(told.name)}
          onClick={() => void keep(withLimit(rules.document, name, null), words.reset(told.name))}
        >
          <Icon name="back" size={12} />
          {axisNumber(usual)}
        </button>
      ) : (
        <span />
      )}
      <NumberField
        id={id}
        first={first}
        value={value}
        within={RANGES[name] ?? [0, 1]}
        onChange={(next) => void keep(withLimit(rules.document, name, next === usual ? null : next), words.changed)}
      />
    </li>
  );
}
