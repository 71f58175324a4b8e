// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot be virtualised with rows placed by transform
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names the active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: keys are the grid's
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { COLUMNS, type Column } from "./columns.tsx";
import "./table.css";

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 30;
const domId = (row: FrameRow) => `frame-${row.id}`;

/**
 * All frames; only the rows in sight are in the page. The grid itself holds the focus and names the active row, so focus
 * is never lost when rows come, go or change places.
 */
export function FrameTable({ shown, selected }: { shown: FrameRow[]; selected: FrameRow | null }) {
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
  const index = selected === null ? -1 : shown.indexOf(selected);
  const picked = useStore(viewStore, (state) => state.selected);

  const verdict = useStore(viewStore, (state) => state.verdict);
  const words = useStore(viewStore, (state) => state.words);
  const sort = useStore(viewStore, (state) => state.sort);

  // Follows what the user picked, here or on the plot; not what merely is on top while frames stream in.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that arrive later must not pull the view along
  useEffect(() => {
    const place = shown.findIndex((row) => row.id === picked);
    if (place >= 0) virtual.scrollToIndex(place, { align: "auto" });
  }, [picked, verdict, words, sort]);

  const move = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((grid.current?.clientHeight ?? 300) / ROW_HEIGHT) - 2);
    const target = destination(event.key, index, shown.length, page);
    if (target === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = shown[target];
    if (row !== undefined) viewStore.setState({ selected: row.id });
  };

  return (
    <div
      ref={grid}
      className="table"
      role="grid"
      aria-label={texts.table.label}
      aria-rowcount={shown.length + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={selected === null ? undefined : domId(selected)}
      tabIndex={0}
      onKeyDown={move}
    >
      <TableHead />
      <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = shown[item.index];
          return row && <TableRow key={item.key} row={row} index={item.index} top={item.start - HEAD_HEIGHT} selected={row === selected} />;
        })}
      </div>
    </div>
  );
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
  selected: boolean;
}

const TableRow = memo(function TableRow({ row, index, top, selected }: RowParts) {
  return (
    <div
      id={domId(row)}
      className="table-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-verdict={row.frame.verdict}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => viewStore.setState({ selected: row.id })}
    >
      {COLUMNS.map((column) => (
        <div key={column.id} role="gridcell" className={`cell cell-${column.id}${column.numeric ? " numeric" : ""}`}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
});

function TableHead() {
  const sort = useStore(viewStore, (state) => state.sort);
  return (
    <div role="rowgroup" className="table-head">
      <div role="row" aria-rowindex={1} className="table-heads">
        {COLUMNS.map((column) => {
          const direction = sort.column === column.id ? (sort.descending ? "descending" : "ascending") : undefined;
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={direction}
              className={`head head-${column.id}${column.numeric ? " numeric" : ""}`}
            >
              <button type="button" onClick={() => viewStore.setState({ sort: turned(sort, column) })}>
                {column.head}
                {column.unit !== undefined && <span className="unit">{column.unit}</span>}
                {direction !== undefined && <Icon name={direction === "ascending" ? "up" : "down"} size={12} />}
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function turned(sort: { column: string; descending: boolean }, column: Column): { column: string; descending: boolean } {
  if (sort.column === column.id) return { column: column.id, descending: !sort.descending };
  return { column: column.id, descending: column.worstIsHigh ?? false };
}
