import { memo, type PointerEvent, useMemo, useRef } from "react";
import { useStore } from "zustand";
import type { NightHead } from "../../../../../shared/contract.ts";
import { Icon } from "../../../components/Icon.tsx";
import { measured } from "../../../quantities.ts";
import { rulesStore } from "../../../stores/rules.ts";
import { viewStore } from "../../../stores/view.ts";
import { texts } from "../../../texts/index.ts";
import { metricLabel } from "../metric-words.ts";
import { AddThreshold } from "./AddThreshold.tsx";
import { FOOT, HEIGHT, LEFT, nearestPoint, type PlotGeometry, RIGHT, spread, TOP, valueAt, xOf, yOf } from "./geometry.ts";
import { MetricTitle } from "./MetricTitle.tsx";
import { thresholdWords } from "./plot-words.ts";
import { amount, ThresholdHandle } from "./ThresholdHandle.tsx";
import { isBeyond, levelOf, type Threshold, thresholdsOn } from "./thresholds.ts";
import { groupLevels, leadingGroup, type TimelineFrames } from "./timeline-frames.ts";
import { useChart } from "./use-chart.ts";
import { useLasso } from "./use-lasso.ts";
import { useThresholdDraft } from "./use-threshold-draft.ts";
import { type ValueScale, valueScale } from "./value-scale.ts";

const words = texts.nightPane.plots;
/** Handles closer than this lie on one another, px. */
const APART = 17;
const NO_PLACES: ReadonlySet<number> = new Set();
const NO_SCALE: ValueScale = [0, 1];

interface TimelineParts {
  metric: string;
  frames: TimelineFrames;
  groups: NightHead["groups"];
  width: number;
  /** Times of day stand under it. */
  times: boolean;
  /** Places of the frame under the pointer, on whichever plot, and of the selected one. */
  hovered: number | null;
  selected: number | null;
  onHover: (place: number | null) => void;
  onRemove: (metric: string) => void;
}

