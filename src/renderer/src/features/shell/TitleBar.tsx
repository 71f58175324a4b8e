import { useStore } from "zustand";
import { Icon, Mark } from "../../components/Icon.tsx";
import { Shortened } from "../../components/Shortened.tsx";
import { openByDialog } from "../../stores/actions/night.ts";
import { nightStore } from "../../stores/night.ts";
import { texts } from "../../texts/index.ts";
import { useCommandTip } from "../hints/use-command-tip.ts";
import { ThemeSwitch } from "../settings/ThemeSwitch.tsx";
import { WorkButtons } from "../work/WorkButtons.tsx";
import { PaletteHint } from "./PaletteHint.tsx";
import { PaneTabs } from "./PaneTabs.tsx";
import "./shell.css";

/** The window is moved by it; the system's own buttons lie over one of its ends. */
export function TitleBar() {
  const title = useStore(nightStore, (state) => state.head?.title ?? null);
  const paths = useStore(nightStore, (state) => state.head?.paths.join(", ") ?? "");
  const openTip = useCommandTip("night.open");
  return (
    <header className="titlebar">
      <Mark size={20} />
      <span className="titlebar-name">{texts.app.name}</span>
      <PaneTabs />
      {title !== null && (
        <div className="titlebar-night">
          <h1>
            <Shortened text={title} keep={12} />
          </h1>
          <span className="titlebar-path quiet">
            <Shortened text={paths} keep={lastPart(paths)} />
          </span>
        </div>
      )}
      <span className="titlebar-space" />
      <PaletteHint />
      <WorkButtons />
      {title !== null && (
        <button type="button" className="button titlebar-open" data-tip={openTip} onClick={() => void openByDialog()}>
          <Icon name="folder" size={14} />
          <span>{texts.empty.open}</span>
        </button>
      )}
      <ThemeSwitch />
    </header>
  );
}

/** The folder's own name stays whole, unless it is long itself. */
function lastPart(path: string): number {
  const length = path.length - Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return Math.min(length, 28);
}
