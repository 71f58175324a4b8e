import { useEffect, useState } from "react";
import { readNumber } from "./read-number.ts";

interface FieldParts {
  id: string;
  label?: string;
  value: number;
  within: readonly [least: number, most: number];
  onChange: (value: number) => void;
  /** Takes the focus when its dialog opens. */
  first?: boolean;
}

/** A number that counts once it is finished: on Enter, or when the field is left. What is no number is marked, and not taken. */
export function NumberField({ id, label, value, within, onChange, first = false }: FieldParts) {
  const [typed, setTyped] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value stands in place of what was typed
  useEffect(() => setTyped(null), [value]);
  const number = typed === null ? value : readNumber(typed);
  const wrong = number === null || number < within[0] || number > within[1];
  const finish = () => {
    if (typed === null || wrong || number === null) return;
    if (number === value) setTyped(null);
    else onChange(number);
  };
  return (
    <input
      id={id}
      data-first={first ? "" : undefined}
      className="number-field"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      aria-label={label}
      aria-invalid={wrong}
      data-tip={wrong ? `${within[0]} – ${within[1]}` : undefined}
      value={typed ?? String(Number(value.toPrecision(6)))}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key === "Escape" && typed !== null) {
          // Only what was typed goes, not the dialog.
          event.preventDefault();
          setTyped(null);
        }
      }}
    />
  );
}
