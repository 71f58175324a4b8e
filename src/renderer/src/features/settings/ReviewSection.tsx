import { useId } from "react";
import { useStore } from "zustand";
import { DEFAULT_DESKTOP_SETTINGS, type Overlays } from "../../../../shared/desktop-settings.ts";
import { Icon } from "../../components/Icon.tsx";
import { changeSettings } from "../../stores/actions/settings.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { Choice, Switch } from "./Choice.tsx";
import { Section } from "./Section.tsx";

const words = texts.settings.review;

/** W3C's limit for content that everybody may look at: three flashes in any second (WCAG 2.3.1). */
const SAFE_RATE = 3;

export function ReviewSection() {
  const stretch = useStore(settingsStore, (settings) => settings.stretch);
  const overlays = useStore(settingsStore, (settings) => settings.overlays);
  const blinkRate = useStore(settingsStore, (settings) => settings.blinkRate);
  const { stretch: usualStretch, overlays: usualOverlays, blinkRate: usualRate } = DEFAULT_DESKTOP_SETTINGS;
  const layers = Object.keys(usualOverlays) as (keyof Overlays)[];
  const usual = stretch === usualStretch && blinkRate === usualRate && layers.every((layer) => overlays[layer] === usualOverlays[layer]);
  const reset = () => void changeSettings({ stretch: usualStretch, overlays: usualOverlays, blinkRate: usualRate });
  return (
    <Section section="review" onReset={usual ? null : reset}>
      <BlinkRate rate={blinkRate} />
      <Choice
        legend={words.stretch}
        value={stretch}
        options={(["night", "frame"] as const).map((value) => ({ value, ...words.stretches[value] }))}
        onChange={(value) => void changeSettings({ stretch: value })}
      />
      <fieldset className="setting-choice">
        <legend>{words.overlays}</legend>
        {layers.map((layer) => (
          <Switch
            key={layer}
            name={words.overlayNames[layer]}
            what={words.overlayWhat[layer]}
            on={overlays[layer]}
            onChange={(on) => void changeSettings({ overlays: { ...overlays, [layer]: on } })}
          />
        ))}
      </fieldset>
    </Section>
  );
}

function BlinkRate({ rate }: { rate: number }) {
  const id = useId();
  const fast = rate > SAFE_RATE;
  return (
    <fieldset className="setting-choice">
      <legend>{words.blink}</legend>
      <div className="blink-rate">
        <label htmlFor={id}>{words.blinkRate}</label>
        <input
          id={id}
          type="range"
          min={0.5}
          max={8}
          step={0.5}
          value={rate}
          aria-valuetext={words.blinkValue(String(rate))}
          aria-describedby={`${id}-safe`}
          onChange={(event) => void changeSettings({ blinkRate: event.target.valueAsNumber })}
        />
        <output htmlFor={id}>{rate}</output>
        <BlinkSample rate={rate} />
      </div>
      <p id={`${id}-safe`} className={fast ? "blink-note blink-fast" : "blink-note quiet"}>
        <Icon name={fast ? "unreadable" : "info"} size={14} />
        {fast ? words.blinkWarning : words.blinkFine}
      </p>
    </fieldset>
  );
}

/** Shows the rate by its beat: a small mark that changes sides, where nothing large flashes. */
function BlinkSample({ rate }: { rate: number }) {
  return (
    <span className="blink-sample" aria-hidden="true">
      <span className="blink-mark" style={{ animationDuration: `${2 / rate}s` }} />
    </span>
  );
}