/** One measurement over the night: where it went wrong is seen at a glance, lines say how much is too much. */
export const Timeline = memo(function Timeline(parts: TimelineParts) {
  const { metric, frames, groups, width, times, hovered, selected, onHover, onRemove } = parts;
  const rules = useStore(rulesStore, (state) => state.rules);
  const picked = useStore(viewStore, (state) => state.picked);
  const chart = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const values = useMemo(() => frames.rows.map((row) => row.frame.measurements?.[metric] ?? null), [frames, metric]);
  const levels = useMemo(() => groupLevels(frames, groups, metric), [frames, groups, metric]);
  const group = useMemo(() => leadingGroup(frames, levels), [frames, levels]);
  const kept = useMemo(() => (rules === null ? [] : thresholdsOn(metric, rules)), [metric, rules]);
  const moving = useThresholdDraft(group);
  const { draft } = moving;
  const measuredScale = useMemo(() => {
    const lines = kept.map((threshold) => levelOf(threshold, group)).filter((level) => level !== null);
    const known = values.filter((value) => value !== null);
    return valueScale(known, lines);
  }, [values, kept, group]);
  // A scale that moves with the line would run away from the hand.
  const held = useRef(measuredScale);
  if (draft === null) held.current = measuredScale;
  const scale = held.current ?? NO_SCALE;
  const geometry = useMemo<PlotGeometry>(() => ({ width, span: frames.axis.span, scale }), [width, frames, scale]);
  const points = useMemo(
    () => values.map((value, index) => ({ x: xOf(geometry, frames.axis.at[index] ?? 0), y: yOf(geometry, value) })),
    [values, geometry, frames],
  );
  const beyond = useMemo(() => {
    if (draft === null) return NO_PLACES;
    const found = new Set<number>();
    for (const [index, { frame }] of frames.rows.entries()) {
      const level = levels.get(frame.group);
      if (level !== undefined && isBeyond(draft, levelOf(draft, level), values[index] ?? null)) found.add(index);
    }
    return found;
  }, [draft, frames, levels, values]);
  const others = useMemo(() => kept.filter(({ id }) => id !== draft?.id), [kept, draft?.id]);
  useChart(chart, { frames, geometry, points, levels, thresholds: others, draft, beyond, picked, values, times });

  const lasso = useLasso(frames, points, (spot) => {
    const row = frames.rows[nearestPoint(points, spot) ?? -1];
    if (row !== undefined) viewStore.setState({ selected: row.id, picked: new Set() });
  });
  const valueUnder = (event: PointerEvent) => valueAt(geometry, event.clientY - (area.current?.getBoundingClientRect().top ?? 0));
  const told = hovered ?? selected;
  const toldLevel = told === null ? undefined : levels.get(frames.rows[told]?.frame.group ?? null);
  return (
    <div className="timeline">
      <div className="timeline-head">
        <MetricTitle metric={metric} />
        <span className="timeline-value">{told === null ? "" : measured(values[told])}</span>
        <span className="quiet">{toldLevel?.median == null ? "" : words.night(measured(toldLevel.median))}</span>
        <span className="timeline-space" />
        <button type="button" className="plot-button" aria-label={words.remove(metricLabel(metric))} onClick={() => onRemove(metric)}>
          <Icon name="cross" size={12} />
        </button>
        {measuredScale !== null && rules !== null && (
          <AddThreshold metric={metric} scale={scale} group={group} filter={oneFilter(frames)} moving={moving} valueUnder={valueUnder} />
        )}
      </div>
      <div className="timeline-box" ref={area}>
        <div ref={chart} className="timeline-chart" role="img" aria-label={words.chart(metricLabel(metric), frames.rows.length)} />
        {/* The pointer's side only: whoever uses keys picks frames in the table. */}
        <div
          className="timeline-area"
          style={{ height: HEIGHT, right: RIGHT - 8 }}
          onPointerDown={lasso.onPointerDown}
          onPointerMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            onHover(nearestPoint(points, { x: event.clientX - box.left, y: event.clientY - box.top }));
            lasso.onPointerMove(event);
          }}
          onPointerUp={lasso.onPointerUp}
          onPointerCancel={lasso.onPointerCancel}
          onPointerLeave={() => onHover(null)}
        />
        <Marker className="marker-selected" point={points[selected ?? -1]} />
        {hovered !== selected && <Marker className="marker-hovered" point={points[hovered ?? -1]} />}
        {lasso.shape !== null && (
          <svg className="lasso" width={width} height={HEIGHT} aria-hidden="true">
            <polygon points={lasso.shape.map(({ x, y }) => `${x},${y}`).join(" ")} />
          </svg>
        )}
        <Handles
          thresholds={draft === null ? others : [...others, draft]}
          group={group}
          geometry={geometry}
          moving={moving}
          valueUnder={valueUnder}
        />
        {draft !== null && (
          <p className="draft-told" style={toldStyle(yOf(geometry, levelOf(draft, group)))}>
            {thresholdWords(draft, levelOf(draft, group))}:{" "}
            <strong>{moving.counted === null ? words.counting : amount(moving.counted)}</strong>
          </p>
        )}
      </div>
    </div>
  );
});

function Marker({ className, point }: { className: string; point: { x: number; y: number } | undefined }) {
  if (point === undefined) return null;
  return (
    <>
      <div className={`marker ${className}`} style={{ height: HEIGHT, transform: `translateX(${Math.round(point.x)}px)` }} />
      <div className={`marker-ring ${className}`} style={{ transform: `translate(${point.x}px, ${point.y}px)` }} />
    </>
  );
}

interface HandlesParts {
  thresholds: readonly Threshold[];
  group: Parameters<typeof levelOf>[1];
  geometry: PlotGeometry;
  moving: ReturnType<typeof useThresholdDraft>;
  valueUnder: (event: PointerEvent) => number;
}

function Handles({ thresholds, group, geometry, moving, valueUnder }: HandlesParts) {
  const shown = thresholds.filter((threshold) => levelOf(threshold, group) !== null);
  const tops = spread(
    shown.map((threshold) => yOf(geometry, levelOf(threshold, group)) - APART / 2),
    APART,
    HEIGHT - APART,
  );
  return shown
    .map((threshold, index) => ({ threshold, top: tops[index] ?? 0 }))
    .sort((a, b) => (a.threshold.id < b.threshold.id ? -1 : 1))
    .map(({ threshold, top }) => (
      <ThresholdHandle key={threshold.id} {...{ threshold, group, moving, valueUnder, top }} scale={geometry.scale} />
    ));
}

/** Above the line where there is room, else below it. */
function toldStyle(y: number) {
  return { left: LEFT + 6, top: y > TOP + FOOT + 18 ? y - 21 : y + 5 };
}

/** A group that is shown alone gives its filter to limits that are drawn into it. */
function oneFilter(frames: TimelineFrames): string | null {
  const group = viewStore.getState().group;
  const filter = group === null ? null : frames.rows[0]?.frame.metadata?.["filter"];
  return typeof filter === "string" ? filter : null;
}
