import { SORT_ACTIONS } from "../../../../shared/desktop-settings.ts";
import { Icon } from "../../components/Icon.tsx";
import { changeSettings } from "../../stores/actions/settings.ts";
import type { SortWish } from "../../stores/actions/sort.ts";
import { texts } from "../../texts/index.ts";

interface WishParts {
  title: string;
  output: string | null;
  action: SortWish["action"];
  keepFolders: boolean;
  onChoose: () => void;
}

const words = texts.work.sort;

/** Where to, and how. The way of sorting is kept for the nights to come. */
export function SortWishForm({ title, output, action, keepFolders, onChoose }: WishParts) {
  return (
    <div className="wish">
      <div className="wish-place">
        <h3>{words.to}</h3>
        {output === null ? <p className="quiet">{words.hint(title)}</p> : <p className="wish-output path">{output}</p>}
        <button
          type="button"
          className={output === null ? "button button-main" : "button"}
          onClick={onChoose}
          data-first={output === null ? true : undefined}
        >
          <Icon name="folder" size={14} />
          {output === null ? words.choose : words.change}
        </button>
      </div>
      <fieldset className="wish-actions">
        <legend>{words.how}</legend>
        {SORT_ACTIONS.map((name) => (
          <label key={name} className="wish-action">
            <input
              type="radio"
              name="sort-action"
              value={name}
              checked={name === action}
              onChange={() => void changeSettings({ sortAction: name })}
            />
            <Icon name={name} />
            <span>
              <strong>{words.actions[name].name}</strong>
              <span className="wish-what">{words.actions[name].what}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label className="wish-check">
        <input type="checkbox" checked={keepFolders} onChange={(event) => void changeSettings({ sortKeepFolders: event.target.checked })} />
        {words.keepFolders}
      </label>
    </div>
  );
}
