import { type ReactNode, useId } from "react";

interface ChoiceParts<T extends string> {
  legend: string;
  value: T;
  options: readonly { value: T; name: string; what: string }[];
  onChange: (value: T) => void;
}

/** A few ways to choose from, each with its consequence. No list that the system would open: it paints that in colours of its own. */
export function Choice<T extends string>({ legend, value, options, onChange }: ChoiceParts<T>) {
  const name = useId();
  return (
    <fieldset className="setting-choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="setting-option">
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span className="setting-option-words">
            <span className="setting-name">{option.name}</span>
            <span className="quiet">{option.what}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface SwitchParts {
  name: string;
  what: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ name, what, on, onChange }: SwitchParts) {
  return (
    <label className="setting-option">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <span className="setting-option-words">
        <span className="setting-name">{name}</span>
        <span className="quiet">{what}</span>
      </span>
    </label>
  );
}

/** One line of the settings: what it is, in words, and what can be done about it. */
export function Line({ name, what, children }: { name: string; what?: ReactNode; children?: ReactNode }) {
  return (
    <div className="setting-line">
      <div className="setting-option-words">
        <span className="setting-name">{name}</span>
        {what !== undefined && <span className="quiet">{what}</span>}
      </div>
      {children}
    </div>
  );
}
