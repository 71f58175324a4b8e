import { useMemo } from "react";
import { useStore } from "zustand";
import type { NightHead } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { Shortened } from "../../components/Shortened.tsx";
import { revealPlace } from "../../stores/actions/reveal.ts";
import { askToUndo, openSort } from "../../stores/actions/sort.ts";
import { nightStore } from "../../stores/night.ts";
import { sortedTally } from "../../stores/sorting.ts";
import { texts } from "../../texts/index.ts";
import "./bars.css";

const words = texts.work.sorted;

/** How the open night is sorted: quiet, because it asks for nothing, but for frames that were decided otherwise since. */
export function SortedBar({ sorted }: { sorted: NonNullable<NightHead["sorted"]> }) {
  const rows = useStore(nightStore, (state) => state.rows);
  const tally = useMemo(() => sortedTally(rows), [rows]);
  return (
    <section className="work-bar sorted-bar" aria-label={words.label}>
      <Icon name="clean" size={14} />
      <p className="sorted-words">
        <strong>{words.label}</strong>
        <span>
          {tally === null ? words.files(sorted.action, sorted.files) : words.counts(tally.clean, tally.contaminated, tally.review)}
        </span>
        {sorted.failed > 0 && <span className="verdict-unreadable">{words.failed(sorted.failed)}</span>}
        <span className="sorted-place quiet">
          <Shortened text={sorted.output} keep={24} />
        </span>
      </p>
      {tally !== null && tally.elsewhere > 0 && sorted.action === "copy" && (
        <>
          <span className="verdict-review">{words.since(tally.elsewhere)}</span>
          <button type="button" className="button button-small" onClick={openSort}>
            {words.again}
          </button>
        </>
      )}
      <button type="button" className="button button-small" onClick={() => void revealPlace(sorted.output)}>
        {words.show}
      </button>
      <button type="button" className="button button-small" onClick={() => askToUndo(sorted)}>
        {words.takeBack}
      </button>
    </section>
  );
}
