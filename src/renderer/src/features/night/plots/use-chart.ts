import { type RefObject, useEffect, useRef } from "react";
import uPlot from "uplot";
import { useStore } from "zustand";
import { settingsStore } from "../../../stores/settings.ts";
import { type Painting, paint } from "./draw.ts";
import { FOOT, HEIGHT, LEFT, RIGHT, TIMES, TOP } from "./geometry.ts";
import { timeTicks } from "./night-axis.ts";
import { axisNumber } from "./plot-words.ts";
import { roundValues } from "./value-scale.ts";

const FONT = '10.5px "Inter Variable", Inter, system-ui, sans-serif';

interface ChartParts extends Painting {
  /** Whether times stand under it. */
  times: boolean;
}

/** Keeps a uPlot of the painting in the element: uPlot lays out scales and axes, the frames and lines are ours. */
export function useChart(element: RefObject<HTMLDivElement | null>, parts: ChartParts): void {
  const latest = useRef(parts);
  latest.current = parts;
  const chart = useRef<uPlot | null>(null);
  const theme = useStore(settingsStore, (settings) => settings.theme);
  const { times } = parts;
  const { width } = parts.geometry;
  const ready = width > 0;

  useEffect(() => {
    if (element.current === null || !ready) return;
    const made = new uPlot(optionsFor(latest, times), dataOf(latest.current), element.current);
    chart.current = made;
    // The first painting may have come before the typeface.
    void document.fonts.ready.then(() => made === chart.current && made.redraw(false, true));
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [element, times, ready]);

  useEffect(() => {
    chart.current?.setSize({ width, height: HEIGHT + (times ? TIMES : 0) });
  }, [width, times]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the data are made of
  useEffect(() => {
    chart.current?.setData(dataOf(latest.current), true);
  }, [parts.frames, parts.values, parts.geometry]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever else is painted, and the theme whose colours it takes
  useEffect(() => {
    chart.current?.redraw(false, true);
  }, [parts.levels, parts.thresholds, parts.draft, parts.beyond, parts.picked, theme]);
}

function dataOf({ frames, values }: ChartParts): uPlot.AlignedData {
  return [frames.axis.at, [...values]];
}

function optionsFor(latest: RefObject<ChartParts>, times: boolean): uPlot.Options {
  const inkOf = (chart: uPlot) => {
    const style = getComputedStyle(chart.root);
    return (name: string) => style.getPropertyValue(name).trim();
  };
  const quiet = (chart: uPlot) => inkOf(chart)("--quiet");
  const faint = { show: true, stroke: (chart: uPlot) => inkOf(chart)("--line"), width: 1 };
  return {
    width: latest.current.geometry.width,
    height: HEIGHT + (times ? TIMES : 0),
    padding: [TOP, RIGHT, times ? 0 : FOOT, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: () => widened(latest.current.geometry.span) },
      y: { range: () => [...latest.current.geometry.scale] },
    },
    axes: [
      {
        show: times,
        size: TIMES + FOOT,
        gap: FOOT + 2,
        font: FONT,
        stroke: quiet,
        grid: { show: false },
        ticks: { show: false },
        splits: () => ticksOf(latest.current).map(({ at }) => at),
        values: () => ticksOf(latest.current).map(({ label }) => label),
      },
      {
        size: LEFT,
        gap: 6,
        font: FONT,
        stroke: quiet,
        grid: faint,
        ticks: { show: false },
        // Without frames there is nothing to read a scale for.
        splits: () => (latest.current.points.length === 0 ? [] : roundValues(latest.current.geometry.scale, 3)),
        values: (_chart, splits) => splits.map(axisNumber),
      },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    hooks: {
      draw: [
        (chart) => {
          const { ctx } = chart;
          ctx.save();
          ctx.scale(uPlot.pxRatio, uPlot.pxRatio);
          paint(ctx, latest.current, inkOf(chart));
          ctx.restore();
        },
      ],
    },
  };
}

function ticksOf({ frames, geometry }: ChartParts) {
  return timeTicks(frames.axis, Math.max(2, Math.floor((geometry.width - LEFT - RIGHT) / 74)));
}

/** One frame alone stands in the middle. */
function widened([from, to]: readonly [number, number]): [number, number] {
  return to > from ? [from, to] : [from - 1, to + 1];
}
