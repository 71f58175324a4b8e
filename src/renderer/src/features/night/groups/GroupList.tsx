import { useStore } from "zustand";
import { clock, whole } from "../../../quantities.ts";
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
  const byObject = [...Map.groupBy(groups, ({ object }) => object)];
  return (
    <fieldset className="groups">
      <legend className="for-ears">{words.label}</legend>
      <label className="group">
        <input type="radio" name="group" checked={chosen === null} onChange={() => choose(null)} />
        <span className="group-name">{words.all}</span>
        <span className="group-count">{whole(all)}</span>
      </label>
      {byObject.map(([object, own]) => (
        <div key={object}>
          {byObject.length > 1 && <p className="group-object">{object ?? texts.nightPane.noObject}</p>}
          {own.map((group) => (
            <label key={group.id} className="group">
              <input type="radio" name="group" aria-label={nameOf(group)} checked={chosen === group.id} onChange={() => choose(group.id)} />
              <span className="group-name">{settingOf(group)}</span>
              <span className="group-count">{whole(group.frames)}</span>
              {group.from !== null && <span className="group-from quiet">{words.from(clock(group.from).slice(0, 5))}</span>}
              <MiniBar group={group} />
            </label>
          ))}
        </div>
      ))}
    </fieldset>
  );
}

/** For ears, which hear no heading on the way from one group to the next. */
function nameOf(group: NightGroup): string {
  const { object, from, frames, clean, review, contaminated } = group;
  return [
    object,
    settingOf(group),
    from === null ? null : words.from(clock(from).slice(0, 5)),
    texts.nightPane.frames(frames),
    words.counts(clean, review, contaminated),
  ]
    .filter((part) => part !== null)
    .join(", ");
}

function settingOf({ filter, exposure }: NightGroup): string {
  return [filter ?? texts.nightPane.noFilter, exposure === null ? null : words.exposure(exposure)]
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
    <span className="mini-bar" aria-hidden="true">
      {parts.map(([kind, count]) => count > 0 && <span key={kind} className={`part part-${kind}`} style={{ flexGrow: count }} />)}
    </span>
  );
}
