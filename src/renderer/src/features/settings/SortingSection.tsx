import { useStore } from "zustand";
import { DEFAULT_DESKTOP_SETTINGS, SORT_ACTIONS } from "../../../../shared/desktop-settings.ts";
import { changeSettings } from "../../stores/actions/settings.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { Choice, Switch } from "./Choice.tsx";
import { Section } from "./Section.tsx";

const words = texts.settings.sorting;

export function SortingSection() {
  const sortAction = useStore(settingsStore, (settings) => settings.sortAction);
  const sortKeepFolders = useStore(settingsStore, (settings) => settings.sortKeepFolders);
  const usual = { sortAction: DEFAULT_DESKTOP_SETTINGS.sortAction, sortKeepFolders: DEFAULT_DESKTOP_SETTINGS.sortKeepFolders };
  const isUsual = sortAction === usual.sortAction && sortKeepFolders === usual.sortKeepFolders;
  return (
    <Section section="sorting" lead={words.lead} onReset={isUsual ? null : () => void changeSettings(usual)}>
      <Choice
        legend={words.action}
        value={sortAction}
        options={SORT_ACTIONS.map((value) => ({ value, ...texts.work.sort.actions[value] }))}
        onChange={(value) => void changeSettings({ sortAction: value })}
      />
      <Switch
        name={texts.work.sort.keepFolders}
        what={words.foldersWhat}
        on={sortKeepFolders}
        onChange={(on) => void changeSettings({ sortKeepFolders: on })}
      />
    </Section>
  );
}
