import { type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { FrameRow, NightHead } from "../../../../shared/contract.ts";
import type { VerdictKind } from "../../../../shared/domain.ts";
import { clock, measured } from "../../quantities.ts";
import { nightStore } from "../../stores/night.ts";
import { settingsStore } from "../../stores/settings.ts";
import { PLOTTED, viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { timeOf } from "./columns.tsx";
import { metricLabel } from "./metric-words.ts";
import { nearest, type Plot, plotNight, tracePoint } from "./night-plot.ts";
import "./plot.css";

const HEIGHT = 92;
const PAD = { left: 52, right: 14, top: 9 };
const VERDICTS = Object.keys(texts.verdicts) as VerdictKind[];

/** One measurement over the night: where it went wrong is seen at a glance, and a click leads to the frame. */
export function NightPlot({ head, selected }: { head: NightHead; selected: FrameRow | null }) {
  const rows = useStore(nightStore, (state) => state.rows);
  const metric = useStore(viewStore, (state) => state.plotted);
  const theme = useStore(settingsStore, (settings) => settings.theme);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [hovered, setHovered] = useState<FrameRow | null>(null);
  const plot = useMemo(() => plotNight(rows, head.groups, metric, { width, height: HEIGHT, pad: PAD }), [rows, head.groups, metric, width]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setWidth(element.clientWidth));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that draw() reads from the page
  useEffect(() => {
    if (canvas.current !== null && width > 0) draw(canvas.current, plot, width, selected?.id ?? null);
  }, [plot, width, selected, theme]);

  const under = (event: MouseEvent) => nearest(plot.points, event.nativeEvent.offsetX)?.row ?? null;
  const told = hovered ?? selected;
  return (
    <section className="plot" aria-label={texts.plot.label}>
      <div className="plot-head">
        <fieldset className="choices">
          <legend className="for-ears">{texts.plot.metric}</legend>
          {PLOTTED.map((name) => (
            <label key={name} className="choice">
              <input type="radio" name="plotted" checked={name === metric} onChange={() => viewStore.setState({ plotted: name })} />
              <span>{metricLabel(name)}</span>
            </label>
          ))}
        </fieldset>
        <p className="plot-told">
          {told !== null && (
            <>
              <span>{clock(timeOf(told))}</span>
              <span className="plot-name">{told.name}</span>
              <strong>{measured(told.frame.measurements?.[metric])}</strong>
            </>
          )}
        </p>
      </div>
      <div className="plot-box">
        <canvas
          ref={canvas}
          className="plot-canvas"
          role="img"
          aria-label={`${texts.plot.label}: ${metricLabel(metric)}, ${plot.points.length} ${texts.progress.frames}, ${texts.plot.order}`}
          onMouseMove={(event) => setHovered(under(event))}
          onMouseLeave={() => setHovered(null)}
          onClick={(event) => {
            const row = under(event);
            if (row !== null) viewStore.setState({ selected: row.id });
          }}
        />
        {plot.scale !== null && (
          <>
            <span className="plot-scale plot-high">{measured(plot.scale[1])}</span>
            <span className="plot-scale plot-low">{measured(plot.scale[0])}</span>
          </>
        )}
      </div>
    </section>
  );
}

function draw(canvas: HTMLCanvasElement, plot: Plot, width: number, selected: string | null): void {
  const dense = window.devicePixelRatio;
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round(HEIGHT * dense);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(dense, dense);
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const inks = new Map(VERDICTS.map((kind) => [kind, colour(`--verdict-${kind}`)]));

  const chosen = plot.points.find((point) => point.row.id === selected);
  if (chosen !== undefined) {
    context.strokeStyle = colour("--focus");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(chosen.x) + 0.5, 2);
    context.lineTo(Math.round(chosen.x) + 0.5, HEIGHT - 2);
    context.stroke();
  }
  context.fillStyle = colour("--plot-median");
  for (const { x, median } of plot.points) if (median !== null) context.fillRect(x - 2, median - 0.5, 4, 1);
  const size = plot.points.length > 400 ? 2.4 : plot.points.length > 120 ? 3 : 3.6;
  context.lineWidth = plot.points.length > 400 ? 1 : 1.4;
  for (const { row, x, y } of plot.points) {
    const ink = inks.get(row.frame.verdict) ?? "";
    context.fillStyle = ink;
    context.strokeStyle = ink;
    const how = tracePoint(context, row.frame.verdict, x, y ?? HEIGHT - 5, size);
    if (how === "fill") context.fill();
    else context.stroke();
  }
}
