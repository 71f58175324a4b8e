import { useId, useRef } from "react";
import { useStore } from "zustand";
import type { NightHead } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { useCommands } from "../../use-commands.ts";
import { FrameTable } from "./FrameTable.tsx";
import { Inspector } from "./Inspector.tsx";
import { NightPlot } from "./NightPlot.tsx";
import { SummaryBar } from "./SummaryBar.tsx";
import { useVisibleFrames } from "./use-visible-frames.ts";
import "./night.css";

export function NightPane({ head }: { head: NightHead }) {
  const { shown, selected } = useVisibleFrames();
  const all = useStore(nightStore, (state) => state.rows.length);
  if (head.state === "failed") return <FailedNight head={head} />;
  return (
    <main className="night">
      <SummaryBar head={head} />
      <div className="night-main">
        <div className="night-list">
          <NightPlot head={head} selected={selected} />
          <Finder shown={shown.length} all={all} />
          {shown.length > 0 || all === 0 ? <FrameTable shown={shown} selected={selected} /> : <NoneShown />}
          {all === 0 && <p className="waiting quiet">{texts.table.waiting}</p>}
        </div>
        <Inspector head={head} row={selected} />
      </div>
    </main>
  );
}

function Finder({ shown, all }: { shown: number; all: number }) {
  const find = useRef<HTMLInputElement>(null);
  useCommands({ "night.find": () => find.current?.focus() });
  const words = useStore(viewStore, (state) => state.words);
  const verdict = useStore(viewStore, (state) => state.verdict);
  const id = useId();
  return (
    <div className="finder">
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
          if (event.key !== "Escape") return;
          viewStore.setState({ words: "", verdict: null });
          document.querySelector<HTMLElement>('[role="grid"]')?.focus();
        }}
      />
      <p className="finder-count quiet" role="status">
        {all > 0 && texts.status.shown(shown, all)}
      </p>
      {(words !== "" || verdict !== null) && (
        <button type="button" className="button button-small" onClick={() => viewStore.setState({ words: "", verdict: null })}>
          {texts.table.showAll}
        </button>
      )}
    </div>
  );
}

function NoneShown() {
  return (
    <div className="none-shown">
      <p>
        <strong>{texts.table.none}</strong>
      </p>
      <p className="quiet">{texts.table.noneLead}</p>
    </div>
  );
}

function FailedNight({ head }: { head: NightHead }) {
  return (
    <main className="empty">
      <div className="empty-target failed">
        <Icon name="unreadable" size={40} />
        <h2>{texts.progress.failed}</h2>
        {head.error !== null && (
          <>
            <p>{head.error.message}</p>
            <p className="quiet">{head.error.action}</p>
          </>
        )}
      </div>
    </main>
  );
}
