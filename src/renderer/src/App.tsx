import { flushSync } from "react-dom";
import { useStore } from "zustand";
import type { Pane } from "../../shared/desktop-settings.ts";
import { DialogNotice } from "./components/Dialog.tsx";
import { Notice } from "./components/Notice.tsx";
import { TipLayer } from "./components/TipLayer.tsx";
import { ToastStrip } from "./components/ToastStrip.tsx";
import { NightPane } from "./features/night/NightPane.tsx";
import { RulesDialog } from "./features/night/rules/RulesDialog.tsx";
import { KeysSheet } from "./features/palette/KeysSheet.tsx";
import { Palette } from "./features/palette/Palette.tsx";
import { ReviewPane } from "./features/review/ReviewPane.tsx";
import { SettingsPane } from "./features/settings/SettingsPane.tsx";
import { TitleBar } from "./features/shell/TitleBar.tsx";
import { StartPane } from "./features/start/StartPane.tsx";
import { useFolderDrop } from "./features/start/use-folder-drop.ts";
import { WorkBars } from "./features/work/WorkBars.tsx";
import { WorkDialogs } from "./features/work/WorkDialogs.tsx";
import { cancelNight, closeNight, openByDialog, openFilesByDialog, simulateNight, watchNight } from "./stores/actions/night.ts";
import { toggleRed } from "./stores/actions/settings.ts";
import { nightStore } from "./stores/night.ts";
import { showPane, viewStore } from "./stores/view.ts";
import { texts } from "./texts/index.ts";
import { useCommands } from "./use-commands.ts";
import { useKeys } from "./use-keys.ts";

const dropTrouble = () => viewStore.setState({ trouble: null });
const dropToast = () => viewStore.setState({ toast: null });

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
    "night.rules": open ? () => viewStore.setState({ dialog: "rules" }) : null,
    "window.night": () => goTo("night"),
    "window.review": open ? () => goTo("review") : null,
    "window.settings": () => goTo("settings"),
    "window.palette": () => viewStore.setState({ dialog: "palette" }),
    "window.keys": () => viewStore.setState({ dialog: "keys" }),
    "window.red": () => void toggleRed(),
  });
  const notice = trouble !== null && <Notice trouble={trouble} onDismiss={dropTrouble} />;
  return (
    <DialogNotice value={notice}>
      <div className="app">
        <TitleBar />
        {dialog === null && notice}
        <WorkBars />
        {pane === "night" && (head === null ? <StartPane /> : <NightPane head={head} />)}
        {pane === "review" && head !== null && <ReviewPane head={head} />}
        {pane === "settings" && <SettingsPane />}
        <WorkDialogs />
        {dialog === "rules" && <RulesDialog />}
        {dialog === "palette" && <Palette />}
        {dialog === "keys" && <KeysSheet />}
        {toast !== null && <ToastStrip toast={toast} label={texts.app.done} close={texts.app.close} onGone={dropToast} />}
        <p className="for-ears" role="status" aria-live="polite">
          {said}
        </p>
        <TipLayer />
        {dropping && (
          <div className="dropping" aria-hidden="true">
            <p>{texts.empty.release}</p>
          </div>
        )}
      </div>
    </DialogNotice>
  );
}

/** Shows a pane and gives the keyboard to its main thing, so that a hand that came by key goes on by keys. */
function goTo(pane: Pane): void {
  flushSync(() => showPane(pane));
  const main = ["[data-pane-main]", "main [role=grid]", "main :is(button, [tabindex='0'])"];
  main
    .map((what) => document.querySelector<HTMLElement>(what))
    .find((element) => element !== null)
    ?.focus();
}
