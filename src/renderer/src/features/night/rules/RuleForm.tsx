import { useId, useState } from "react";
import { useStore } from "zustand";
import type { RuleDraft } from "../../../../../shared/contract.ts";
import { filterOf } from "../../../frame-facts.ts";
import { nightStore } from "../../../stores/night.ts";
import { texts } from "../../../texts/index.ts";
import { MetricPicker } from "./MetricPicker.tsx";
import { RuleTrial } from "./RuleTrial.tsx";
import { EMPTY_RULE, fieldsOf, type RuleFields, ruleOf } from "./rule-draft.ts";
import { BOUNDS, type RulePlace } from "./rules-document.ts";
import { useRuleTrial } from "./use-rule-trial.ts";
import "./rule-form.css";

const words = texts.nightPane.rules;
const VERDICTS = ["contaminated", "review", "clean"] as const;

interface FormParts {
  /** null writes a new one. */
  rule: RuleDraft | null;
  place: RulePlace | null;
  onKeep: (rule: RuleDraft) => void;
  onCancel: () => void;
}

/** Writes a rule while saying what it would do to the night that is open. */
export function RuleForm({ rule, place, onKeep, onCancel }: FormParts) {
  const [fields, setFields] = useState<RuleFields>(rule === null ? EMPTY_RULE : fieldsOf(rule));
  const change = (some: Partial<RuleFields>) => setFields((before) => ({ ...before, ...some }));
  const draft = ruleOf(fields);
  const answer = useRuleTrial(draft, place);
  const refused = answer !== null && "refused" in answer;
  const id = useId();
  return (
    <form
      className="rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft !== null && !refused) onKeep(draft);
      }}
    >
      <Choices
        legend={words.by}
        name={`${id}by`}
        options={[
          ["metric", words.byMetric],
          ["expression", words.byExpression],
        ]}
        chosen={fields.by}
        onChoose={(by) => change({ by })}
      />
      {fields.by === "metric" ? (
        <MetricRule id={id} fields={fields} change={change} />
      ) : (
        <p className="rule-field">
          <label htmlFor={`${id}when`}>{words.expression}</label>
          <input
            id={`${id}when`}
            className="text-field expression"
            type="text"
            value={fields.when}
            placeholder={words.expressionHint}
            spellCheck={false}
            autoComplete="off"
            maxLength={2000}
            aria-invalid={refused}
            onChange={(event) => change({ when: event.target.value })}
          />
          <span className="quiet small">{words.expressionHelp}</span>
        </p>
      )}
      <Choices
        legend={words.verdict}
        name={`${id}verdict`}
        options={VERDICTS.map((verdict) => [verdict, words.verdicts[verdict]] as const)}
        chosen={fields.verdict}
        onChoose={(verdict) => change({ verdict })}
      />
      {place?.filter == null && <FilterChoice fields={fields} change={change} />}
      <p className="rule-field">
        <label htmlFor={`${id}name`}>{words.name}</label>
        <input
          id={`${id}name`}
          className="text-field"
          type="text"
          value={fields.name}
          placeholder={words.nameHint}
          maxLength={80}
          autoComplete="off"
          onChange={(event) => change({ name: event.target.value })}
        />
      </p>
      <RuleTrial draft={draft} answer={answer} />
      <p className="rule-form-ways">
        <button type="submit" className="button" disabled={draft === null || refused}>
          {words.keep}
        </button>
        <button type="button" className="button button-bare" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </form>
  );
}

interface PartOfForm {
  fields: RuleFields;
  change: (some: Partial<RuleFields>) => void;
}

function MetricRule({ id, fields, change }: PartOfForm & { id: string }) {
  return (
    <>
      <MetricPicker chosen={fields.metric} onChoose={(metric) => change({ metric })} />
      <Choices
        legend={words.bound}
        name={`${id}bound`}
        options={BOUNDS.map((bound) => [bound, words.bounds[bound]] as const)}
        chosen={fields.bound}
        onChoose={(bound) => change({ bound })}
      />
      <p className="rule-field">
        <label htmlFor={`${id}number`}>{words.number}</label>
        <input
          id={`${id}number`}
          className="number-field"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          value={fields.number}
          onChange={(event) => change({ number: event.target.value })}
        />
      </p>
    </>
  );
}

function FilterChoice({ fields, change }: PartOfForm) {
  const rows = useStore(nightStore, (state) => state.rows);
  const there = new Set([...rows.map(filterOf).filter((filter) => filter !== null), ...fields.filters]);
  if (there.size < 2 && fields.filters.length === 0) return null;
  const toggle = (filter: string) =>
    change({ filters: fields.filters.includes(filter) ? fields.filters.filter((other) => other !== filter) : [...fields.filters, filter] });
  return (
    <fieldset className="rule-field choices-field">
      <legend>{words.filters}</legend>
      {[...there].sort().map((filter) => (
        <label key={filter} className="choice">
          <input type="checkbox" checked={fields.filters.includes(filter)} onChange={() => toggle(filter)} />
          <span>{filter}</span>
        </label>
      ))}
      {fields.filters.length === 0 && <span className="quiet small">{words.filtersAll}</span>}
    </fieldset>
  );
}

interface ChoicesParts<T extends string> {
  legend: string;
  name: string;
  options: readonly (readonly [T, string])[];
  chosen: T;
  onChoose: (option: T) => void;
}

function Choices<T extends string>({ legend, name, options, chosen, onChoose }: ChoicesParts<T>) {
  return (
    <fieldset className="rule-field choices-field">
      <legend>{legend}</legend>
      {options.map(([option, label]) => (
        <label key={option} className="choice">
          <input type="radio" name={name} checked={chosen === option} onChange={() => onChoose(option)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
