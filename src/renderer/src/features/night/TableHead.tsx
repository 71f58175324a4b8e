// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot be virtualised with rows placed by transform
// biome-ignore-all lint/a11y/useFocusableInteractive: the buttons in it are
import { useStore } from "zustand";
import { Icon } from "../../components/Icon.tsx";
import { viewStore } from "../../stores/view.ts";
import { COLUMNS, type Column } from "./columns.tsx";

export function TableHead() {
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
