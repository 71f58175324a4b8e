import { useStore } from "zustand";
import { clock } from "../../../quantities.ts";
import { nightStore } from "../../../stores/night.ts";
import { viewStore } from "../../../stores/view.ts";
import { texts } from "../../../texts/index.ts";
import type { NightGroup } from "./night-groups.ts";
import "./groups.css";

const words = texts.nightPane.groups;

/** What the night is made of; a choice shows one group alone. Radio buttons: one stop of the Tab key, arrows within. */
export function GroupList({ groups }: { groups: readonly NightGroup[] }) {
  const chosen = useStore(viewStore, (state) => state.group);
  const all = useStore(nightStore, (state) => state.rows.length);
  const choose = (group: string | null) => viewStore.setState({ group, picked: new Set() });
  const oneObject = new Set(groups.map(({ object }) => object)).size === 1;
  return (
    <fieldset className="groups">
      <legend className="for-ears">{words.label}</legend>
      <label className="group">
        <input type="radio" name="group" checked={chosen === null} onChange={() => choose(null)} />
        <span className="group-name">{words.all}</span>
        <span className="group-count">{all}</span>
      </label>
      {groups.map((group) => (
        <label key={group.id} className="group" title={group.id}>
          <input type="radio" name="group" checked={chosen === group.id} onChange={() => choose(group.id)} />
          {!oneObject && <span className="group-object">{group.object ?? texts.nightPane.noObject}</span>}
          <span className="group-name">{settingOf(group)}</span>
          <span className="group-count">{group.frames}</span>
          <MiniBar group={group} />
        </label>
      ))}
    </fieldset>
  );
}

function settingOf({ filter, exposure, from }: NightGroup): string {
  return [
    filter ?? texts.nightPane.noFilter,
    exposure === null ? null : words.exposure(exposure),
    from === null ? null : words.from(clock(from).slice(0, 5)),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

function MiniBar({ group }: { group: NightGroup }) {
  const { clean, review, contaminated } = group;
  const parts = [
    ["kept", clean],
    ["doubt", review],
    ["lost", contaminated],
  ] as const;
  return (
    <span className="mini-bar">
      {parts.map(([kind, count]) => count > 0 && <span key={kind} className={`part part-${kind}`} style={{ flexGrow: count }} />)}
      <span className="for-ears">{words.counts(clean, review, contaminated)}</span>
    </span>
  );
}
