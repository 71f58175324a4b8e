import { useId, useMemo, useState } from "react";
import { useStore } from "zustand";
import { METRICS } from "../../../../../shared/metrics.ts";
import { NIGHT_METRICS } from "../../../../../shared/night-metrics.ts";
import { Icon } from "../../../components/Icon.tsx";
import { changeSettings } from "../../../stores/actions/settings.ts";
import { settingsStore } from "../../../stores/settings.ts";
import { texts } from "../../../texts/index.ts";
import { unitText } from "../metric-words.ts";
import type { TimelineFrames } from "./timeline-frames.ts";
import "./metric-menu.css";

const words = texts.nightPane.plots;
/** As many as the settings keep. */
const MOST = 6;
const ALL = Object.entries({ ...METRICS, ...NIGHT_METRICS });

/** Which measurements are plotted, of all that any frame has. */
export function MetricMenu({ frames }: { frames: TimelineFrames }) {
  const plots = useStore(settingsStore, (settings) => settings.plots);
  const menu = useId();
  const [open, setOpen] = useState(false);
  const there = useMemo(() => {
    const names = new Set<string>();
    // Thousands of frames have half a million numbers: they are looked through only while somebody looks at the menu.
    if (!open) return names;
    for (const { frame } of frames.rows) {
      for (const [name, value] of Object.entries(frame.measurements ?? {})) if (value !== null) names.add(name);
    }
    return names;
  }, [frames, open]);
  const toggle = (name: string) =>
    void changeSettings({ plots: plots.includes(name) ? plots.filter((other) => other !== name) : [...plots, name] });
  return (
    <div className="metric-menu">
      <button type="button" className="button button-small" popoverTarget={menu} data-tip={words.chooseWhat}>
        <Icon name="plot" size={14} />
        {words.choose}
      </button>
      <fieldset id={menu} popover="auto" className="menu-sheet" onToggle={(event) => setOpen(event.newState === "open")}>
        <legend className="for-ears">{words.chooseWhat}</legend>
        <p className="quiet small menu-lead">{words.chooseMost(MOST)}</p>
        {(open ? ALL : [])
          .filter(([name]) => there.has(name) || plots.includes(name))
          .map(([name, { label, unit, what }]) => (
            <label key={name} className="menu-choice">
              <input
                type="checkbox"
                checked={plots.includes(name)}
                disabled={!plots.includes(name) && plots.length >= MOST}
                onChange={() => toggle(name)}
              />
              <span className="tick-box" aria-hidden="true" />
              <span>
                {label}
                <span className="unit">{unitText(unit)}</span>
                <span className="menu-what">{what}</span>
              </span>
            </label>
          ))}
      </fieldset>
    </div>
  );
}
