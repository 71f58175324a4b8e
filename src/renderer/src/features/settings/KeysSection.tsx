import { useState } from "react";
import { useStore } from "zustand";
import { COMMAND_GROUPS, COMMAND_IDS, COMMANDS, type CommandId, keysOf } from "../../../../shared/commands.ts";
import { Icon } from "../../components/Icon.tsx";
import { changeSettings } from "../../stores/actions/settings.ts";
import { settingsStore } from "../../stores/settings.ts";
import { toast } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { KeyRow } from "./KeyRow.tsx";
import { Section } from "./Section.tsx";

const words = texts.settings.keys;

export function KeysSection() {
  const changes = useStore(settingsStore, (settings) => settings.keys);
  const [find, setFind] = useState("");
  const reset = () => {
    void changeSettings({ keys: {} });
    toast(words.reset, { label: words.undo, run: () => void changeSettings({ keys: changes }) });
  };
  const matches = (id: CommandId) => {
    const text = `${COMMANDS[id].title} ${keysOf(id, changes).join(" ")}`.toLowerCase();
    return find
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word));
  };
  const shown = COMMAND_IDS.filter(matches);
  return (
    <Section section="keys" lead={words.lead} onReset={Object.keys(changes).length === 0 ? null : reset}>
      <div className="key-find">
        <Icon name="search" size={14} />
        <input
          type="text"
          className="field"
          aria-label={words.find}
          placeholder={words.find}
          value={find}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setFind(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && setFind("")}
        />
      </div>
      {shown.length === 0 && <p className="quiet">{words.none}</p>}
      {COMMAND_GROUPS.map((group) => {
        const ids = shown.filter((id) => COMMANDS[id].group === group);
        if (ids.length === 0) return null;
        return (
          <section key={group} className="key-group" aria-label={words.groups[group]}>
            <h2>{words.groups[group]}</h2>
            <ul>
              {ids.map((id) => (
                <KeyRow key={id} id={id} changes={changes} />
              ))}
            </ul>
          </section>
        );
      })}
    </Section>
  );
}
