import { useStore } from "zustand";
import { PANES, type Pane } from "../../shared/desktop-settings.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { Icon, Mark } from "./components/Icon.tsx";
import { Notice } from "./components/Notice.tsx";
import { ToastStrip } from "./components/ToastStrip.tsx";
import { EmptyPane } from "./features/night/EmptyPane.tsx";
import { NightPane } from "./features/night/NightPane.tsx";
import { RulesDialog } from "./features/night/rules/RulesDialog.tsx";
import { useFolderDrop } from "./features/night/use-folder-drop.ts";
import { ThemeSwitch } from "./features/settings/ThemeSwitch.tsx";
import { cancelNight, closeNight, openByDialog, openFilesByDialog, simulateNight, watchNight } from "./stores/actions/night.ts";
import { toggleRed } from "./stores/actions/settings.ts";
import { nightStore } from "./stores/night.ts";
import { showPane, viewStore } from "./stores/view.ts";
import { texts } from "./texts/index.ts";
import { useCommands } from "./use-commands.ts";
import { useKeys } from "./use-keys.ts";

export function App() {
  const head = useStore(nightStore, (state) => state.head);
  const trouble = useStore(viewStore, (state) => state.trouble);
  const said = useStore(viewStore, (state) => state.said);
  const toast = useStore(viewStore, (state) => state.toast);
  const pane = useStore(viewStore, (state) => state.pane);
  const dialog = useStore(viewStore, (state) => state.dialog);
  const dropping = useFolderDrop();
  useKeys();
  const open = head !== null;
  const running = head?.state === "scanning" || head?.state === "grading" || head?.state === "watching";
  useCommands({
    "night.open": () => void openByDialog(),
    "night.openFiles": () => void openFilesByDialog(),
    "night.simulate": () => void simulateNight(),
    "night.stop": running ? () => void cancelNight() : null,
    "night.close": open ? () => void closeNight() : null,
    "night.watch": open ? () => void watchNight(head.state !== "watching") : null,
    "window.night": () => showPane("night"),
    "window.red": () => void toggleRed(),
  });
  return (
    <div className="app">
      <header className="titlebar">
        <Mark size={20} />
        <span className="titlebar-name">{texts.app.name}</span>
        <PaneTabs />
        {head !== null && (
          <div className="titlebar-night">
            <h1>{head.title}</h1>
            <span className="quiet">{head.paths.join(", ")}</span>
          </div>
        )}
        <span className="titlebar-space" />
        {head !== null && (
          <button type="button" className="button" onClick={() => void openByDialog()}>
            <Icon name="folder" size={14} />
            {texts.empty.open}
          </button>
        )}
        <ThemeSwitch />
      </header>
      {trouble !== null && <Notice trouble={trouble} onDismiss={() => viewStore.setState({ trouble: null })} />}
      {pane === "night" && (head === null ? <EmptyPane /> : <NightPane head={head} />)}
      {dialog === "rules" && <RulesDialog />}
      {toast !== null && <ToastStrip text={toast.text} action={toast.action} onGone={() => viewStore.setState({ toast: null })} />}
      <p className="for-ears" role="status" aria-live="polite">
        {said}
      </p>
      {dropping && (
        <div className="dropping" aria-hidden="true">
          <p>{texts.empty.release}</p>
        </div>
      )}
    </div>
  );
}

/** Panes in the title bar; review says how many frames wait for an eye. */
function PaneTabs() {
  const pane = useStore(viewStore, (state) => state.pane);
  const open = useStore(nightStore, (state) => state.head !== null);
  const doubtful = useStore(nightStore, (state) => state.rows.filter(({ frame }) => finalVerdict(frame) === "review").length);
  return (
    <nav className="panes" aria-label={texts.app.panes}>
      {PANES.map((name: Pane) => (
        <button
          key={name}
          type="button"
          className="pane-tab"
          aria-current={name === pane ? "page" : undefined}
          disabled={name === "review" && !open}
          onClick={() => showPane(name)}
        >
          {texts.panes[name]}
          {name === "review" && doubtful > 0 && (
            <span className="pane-count" title={texts.app.toReview(doubtful)}>
              {doubtful}
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}
