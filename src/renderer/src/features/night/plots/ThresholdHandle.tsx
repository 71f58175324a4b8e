// biome-ignore-all lint/a11y/useSemanticElements: a range input cannot stand beside its line at any height of a plot
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef } from "react";
import { integration } from "../../../quantities.ts";
import { texts } from "../../../texts/index.ts";
import { axisNumber, thresholdWords } from "./plot-words.ts";
import { type GroupLevel, levelOf, type Threshold } from "./thresholds.ts";
import type { ThresholdDraft } from "./use-threshold-draft.ts";
import { roundStep, tidy, type ValueScale } from "./value-scale.ts";

const words = texts.nightPane.plots;

interface HandleParts {
  /** As it is drawn now, moved or not. */
  threshold: Threshold;
  group: GroupLevel;
  scale: ValueScale;
  top: number;
  moving: ThresholdDraft;
  /** The value under the pointer. */
  valueUnder: (event: PointerEvent) => number;
}

/** The end of a line at the plot's right edge: pulled by hand, moved by arrows, removed by Delete. */
export function ThresholdHandle({ threshold, group, scale, top, moving, valueUnder }: HandleParts) {
  const handle = useRef<HTMLDivElement>(null);
  const help = useId();
  const level = levelOf(threshold, group);
  const own = moving.draft?.id === threshold.id;
  const { source } = threshold;
  const text = thresholdWords(threshold, level);
  const name =
    source.kind === "limit"
      ? words.limitOf(text)
      : source.kind === "new"
        ? words.newLimit(text)
        : words.ruleOf(source.rule.name ?? text, text);
  useEffect(() => {
    if (source.kind === "new") handle.current?.focus({ preventScroll: true });
  }, [source.kind]);
  if (level === null) return null;
  const move = (value: number) => {
    if (!own) moving.begin(threshold);
    moving.move(value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = keyTarget(event, level, scale);
    if (to !== null) move(tidy(to, scale));
    else if (event.key === "Enter" && own) moving.keep();
    else if (event.key === "Escape" && own) moving.cancel();
    else if (event.key === "Delete" || event.key === "Backspace") moving.remove(threshold);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={handle}
      className={`handle handle-${source.kind}${own ? " handle-moving" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={name}
      aria-describedby={help}
      aria-valuemin={Math.min(scale[0], level)}
      aria-valuemax={Math.max(scale[1], level)}
      aria-valuenow={level}
      aria-valuetext={own && moving.counted !== null ? `${text}: ${amount(moving.counted)}` : text}
      data-tip={own ? undefined : name}
      onKeyDown={onKeyDown}
      onBlur={() => own && moving.keep()}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        if (!own) moving.begin(threshold);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) moving.move(tidy(valueUnder(event), scale));
      }}
      onPointerUp={() => moving.keep()}
      onPointerCancel={() => moving.cancel()}
    >
      {level > scale[1] ? "↑ " : level < scale[0] ? "↓ " : ""}
      {axisNumber(level)}
      <span id={help} hidden>
        {words.handleHelp}
      </span>
    </div>
  );
}

export function amount({ frames, minutes }: { frames: number; minutes: number }): string {
  return words.amount(frames, integration(minutes));
}

/** Where a key takes the line; null for any other key. */
function keyTarget({ key, shiftKey }: KeyboardEvent, level: number, scale: ValueScale): number | null {
  const step = roundStep((scale[1] - scale[0]) / 100) * (shiftKey ? 10 : 1);
  const to: Record<string, number | undefined> = {
    ArrowUp: level + step,
    ArrowRight: level + step,
    ArrowDown: level - step,
    ArrowLeft: level - step,
    PageUp: level + 10 * step,
    PageDown: level - 10 * step,
    Home: scale[0],
    End: scale[1],
  };
  return to[key] ?? null;
}
