import { type ReactNode, useEffect } from "react";
import { useStore } from "zustand";
import { moveFocus } from "../../components/roving.ts";
import { refreshInfo } from "../../stores/connect.ts";
import { SETTINGS_SECTIONS, type SettingsSection, settingsSectionStore } from "../../stores/settings-section.ts";
import { texts } from "../../texts/index.ts";
import { AboutSection } from "./AboutSection.tsx";
import { AppearanceSection } from "./AppearanceSection.tsx";
import { HelpSection } from "./HelpSection.tsx";
import { JudgingSection } from "./JudgingSection.tsx";
import { KeysSection } from "./KeysSection.tsx";
import { PrivacySection } from "./PrivacySection.tsx";
import { ReviewSection } from "./ReviewSection.tsx";
import { SortingSection } from "./SortingSection.tsx";
import "./settings.css";

const SHOWN: Record<SettingsSection, () => ReactNode> = {
  appearance: AppearanceSection,
  keys: KeysSection,
  judging: JudgingSection,
  review: ReviewSection,
  sorting: SortingSection,
  help: HelpSection,
  privacy: PrivacySection,
  about: AboutSection,
};

export function SettingsPane() {
  const section = useStore(settingsSectionStore, (state) => state.section);
  const Shown = SHOWN[section];
  useEffect(() => void refreshInfo(), []);
  return (
    <main className="settings">
      <div className="settings-index">
        <div
          role="tablist"
          aria-orientation="vertical"
          aria-label={texts.settings.index}
          onKeyDown={(event) => moveFocus(event, "[role=tab]")}
        >
          {SETTINGS_SECTIONS.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`section-${name}`}
              className="settings-tab"
              aria-selected={name === section}
              aria-controls="settings-section"
              tabIndex={name === section ? 0 : -1}
              data-pane-main={name === section ? "" : undefined}
              onClick={() => settingsSectionStore.setState({ section: name })}
              onFocus={() => settingsSectionStore.setState({ section: name })}
            >
              {texts.settings.sections[name]}
            </button>
          ))}
        </div>
        <p className="quiet small">{texts.settings.atOnce}</p>
      </div>
      <div
        key={section}
        id="settings-section"
        className="settings-section"
        role="tabpanel"
        aria-labelledby={`section-${section}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
      >
        <div className="settings-page">
          <Shown />
        </div>
      </div>
    </main>
  );
}
