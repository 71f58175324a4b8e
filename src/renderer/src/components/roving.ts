import type { KeyboardEvent } from "react";

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * Moves the focus among the controls of a row or column that is one stop of the Tab key: arrows go round, Home and End to its
 * ends. Of the controls only one has tabIndex 0. For the onKeyDown of what holds them.
 */
export function moveFocus(event: KeyboardEvent<HTMLElement>, controls: string): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(controls)].filter((control) => !control.matches(":disabled"));
  const at = all.indexOf(document.activeElement as HTMLElement);
  const step = STEPS[event.key];
  const to =
    event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : step === undefined ? -1 : (at + step + all.length) % all.length;
  if (at < 0 || to < 0) return;
  event.preventDefault();
  all[to]?.focus();
}
