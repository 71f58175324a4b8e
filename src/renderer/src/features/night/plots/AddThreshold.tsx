import { type PointerEvent, useEffect, useRef } from "react";
import { Icon } from "../../../components/Icon.tsx";
import { texts } from "../../../texts/index.ts";
import { metricLabel } from "../metric-words.ts";
import { type GroupLevel, newThreshold } from "./thresholds.ts";
import type { ThresholdDraft } from "./use-threshold-draft.ts";
import { tidy, type ValueScale } from "./value-scale.ts";

const words = texts.nightPane.plots;

interface AddParts {
  metric: string;
  scale: ValueScale;
  group: GroupLevel;
  /** The only filter that the line is for; null is all. */
  filter: string | null;
  moving: ThresholdDraft;
  valueUnder: (event: PointerEvent) => number;
}

/** Where a new line is pulled from; by keys it begins where about one frame in seven would be beyond it. */
export function AddThreshold({ metric, scale, group, filter, moving, valueUnder }: AddParts) {
  const pulled = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const drawing = moving.draft?.source.kind === "new";
  // The new line's handle has the focus, and is no more once the line is kept or dropped.
  useEffect(() => {
    if (!drawing) return;
    return () => {
      if (document.activeElement === document.body) button.current?.focus({ preventScroll: true });
    };
  }, [drawing]);
  const middle = group.median ?? (scale[0] + scale[1]) / 2;
  const begin = (value: number) => moving.begin(newThreshold(metric, tidy(value, scale), middle, filter === null ? null : [filter]));
  return (
    <button
      ref={button}
      type="button"
      className="plot-button add-threshold"
      aria-label={words.add(metricLabel(metric))}
      data-tip={words.addWhat}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pulled.current = false;
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const value = valueUnder(event);
        if (pulled.current) moving.move(tidy(value, scale));
        else begin(value);
        pulled.current = true;
      }}
      onPointerUp={() => pulled.current && moving.keep()}
      onPointerCancel={() => moving.cancel()}
      onClick={() => {
        if (!pulled.current) begin(usualStart(metric, scale, group, middle));
        pulled.current = false;
      }}
    >
      <Icon name="plus" size={12} />
    </button>
  );
}

/** One sigma towards the bad side of the night, kept within what is seen. */
function usualStart(metric: string, scale: ValueScale, { sigma }: GroupLevel, middle: number): number {
  const side = newThreshold(metric, middle, middle, null).side;
  const away = sigma ?? (scale[1] - scale[0]) / 6;
  const value = side === "above" ? middle + away : middle - away;
  return Math.min(Math.max(value, scale[0]), scale[1]);
}
