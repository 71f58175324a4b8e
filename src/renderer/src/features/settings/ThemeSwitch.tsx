import { useStore } from "zustand";
import { THEMES } from "../../../../shared/desktop-settings.ts";
import { Icon } from "../../components/Icon.tsx";
import { changeSettings } from "../../stores/actions/settings.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";

export function ThemeSwitch() {
  const current = useStore(settingsStore, (settings) => settings.theme);
  return (
    <fieldset className="segments">
      <legend className="for-ears">{texts.app.theme}</legend>
      {THEMES.map((theme) => (
        <label key={theme} className="segment" data-tip={texts.themes[theme]}>
          <input type="radio" name="theme" value={theme} checked={theme === current} onChange={() => void changeSettings({ theme })} />
          <Icon name={theme} size={15} />
          <span className="for-ears">{texts.themes[theme]}</span>
        </label>
      ))}
    </fieldset>
  );
}
