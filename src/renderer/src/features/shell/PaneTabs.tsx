import { useStore } from "zustand";
import { type CommandId, keysOf } from "../../../../shared/commands.ts";
import { PANES, type Pane } from "../../../../shared/desktop-settings.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { keyText } from "../../components/KeyCap.tsx";
import { moveFocus } from "../../components/roving.ts";
import { useMac } from "../../stores/info.ts";
import { nightStore } from "../../stores/night.ts";
import { settingsStore } from "../../stores/settings.ts";
import { showPane, viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";

const COMMAND: Record<Pane, CommandId> = { night: "window.night", review: "window.review", settings: "window.settings" };

/** Panes in the title bar, one stop of the Tab key; review says how many frames wait for an eye. */
export function PaneTabs() {
  const pane = useStore(viewStore, (state) => state.pane);
  const open = useStore(nightStore, (state) => state.head !== null);
  const doubtful = useStore(nightStore, (state) => state.rows.filter(({ frame }) => finalVerdict(frame) === "review").length);
  const changes = useStore(settingsStore, (settings) => settings.keys);
  const mac = useMac();
  return (
    <nav className="panes" aria-label={texts.app.panes} onKeyDown={(event) => moveFocus(event, ".pane-tab")}>
      {PANES.map((name) => {
        const key = keysOf(COMMAND[name], changes)[0];
        return (
          <button
            key={name}
            type="button"
            className="pane-tab"
            aria-current={name === pane ? "page" : undefined}
            tabIndex={name === pane ? 0 : -1}
            disabled={name === "review" && !open}
            data-tip={key === undefined ? undefined : texts.app.paneKey(texts.panes[name], keyText(key, mac))}
            onClick={() => showPane(name)}
          >
            {texts.panes[name]}
            {name === "review" && doubtful > 0 && (
              <span className="pane-count">
                {doubtful}
                <span className="for-ears"> {texts.app.toReview}</span>
              </span>
            )}
          </button>
        );
      })}
    </nav>
  );
}
