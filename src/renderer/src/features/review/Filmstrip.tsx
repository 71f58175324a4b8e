// biome-ignore-all lint/a11y/useFocusableInteractive: the list holds the focus and names the active frame
// biome-ignore-all lint/a11y/useKeyWithClickEvents: keys are the list's and the pane's
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import { finalVerdict } from "../../../../shared/final-verdict.ts";
import { Icon } from "../../components/Icon.tsx";
import { timeOf } from "../../frame-facts.ts";
import { clock } from "../../quantities.ts";
import { goTo, step } from "../../stores/actions/review.ts";
import { nightStore } from "../../stores/night.ts";
import { pictureOf, SMALL_WIDTH } from "../../stores/pictures.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { useLostFocus } from "./use-lost-focus.ts";
import { VerdictTag } from "./VerdictTag.tsx";
import "./filmstrip.css";

const ITEM_WIDTH = 118;
const domId = (id: string) => `strip-${id}`;

interface StripParts {
  ids: readonly string[];
  rows: ReadonlyMap<string, FrameRow>;
  at: number;
}

/** The queue in pictures. Only what is in sight is in the page, and pictures are asked for once the strip has come to rest. */
export function Filmstrip({ ids, rows, at }: StripParts) {
  const list = useRef<HTMLDivElement>(null);
  useLostFocus(list);
  const virtual = useVirtualizer({
    count: ids.length,
    horizontal: true,
    getScrollElement: () => list.current,
    estimateSize: () => ITEM_WIDTH,
    overscan: 3,
    getItemKey: (index) => ids[index] ?? index,
  });
  const room = virtual.scrollRect?.width ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: also when the window becomes wider or narrower
  useEffect(() => virtual.scrollToIndex(at, { align: "center" }), [virtual, at, room]);
  const current = ids[at];
  const move = (event: KeyboardEvent) => {
    const by: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, Home: -ids.length, End: ids.length - 1 - at };
    const way = by[event.key];
    if (way === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    step(way);
  };
  return (
    <div
      ref={list}
      className="strip"
      data-pane-main=""
      role="listbox"
      aria-label={texts.review.strip.label}
      aria-orientation="horizontal"
      aria-activedescendant={current === undefined ? undefined : domId(current)}
      tabIndex={0}
      onKeyDown={move}
      onWheel={(event) => {
        if (list.current !== null && event.deltaX === 0) list.current.scrollLeft += event.deltaY;
      }}
    >
      <div className="strip-film" style={{ width: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const id = ids[item.index] ?? "";
          return (
            <StripFrame
              key={item.key}
              id={id}
              row={rows.get(id) ?? null}
              index={item.index}
              count={ids.length}
              left={item.start}
              current={item.index === at}
              resting={!virtual.isScrolling}
            />
          );
        })}
      </div>
    </div>
  );
}

interface FrameParts {
  id: string;
  row: FrameRow | null;
  index: number;
  count: number;
  left: number;
  current: boolean;
  resting: boolean;
}

const StripFrame = memo(function StripFrame({ id, row, index, count, left, current, resting }: FrameParts) {
  const verdict = row === null ? null : finalVerdict(row.frame);
  return (
    <div
      id={domId(id)}
      className={`strip-frame${current ? " strip-current" : ""}${verdict === null ? "" : ` strip-${verdict}`}`}
      role="option"
      aria-selected={current}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={row?.name ?? texts.review.strip.gone}
      style={{ transform: `translateX(${left}px)` }}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => goTo(index)}
    >
      <div className="strip-picture">{row !== null && row.frame.error === null ? <Thumb id={id} resting={resting} /> : <NoThumb />}</div>
      <p className="strip-words">
        {row === null ? <span className="quiet">{texts.review.strip.gone}</span> : <VerdictTag frame={row.frame} words={false} />}
        <span className="strip-time">{row === null ? "" : clock(timeOf(row))}</span>
      </p>
    </div>
  );
});

function NoThumb() {
  return (
    <span className="strip-none">
      <Icon name="unreadable" size={20} />
    </span>
  );
}

/** Asked for once the strip rests; what was asked for stays. */
function Thumb({ id, resting }: { id: string; resting: boolean }) {
  const stretch = useStore(settingsStore, (settings) => settings.stretch);
  useStore(nightStore, ({ head }) => head?.pictures);
  const asked = useRef(resting);
  asked.current ||= resting;
  const [failed, setFailed] = useState<string | null>(null);
  const address = pictureOf(id, { kind: "whole", width: SMALL_WIDTH }, stretch);
  if (!asked.current) return null;
  if (failed === address) return <NoThumb />;
  return <img src={address} alt="" draggable={false} onError={() => setFailed(address)} />;
}
