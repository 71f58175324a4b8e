/** The border of a set of grid cells, as SVG path data in units of one cell: shared edges are not part of it. */
export function cellOutline(cells: readonly (readonly [column: number, row: number])[]): string {
  const inside = new Set(cells.map(([column, row]) => `${column},${row}`));
  const has = (column: number, row: number) => inside.has(`${column},${row}`);
  const edges: string[] = [];
  for (const [column, row] of cells) {
    if (!has(column, row - 1)) edges.push(`M${column} ${row}h1`);
    if (!has(column, row + 1)) edges.push(`M${column} ${row + 1}h1`);
    if (!has(column - 1, row)) edges.push(`M${column} ${row}v1`);
    if (!has(column + 1, row)) edges.push(`M${column + 1} ${row}v1`);
  }
  return edges.join("");
}

/** The cells themselves, to be filled. */
export function cellArea(cells: readonly (readonly [column: number, row: number])[]): string {
  return cells.map(([column, row]) => `M${column} ${row}h1v1h-1z`).join("");
}
