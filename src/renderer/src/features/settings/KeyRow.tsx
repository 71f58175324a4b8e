import { useRef, useState } from "react";
import { COMMANDS, type CommandId, type KeyChanges, keysOf } from "../../../../shared/commands.ts";
import { Icon } from "../../components/Icon.tsx";
import { KeyCap, keyName } from "../../components/KeyCap.tsx";
import { changeSettings } from "../../stores/actions/settings.ts";
import { useMac } from "../../stores/info.ts";
import { say } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { KeyCapture } from "./KeyCapture.tsx";
import { isChanged, MOST_KEYS, withKey, withoutKey, withUsualKeys } from "./key-changes.ts";

const words = texts.settings.keys;

/** Which key is being chosen anew; null: one more. */
type Capturing = { replaced: string | null } | null;

/** A command and its keys: choose one to press another in its place. */
export function KeyRow({ id, changes }: { id: CommandId; changes: KeyChanges }) {
  const [capturing, setCapturing] = useState<Capturing>(null);
  const row = useRef<HTMLLIElement>(null);
  const mac = useMac();
  const { title } = COMMANDS[id];
  const keys = keysOf(id, changes);
  const keep = (next: KeyChanges) => {
    void changeSettings({ keys: next });
    say(words.changed(title, keysOf(id, next).map(keyName).join(", ") || words.nothing));
  };
  const leave = () => {
    setCapturing(null);
    // The button that the capture took the place of is there again once React has been round.
    requestAnimationFrame(() => row.current?.querySelector<HTMLElement>(".key-change, .key-add")?.focus());
  };
  const capture = (replaced: string | null) => (
    <KeyCapture
      id={id}
      changes={changes}
      replaced={replaced}
      onKey={(key) => {
        keep(withKey(changes, id, key, replaced));
        leave();
      }}
      onLeave={leave}
      onGone={() => setCapturing(null)}
    />
  );
  return (
    <li ref={row} className="key-row">
      <span className="setting-name">{title}</span>
      <span className="key-row-keys">
        {keys.length === 0 && capturing === null && <span className="quiet key-none">{words.nothing}</span>}
        {keys.map((key) =>
          capturing?.replaced === key ? (
            <span key={key}>{capture(key)}</span>
          ) : (
            <span key={key} className="key-held">
              <button
                type="button"
                className="key-change"
                aria-label={words.change(keyName(key), title)}
                onClick={() => setCapturing({ replaced: key })}
              >
                <KeyCap binding={key} mac={mac} />
              </button>
              <button
                type="button"
                className="key-remove"
                aria-label={words.remove(keyName(key), title)}
                onClick={() => {
                  keep(withoutKey(changes, id, key));
                  leave();
                }}
              >
                <Icon name="cross" size={11} />
              </button>
            </span>
          ),
        )}
        {capturing !== null && capturing.replaced === null && capture(null)}
        {capturing === null && keys.length < MOST_KEYS && (
          <button
            type="button"
            className="button button-bare button-small key-add"
            aria-label={words.add(title)}
            onClick={() => setCapturing({ replaced: null })}
          >
            <Icon name="plus" size={12} />
            {words.addShort}
          </button>
        )}
      </span>
      <span className="key-row-back">
        {isChanged(changes, id) && (
          <button
            type="button"
            className="button button-bare button-small"
            aria-label={words.back(title)}
            onClick={() => {
              keep(withUsualKeys(changes, id));
              leave();
            }}
          >
            <Icon name="back" size={12} />
            {words.backShort}
          </button>
        )}
      </span>
    </li>
  );
}
