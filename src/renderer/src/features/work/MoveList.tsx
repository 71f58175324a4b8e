// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import { Shortened } from "../../components/Shortened.tsx";
import { loadMoves, type SortWish } from "../../stores/actions/sort.ts";
import { sortingStore } from "../../stores/sorting.ts";
import { texts } from "../../texts/index.ts";

const ROW = 22;
/** As many as main gives at a time. */
const PAGE = 200;

/** Every file of the dry run and where it goes; only the rows in sight are in the page, and only their moves are asked for. */
export function MoveList({ wish, total }: { wish: SortWish; total: number }) {
  const scroller = useRef<HTMLElement>(null);
  const moves = useStore(sortingStore, (state) => state.moves);
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  const items = virtual.getVirtualItems();
  const first = Math.floor((items[0]?.index ?? 0) / PAGE) * PAGE;
  const last = Math.floor((items.at(-1)?.index ?? 0) / PAGE) * PAGE;
  useEffect(() => {
    for (let from = first; from <= last; from += PAGE) void loadMoves(wish, from);
  }, [wish, first, last]);
  return (
    <section ref={scroller} className="moves" tabIndex={0} aria-label={texts.work.sort.moves}>
      <ul style={{ height: virtual.getTotalSize() }}>
        {items.map(({ key, index, start }) => {
          const move = moves.get(index);
          return (
            <li key={key} aria-setsize={total} aria-posinset={index + 1} style={{ height: ROW, transform: `translateY(${start}px)` }}>
              <Shortened text={move?.from ?? "…"} keep={20} />
              <span className="moves-arrow" aria-hidden="true">
                →
              </span>
              <Shortened text={move?.to ?? ""} keep={20} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
