import { type CellMap, GRID_COLUMNS, GRID_ROWS } from "../../shared/domain.ts";
import type { SkyMesh } from "./prepared.ts";

/**
 * The 8 x 6 evidence grid. Cells divide the frame evenly, also where its sides do not divide by 8 and 6: a cell is a
 * span of real numbers, [column, column + 1) * width / 8. Sizes and positions share one unit (sensor or measured pixels).
 */
export function cellOf(x: number, y: number, width: number, height: number): number {
  // Pixel centres lie on integers, so the frame reaches from -0.5 to width - 0.5.
  const column = Math.min(GRID_COLUMNS - 1, Math.max(0, Math.floor(((x + 0.5) * GRID_COLUMNS) / width)));
  const row = Math.min(GRID_ROWS - 1, Math.max(0, Math.floor(((y + 0.5) * GRID_ROWS) / height)));
  return row * GRID_COLUMNS + column;
}

/** Stars per cell: 0 where there are none. Positions in the unit of `width` and `height`. */
export function starsPerCell(x: ArrayLike<number>, y: ArrayLike<number>, width: number, height: number): CellMap {
  const counts = new Array<number>(GRID_COLUMNS * GRID_ROWS).fill(0);
  for (let i = 0; i < x.length; i++) {
    const cell = cellOf(x[i], y[i], width, height);
    counts[cell] = counts[cell] + 1;
  }
  return counts;
}

/** Median per cell of a value given at positions; null where fewer than `atLeast` values fall. Values not finite are left out. */
export function medianPerCell(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  value: ArrayLike<number>,
  width: number,
  height: number,
  atLeast = 1,
): CellMap {
  const found: number[][] = Array.from({ length: GRID_COLUMNS * GRID_ROWS }, () => []);
  for (let i = 0; i < x.length; i++) {
    const v = value[i];
    if (Number.isFinite(v)) found[cellOf(x[i], y[i], width, height)]?.push(v);
  }
  return found.map((values) => (values.length >= Math.max(1, atLeast) ? median(values) : null));
}

/** Points per axis at which a cell looks at the mesh: enough that each tile under a cell of a 60 Mpix frame has a say. */
const LOOKS = 5;

/**
 * A quantity of the sky mesh per cell: the median of 5 x 5 looks at the mesh interpolated bilinearly, so that one tile
 * with a bright star does not carry its cell and small frames, where a tile spans several cells, stay smooth.
 * `tiles` is the mesh's `level` or `noise`; tiles that are not finite have no data and are left out.
 */
export function meshPerCell(mesh: SkyMesh, tiles: Float32Array, width: number, height: number): CellMap {
  const cells: CellMap = [];
  for (let row = 0; row < GRID_ROWS; row++) {
    for (let column = 0; column < GRID_COLUMNS; column++) {
      const seen: number[] = [];
      for (let j = 0; j < LOOKS; j++) {
        const y = ((row + (j + 0.5) / LOOKS) * height) / GRID_ROWS - 0.5;
        for (let i = 0; i < LOOKS; i++) {
          const x = ((column + (i + 0.5) / LOOKS) * width) / GRID_COLUMNS - 0.5;
          const v = meshAt(mesh, tiles, x, y, width, height);
          if (Number.isFinite(v)) seen.push(v);
        }
      }
      // A cell mostly without data has no sky of its own: what is seen there comes from its neighbours.
      cells.push(seen.length * 2 >= LOOKS * LOOKS ? median(seen) : null);
    }
  }
  return cells;
}

/** Bilinear value of the mesh at a measured pixel; constant beyond the outer tile centres, NaN where no tile around has data. */
export function meshAt(mesh: SkyMesh, tiles: Float32Array, x: number, y: number, width: number, height: number): number {
  const [left, right, u] = between(x, mesh.tile, mesh.columns, width);
  const [top, bottom, v] = between(y, mesh.tile, mesh.rows, height);
  let sum = 0;
  let weight = 0;
  const add = (column: number, row: number, w: number) => {
    const value = tiles[row * mesh.columns + column];
    if (w > 0 && Number.isFinite(value)) {
      sum += w * value;
      weight += w;
    }
  };
  add(left, top, (1 - u) * (1 - v));
  add(right, top, u * (1 - v));
  add(left, bottom, (1 - u) * v);
  add(right, bottom, u * v);
  // Less than half the weight is too far from data to interpolate.
  return weight >= 0.5 ? sum / weight : Number.NaN;
}

/** Centre of a tile along one axis, measured pixels; the last tile may be narrower. */
export function tileCentre(index: number, tile: number, size: number): number {
  return (index * tile + Math.min((index + 1) * tile, size) - 1) / 2;
}

function between(at: number, tile: number, count: number, size: number): [low: number, high: number, share: number] {
  let low = Math.min(count - 1, Math.max(0, Math.floor(at / tile)));
  if (at < tileCentre(low, tile, size)) low--;
  if (low < 0) return [0, 0, 0];
  if (low >= count - 1) return [count - 1, count - 1, 0];
  const from = tileCentre(low, tile, size);
  const to = tileCentre(low + 1, tile, size);
  return [low, low + 1, (at - from) / (to - from)];
}

/** Median of a list that may be reordered; the mean of the middle two for an even count; NaN of nothing. */
export function median(values: number[]): number {
  if (values.length === 0) return Number.NaN;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const high = values[middle];
  return values.length % 2 === 1 ? high : (values[middle - 1] + high) / 2;
}
