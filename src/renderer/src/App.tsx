import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import { Icon, Mark } from "./components/Icon.tsx";
import { Notice } from "./components/Notice.tsx";
import { EmptyPane } from "./features/night/EmptyPane.tsx";
import { NightPane } from "./features/night/NightPane.tsx";
import { useFolderDrop } from "./features/night/use-folder-drop.ts";
import { ThemeSwitch } from "./features/settings/ThemeSwitch.tsx";
import { openByDialog } from "./stores/actions.ts";
import { nightStore } from "./stores/night.ts";
import { viewStore } from "./stores/view.ts";
import { texts } from "./texts.ts";

export function App() {
  const head = useStore(nightStore, (state) => state.head);
  const trouble = useStore(viewStore, (state) => state.trouble);
  const find = useRef<HTMLInputElement>(null);
  const dropping = useFolderDrop();
  useKeys(find);
  return (
    <div className="app">
      <header className="titlebar">
        <Mark size={20} />
        <span className="titlebar-name">{texts.app.name}</span>
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
      {head === null ? <EmptyPane /> : <NightPane head={head} find={find} />}
      {dropping && (
        <div className="dropping" aria-hidden="true">
          <p>{texts.empty.release}</p>
        </div>
      )}
    </div>
  );
}

/** Keys that work everywhere; single letters rest while something is being typed. */
function useKeys(find: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
      if (event.key === "Escape") {
        viewStore.setState({ trouble: null, words: "", verdict: null });
        if (typing) document.querySelector<HTMLElement>('[role="grid"]')?.focus();
      } else if (!typing && event.key === "/") {
        event.preventDefault();
        find.current?.focus();
      } else if (!typing && event.key.toLowerCase() === "m") {
        viewStore.setState((view) => ({ marks: !view.marks }));
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [find]);
}
