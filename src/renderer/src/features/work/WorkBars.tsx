import { useStore } from "zustand";
import type { UnfinishedSort } from "../../../../shared/contract.ts";
import { reopenSort } from "../../stores/actions/sort.ts";
import { infoStore } from "../../stores/info.ts";
import { nightStore } from "../../stores/night.ts";
import { viewStore } from "../../stores/view.ts";
import { type RunningWork, workStore } from "../../stores/work.ts";
import { texts } from "../../texts/index.ts";
import { SortedBar } from "./SortedBar.tsx";
import { UnfinishedSortLine } from "./UnfinishedSortLine.tsx";
import { WorkProgress } from "./WorkProgress.tsx";
import "./bars.css";

const NONE: readonly UnfinishedSort[] = [];

/** One line above every pane for what is done with the night's files: what runs, else what is unfinished, else how it is sorted. */
export function WorkBars() {
  const head = useStore(nightStore, (state) => state.head);
  const pane = useStore(viewStore, (state) => state.pane);
  const dialog = useStore(viewStore, (state) => state.dialog);
  const running = useStore(workStore, (state) => state.running);
  const unfinished = useStore(infoStore, (state) => state.info?.unfinishedSorts ?? NONE);
  if (running !== null) return dialog === "sort" || dialog === "export" ? null : <RunningBar running={running} />;
  if (head === null) return null;
  const [first] = unfinished;
  if (first !== undefined) return <UnfinishedBar sort={first} more={unfinished.length - 1} />;
  return head.sorted !== null && pane === "night" ? <SortedBar sorted={head.sorted} /> : null;
}

function RunningBar({ running }: { running: RunningWork }) {
  const show = () => (running.what === "export" ? viewStore.setState({ dialog: "export" }) : reopenSort());
  return (
    <section className="work-bar" aria-label={texts.work.running.label}>
      <WorkProgress running={running} />
      <button type="button" className="button" onClick={show}>
        {texts.work.running.details}
      </button>
    </section>
  );
}

function UnfinishedBar({ sort, more }: { sort: UnfinishedSort; more: number }) {
  return (
    <section className="work-bar" aria-label={texts.work.unfinished.label}>
      <UnfinishedSortLine sort={sort} />
      {more > 0 && <span className="quiet small">{texts.work.unfinished.more(more)}</span>}
    </section>
  );
}
