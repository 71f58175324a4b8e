import { useEffect, useId, useRef, useState } from "react";
import { METRICS } from "../../../../../shared/metrics.ts";
import { NIGHT_METRICS } from "../../../../../shared/night-metrics.ts";
import { texts } from "../../../texts/index.ts";
import { unitText } from "../metric-words.ts";

const words = texts.nightPane.rules;
const ALL = Object.entries({ ...METRICS, ...NIGHT_METRICS });

/** Any measurement there is, found by name or by what it means. */
export function MetricPicker({ chosen, onChoose }: { chosen: string; onChoose: (metric: string) => void }) {
  const [find, setFind] = useState("");
  const id = useId();
  const list = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    list.current?.querySelector(":checked")?.closest("label")?.scrollIntoView({ block: "nearest" });
  }, []);
  const needle = find.trim().toLowerCase();
  const found = ALL.filter(([name, { label, what }]) => `${name}\n${label}\n${what}`.toLowerCase().includes(needle));
  return (
    <div className="rule-field metric-picker">
      <label htmlFor={id}>{words.metric}</label>
      <input
        id={id}
        className="text-field"
        type="text"
        value={find}
        placeholder={words.metricFind}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setFind(event.target.value)}
      />
      <fieldset className="metric-list" ref={list}>
        <legend className="for-ears">{words.metric}</legend>
        {found.map(([name, { label, unit, what }]) => (
          <label key={name} className="metric-choice" data-tip={what}>
            <input type="radio" name={`${id}metric`} checked={chosen === name} onChange={() => onChoose(name)} />
            <span>
              {label}
              <span className="unit">{unitText(unit)}</span>
            </span>
            <span className="metric-what">{what}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}
