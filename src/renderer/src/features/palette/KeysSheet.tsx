import type { KeyboardEvent } from "react";
import { useStore } from "zustand";
import { COMMAND_GROUPS, COMMAND_IDS, COMMANDS, type CommandGroup, isSameKey, keysOf } from "../../../../shared/commands.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { KeyCap } from "../../components/KeyCap.tsx";
import { bindingsOf } from "../../key-press.ts";
import { useMac } from "../../stores/info.ts";
import { settingsStore } from "../../stores/settings.ts";
import { settingsSectionStore } from "../../stores/settings-section.ts";
import { showPane, viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { CommandKey } from "../hints/CommandKey.tsx";
import "./palette.css";

const words = texts.settings.sheet;

/** Every key as the user has it, on one page. */
export function KeysSheet() {
  const changes = useStore(settingsStore, (settings) => settings.keys);
  const mac = useMac();
  const close = () => viewStore.setState({ dialog: null });
  // The key that opened the page closes it as well.
  const press = (event: KeyboardEvent) => {
    const own = keysOf("window.keys", changes);
    if (!bindingsOf(event.nativeEvent, mac).some((binding) => own.some((key) => isSameKey(key, binding)))) return;
    event.preventDefault();
    close();
  };
  return (
    <Dialog title={words.title} close={texts.app.close} className="sheet" onClose={close} onKeyDown={press}>
      <div className="sheet-columns" tabIndex={-1} data-first>
        {COMMAND_GROUPS.map((group) => (
          <SheetGroup key={group} group={group} />
        ))}
      </div>
      <footer className="sheet-foot quiet small">
        <span>
          <KeyCap binding="Escape" mac={mac} /> <CommandKey id="window.keys" /> {words.leave}
        </span>
        <button
          type="button"
          className="button button-small"
          onClick={() => {
            settingsSectionStore.setState({ section: "keys" });
            showPane("settings");
          }}
        >
          <Icon name="keys" size={14} />
          {words.change}
        </button>
      </footer>
    </Dialog>
  );
}

function SheetGroup({ group }: { group: CommandGroup }) {
  const changes = useStore(settingsStore, (settings) => settings.keys);
  const ids = COMMAND_IDS.filter((id) => COMMANDS[id].group === group && keysOf(id, changes).length > 0);
  return (
    <section className={`sheet-group sheet-${group}`} aria-label={texts.settings.keys.groups[group]}>
      <h3>{texts.settings.keys.groups[group]}</h3>
      <dl>
        {ids.map((id) => (
          <div key={id} className="sheet-row">
            <dt>{COMMANDS[id].title}</dt>
            <dd>
              <CommandKey id={id} all />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
