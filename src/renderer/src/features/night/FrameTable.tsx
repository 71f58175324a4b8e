// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot be virtualised with rows placed by transform
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: keys are the grid's
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import { reviewFrame } from "../../stores/actions/review.ts";
import type { PickWay } from "../../stores/selection.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { COLUMNS } from "./columns.tsx";
import { TableHead } from "./TableHead.tsx";
import type { FramePicking } from "./use-frame-commands.ts";
import "./table.css";

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 30;
const domId = (id: string) => `frame-${id}`;

interface TableParts {
  shown: FrameRow[];
  selected: FrameRow | null;
  picking: FramePicking;
}

/**
 * All frames; only the rows in sight are in the page. The grid itself holds the focus and names the active row, so focus
 * is never lost when rows come, go or change places.
 */
export function FrameTable({ shown, selected, picking }: TableParts) {
  const grid = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => grid.current,
    estimateSize: () => ROW_HEIGHT,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    overscan: 12,
    getItemKey: (index) => shown[index]?.id ?? index,
  });
  const picked = useStore(viewStore, (state) => state.picked);
  useFollowedRow(shown, (place) => virtual.scrollToIndex(place, { align: "auto" }));

  const open = (id: string) =>
    reviewFrame(
      id,
      shown.map((row) => row.id),
    );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((grid.current?.clientHeight ?? 300) / ROW_HEIGHT) - 2);
    const target = destination(event.key, selected === null ? -1 : shown.indexOf(selected), shown.length, page);
    const row = target === null ? undefined : shown[target];
    if (row !== undefined) picking.pick(row.id, event.shiftKey ? "range" : "only");
    else if (event.key === "Enter" && event.target === grid.current && selected !== null) open(selected.id);
    else if (event.key === "Escape" && picked.size > 0) viewStore.setState({ picked: new Set() });
    else return;
    event.preventDefault();
  };
  // One listener for all rows: a row's id says which it was.
  const onClick = (event: MouseEvent) => {
    const id = rowIdOf(event.target);
    if (id !== null) picking.pick(id, wayOf(event));
  };
  const onDoubleClick = (event: MouseEvent) => {
    const id = rowIdOf(event.target);
    if (id !== null && wayOf(event) === "only") open(id);
  };
  return (
    <div
      ref={grid}
      className="table"
      role="grid"
      aria-label={texts.table.label}
      aria-rowcount={shown.length + 1}
      aria-colcount={COLUMNS.length}
      aria-multiselectable="true"
      aria-activedescendant={selected === null ? undefined : domId(selected.id)}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
    >
      <TableHead />
      <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = shown[item.index];
          if (row === undefined) return null;
          const active = row === selected;
          return (
            <TableRow
              key={item.key}
              row={row}
              index={item.index}
              top={item.start - HEAD_HEIGHT}
              active={active}
              picked={picked.size > 0 ? picked.has(row.id) : active}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Follows what the user picked, here or on a plot; not what merely is on top while frames stream in. */
function useFollowedRow(shown: FrameRow[], scrollTo: (place: number) => void): void {
  const picked = useStore(viewStore, (state) => state.selected);
  const verdict = useStore(viewStore, (state) => state.verdict);
  const group = useStore(viewStore, (state) => state.group);
  const words = useStore(viewStore, (state) => state.words);
  const sort = useStore(viewStore, (state) => state.sort);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that arrive later must not pull the view along
  useEffect(() => {
    const place = shown.findIndex((row) => row.id === picked);
    if (place >= 0) scrollTo(place);
  }, [picked, verdict, group, words, sort]);
}

function rowIdOf(target: EventTarget): string | null {
  const row = target instanceof Element ? target.closest(".table-row") : null;
  return row === null ? null : row.id.slice(domId("").length);
}

function wayOf(event: MouseEvent): PickWay {
  if (event.shiftKey) return "range";
  return event.ctrlKey || event.metaKey ? "toggle" : "only";
}

function destination(key: string, index: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const to: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: count - 1,
  };
  const target = to[key];
  return target === undefined ? null : Math.min(Math.max(target, 0), count - 1);
}

interface RowParts {
  row: FrameRow;
  index: number;
  top: number;
  /** The frame before the eyes. */
  active: boolean;
  picked: boolean;
}

const TableRow = memo(function TableRow({ row, index, top, active, picked }: RowParts) {
  return (
    <div
      id={domId(row.id)}
      className={active ? "table-row active" : "table-row"}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={picked}
      style={{ transform: `translateY(${top}px)` }}
    >
      <RowCells row={row} />
    </div>
  );
});

/** Apart, so that a row that is only picked or moved need not be written anew. */
const RowCells = memo(function RowCells({ row }: { row: FrameRow }) {
  return COLUMNS.map((column) => (
    <div key={column.id} role="gridcell" className={`cell cell-${column.id}${column.numeric ? " numeric" : ""}`}>
      {column.cell(row)}
    </div>
  ));
});
