import { useId, useRef } from "react";
import { useStore } from "zustand";
import { Icon } from "../../components/Icon.tsx";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { useCommands } from "../../use-commands.ts";

const ALL = { words: "", verdict: null, group: null } as const;

/** Finds frames by words; how many are shown, and the way back to all of them. */
export function Finder({ shown, all }: { shown: number; all: number }) {
  const find = useRef<HTMLInputElement>(null);
  useCommands({ "night.find": () => find.current?.focus() });
  const words = useStore(viewStore, (state) => state.words);
  const narrowed = useStore(viewStore, (state) => state.words !== "" || state.verdict !== null || state.group !== null);
  const id = useId();
  return (
    <>
      <Icon name="search" size={14} />
      <label htmlFor={id} className="for-ears">
        {texts.table.find}
      </label>
      <input
        id={id}
        ref={find}
        type="text"
        value={words}
        placeholder={texts.table.find}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => viewStore.setState({ words: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== "Escape" && event.key !== "Enter") return;
          if (event.key === "Escape") viewStore.setState(ALL);
          document.querySelector<HTMLElement>('[role="grid"]')?.focus();
        }}
      />
      <p className="finder-count quiet" role="status">
        {all > 0 && (narrowed ? texts.status.shown(shown, all) : texts.nightPane.frames(all))}
      </p>
      {narrowed && (
        <button type="button" className="button button-small" onClick={() => viewStore.setState(ALL)}>
          {texts.table.showAll}
        </button>
      )}
    </>
  );
}
