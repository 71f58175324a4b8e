import { useId } from "react";
import { useStore } from "zustand";
import { DEFAULT_DESKTOP_SETTINGS, THEMES } from "../../../../shared/desktop-settings.ts";
import { Icon } from "../../components/Icon.tsx";
import { VerdictBadge } from "../../components/VerdictBadge.tsx";
import { changeSettings } from "../../stores/actions/settings.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { CommandKey } from "../hints/CommandKey.tsx";
import { Section } from "./Section.tsx";

const words = texts.settings.appearance;

export function AppearanceSection() {
  const current = useStore(settingsStore, (settings) => settings.theme);
  const name = useId();
  const { theme: usual } = DEFAULT_DESKTOP_SETTINGS;
  return (
    <Section section="appearance" onReset={current === usual ? null : () => void changeSettings({ theme: usual })}>
      <fieldset className="theme-cards">
        <legend className="for-ears">{words.theme}</legend>
        {THEMES.map((theme) => (
          <label key={theme} className="theme-card">
            <input type="radio" name={name} value={theme} checked={theme === current} onChange={() => void changeSettings({ theme })} />
            <span className="theme-card-name">
              <Icon name={theme} />
              {texts.themes[theme]}
            </span>
            <span className="quiet">{words.themes[theme]}</span>
            {theme === "night" && (
              <span className="theme-card-key">
                <CommandKey id="window.red" /> {words.switched}
              </span>
            )}
          </label>
        ))}
      </fieldset>
      <ThemeSample />
      <p className="settings-note">
        <Icon name="info" size={14} />
        <span>
          {words.brightness} {words.firstLight}
        </span>
      </p>
    </Section>
  );
}

/** A piece of the window as it now looks; the real one stands around it. */
function ThemeSample() {
  return (
    <figure className="theme-sample" aria-label={words.sample}>
      <div className="theme-sample-sky" aria-hidden="true">
        <svg viewBox="0 0 160 96" focusable="false" aria-hidden="true">
          <radialGradient id="sample-nebula">
            <stop offset="0" className="sample-core" />
            <stop offset="0.3" className="sample-arm" />
            <stop offset="1" className="sample-edge" />
          </radialGradient>
          <rect width="160" height="96" className="sample-sky" />
          <ellipse cx="84" cy="49" rx="66" ry="24" fill="url(#sample-nebula)" transform="rotate(-24 84 49)" />
          {SAMPLE_STARS.map(([x, y, radius]) => (
            <circle key={`${x} ${y}`} cx={x} cy={y} r={radius} className="sample-star" />
          ))}
        </svg>
      </div>
      <div className="theme-sample-words">
        <p className="theme-sample-verdicts">
          <VerdictBadge kind="clean" />
          <VerdictBadge kind="review" />
          <VerdictBadge kind="contaminated" />
        </p>
        <p>
          <strong>{words.sampleFrame}</strong>
        </p>
        <p>
          {words.sampleText} <span className="quiet">{words.sampleQuiet}</span>
        </p>
        <p className="theme-sample-buttons" aria-hidden="true">
          <span className="button button-main">{words.sampleMain}</span>
          <span className="button">{words.sampleButton}</span>
          <kbd className="keycap">K</kbd>
          <kbd className="keycap">X</kbd>
          <kbd className="keycap">R</kbd>
        </p>
      </div>
    </figure>
  );
}

const SAMPLE_STARS = [
  [18, 20, 1.1],
  [31, 70, 0.8],
  [44, 34, 1.6],
  [58, 84, 0.7],
  [63, 13, 0.9],
  [84, 49, 2.4],
  [99, 76, 1.2],
  [109, 24, 0.8],
  [122, 58, 1.7],
  [131, 12, 1],
  [143, 82, 0.9],
  [150, 38, 1.3],
] as const;
