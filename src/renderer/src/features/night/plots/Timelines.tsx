import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { FrameRow, NightHead } from "../../../../../shared/contract.ts";
import { timeOf } from "../../../frame-facts.ts";
import { clock } from "../../../quantities.ts";
import { refreshRules } from "../../../stores/actions/rules.ts";
import { changeSettings } from "../../../stores/actions/settings.ts";
import { nightStore } from "../../../stores/night.ts";
import { settingsStore } from "../../../stores/settings.ts";
import { viewStore } from "../../../stores/view.ts";
import { texts } from "../../../texts/index.ts";
import { Hint } from "../../hints/Hint.tsx";
import { FrameVerdict } from "../FrameVerdict.tsx";
import { MetricMenu } from "./MetricMenu.tsx";
import { Timeline } from "./Timeline.tsx";
import { timelineFrames } from "./timeline-frames.ts";
import "./plot.css";

const words = texts.nightPane.plots;

/** Measurements over the night, one above the other on one axis of time: what is pointed at on one is marked on all. */
export function Timelines({ head, selected }: { head: NightHead; selected: FrameRow | null }) {
  const rows = useStore(nightStore, (state) => state.rows);
  const group = useStore(viewStore, (state) => state.group);
  const plots = useStore(settingsStore, (settings) => settings.plots);
  const frames = useMemo(() => timelineFrames(rows, group), [rows, group]);
  const [hovered, setHovered] = useState<number | null>(null);
  const stack = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => void refreshRules(), []);
  useEffect(() => {
    const element = stack.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setWidth(element.clientWidth));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  const remove = useCallback((metric: string) => {
    void changeSettings({ plots: settingsStore.getState().plots.filter((name) => name !== metric) });
  }, []);

  const told = (hovered === null ? null : frames.rows[hovered]) ?? selected;
  const none = (head.state === "done" || head.state === "cancelled") && frames.rows.length === 0 && group === null;
  return (
    <section className="plot" aria-label={words.label}>
      <div className="plot-head">
        <p className="plot-told">
          {told !== null && (
            <>
              <span>{clock(timeOf(told))}</span>
              <span className="plot-name">{told.name}</span>
              <FrameVerdict frame={told.frame} />
            </>
          )}
        </p>
        {frames.rows.length > 1 && <Hint id="timelines">{words.hint}</Hint>}
        {!none && <MetricMenu frames={frames} />}
      </div>
      <div className="timelines" ref={stack}>
        {none ? (
          <p className="quiet plot-none">{words.none}</p>
        ) : (
          plots.map((metric, index) => (
            <Timeline
              key={metric}
              metric={metric}
              frames={frames}
              groups={head.groups}
              width={width}
              times={index === plots.length - 1}
              hovered={hovered}
              selected={selected === null ? null : (frames.placeOf.get(selected.id) ?? null)}
              onHover={setHovered}
              onRemove={remove}
            />
          ))
        )}
      </div>
    </section>
  );
}
