export interface Column {
  head: string;
  align?: "left" | "right";
}

/** Columns of text, as wide as they need; numbers to the right, as they are read. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], indent = "  "): string {
  const widths = columns.map((column, index) => Math.max(column.head.length, ...rows.map((row) => (row[index] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    indent +
    columns
      .map(({ align = "right" }, index) =>
        align === "left" ? (cells[index] ?? "").padEnd(widths[index]) : (cells[index] ?? "").padStart(widths[index]),
      )
      .join("  ")
      .trimEnd();
  return [line(columns.map((column) => column.head)), ...rows.map(line)].join("\n");
}
