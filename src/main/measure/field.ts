import { type BackgroundMeasurement, type CellMap, GRID_COLUMNS, GRID_ROWS } from "../../shared/domain.ts";
import { median, meshPerCell, tileCentre } from "./grid.ts";
import { measureNoise } from "./noise.ts";
import type { PreparedFrame, SkyMesh } from "./prepared.ts";

/** The sky of a frame: level and noise per cell, its shape over the field, and its noise by multiresolution support. ADU. */
export function measureBackground(frame: PreparedFrame): BackgroundMeasurement {
  const { mesh, width, height } = frame;
  const known = cellsWithData(frame);
  const onlyKnown = (cells: CellMap): CellMap => cells.map((value, cell) => (known[cell] ? value : null));
  const cells = onlyKnown(meshPerCell(mesh, mesh.level, width, height));
  return {
    level: mesh.medianLevel,
    noise: mesh.medianNoise,
    noiseMrs: measureNoise(frame).noise,
    cells,
    cellNoise: onlyKnown(meshPerCell(mesh, mesh.noise, width, height)),
    ...skyShape(mesh, width, height),
    cornerRatio: cornerRatio(cells),
  };
}

/** Pixels per axis that are probed in a cell for whether there is data. */
const PROBES = 16;

/** Which cells have data in at least half of their pixels: the mesh fills its gaps from their neighbours. */
function cellsWithData(frame: PreparedFrame): boolean[] {
  const { kernels, pixels, width, height, hasHoles } = frame;
  const known = new Array<boolean>(GRID_COLUMNS * GRID_ROWS).fill(true);
  if (!hasHoles) return known;
  const plane = kernels.u16(pixels, width * height);
  return known.map((_, cell) => {
    const column = cell % GRID_COLUMNS;
    const row = (cell - column) / GRID_COLUMNS;
    let data = 0;
    for (let j = 0; j < PROBES; j++) {
      const y = Math.floor(((row + (j + 0.5) / PROBES) * height) / GRID_ROWS);
      for (let i = 0; i < PROBES; i++) {
        const x = Math.floor(((column + (i + 0.5) / PROBES) * width) / GRID_COLUMNS);
        if (plane[y * width + x] !== 0) data++;
      }
    }
    return data * 2 >= PROBES * PROBES;
  });
}

export interface SkyShape {
  /** Rise over the whole width and over the whole height of the least-squares plane, ADU. */
  slope: [dx: number, dy: number];
  /** Coefficient of r^2 (r = 1 in the corners) in the fit of plane and radial term, ADU. */
  radial: number;
  /** RMS of the mesh about plane and radial term, ADU. */
  residual: number;
}

/**
 * Least squares over the mesh, each tile weighted by its area: first v = a + b x + c y, whose b and c are the slope, then
 * v = a + b x + c y + d r^2, whose d is the radial term. x and y run from -1/2 to 1/2 over the frame, so that b and c are
 * rises over a whole side and r^2 = 2 (x^2 + y^2) is 1 in the corners. With too few tiles for a term, that term is 0.
 */
export function skyShape(mesh: SkyMesh, width: number, height: number): SkyShape {
  const tiles: Tile[] = [];
  for (let row = 0; row < mesh.rows; row++) {
    const tall = Math.min((row + 1) * mesh.tile, height) - row * mesh.tile;
    for (let column = 0; column < mesh.columns; column++) {
      const value = mesh.level[row * mesh.columns + column];
      const wide = Math.min((column + 1) * mesh.tile, width) - column * mesh.tile;
      if (!Number.isFinite(value) || wide <= 0 || tall <= 0) continue;
      const x = (tileCentre(column, mesh.tile, width) + 0.5) / width - 0.5;
      const y = (tileCentre(row, mesh.tile, height) + 0.5) / height - 0.5;
      tiles.push({ terms: [1, x, y, 2 * (x * x + y * y)], value, weight: wide * tall });
    }
  }
  const plane = leastSquares(tiles, 3) ?? leastSquares(tiles, 1);
  const curved = leastSquares(tiles, 4);
  const best = curved ?? plane ?? [];
  let squares = 0;
  let weight = 0;
  for (const tile of tiles) {
    const fitted = best.reduce((sum, coefficient, i) => sum + coefficient * tile.terms[i], 0);
    squares += tile.weight * (tile.value - fitted) ** 2;
    weight += tile.weight;
  }
  return {
    slope: [plane?.[1] ?? 0, plane?.[2] ?? 0],
    radial: curved?.[3] ?? 0,
    residual: weight > 0 ? Math.sqrt(squares / weight) : 0,
  };
}

interface Tile {
  terms: [one: number, x: number, y: number, rr: number];
  value: number;
  weight: number;
}

/** Normal equations of the first `count` terms by Gauss-Jordan with pivoting; null when the tiles do not determine them. */
function leastSquares(tiles: Tile[], count: number): number[] | null {
  const rows: number[][] = Array.from({ length: count }, () => new Array<number>(count + 1).fill(0));
  // Values are taken about their mean: a gradient of 1 ADU on a sky of 60 000 keeps its digits.
  const mean = tiles.reduce((sum, tile) => sum + tile.value, 0) / Math.max(1, tiles.length);
  for (const { terms, value, weight } of tiles) {
    rows.forEach((row, i) => {
      const w = weight * terms[i];
      for (let j = 0; j < count; j++) row[j] += w * terms[j];
      row[count] += w * (value - mean);
    });
  }
  const scale = rows[0][0];
  for (let i = 0; i < count; i++) {
    const pivot = rows.slice(i).reduce((best, row) => (Math.abs(row[i]) > Math.abs(best[i]) ? row : best));
    const head = pivot[i];
    if (Math.abs(head) <= 1e-9 * scale || tiles.length < count) return null;
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(i, 0, pivot);
    for (let j = i; j <= count; j++) pivot[j] /= head;
    for (const row of rows) {
      const factor = row[i];
      if (row === pivot || factor === 0) continue;
      for (let j = i; j <= count; j++) row[j] -= factor * pivot[j];
    }
  }
  return rows.map((row, i) => row[count] + (i === 0 ? mean : 0));
}

/** Median of the four corner cells over the median of the four cells around the centre; 1 where there is no sky to compare. */
function cornerRatio(cells: CellMap): number {
  const at = (column: number, row: number) => cells[row * GRID_COLUMNS + column] ?? Number.NaN;
  const [right, bottom] = [GRID_COLUMNS - 1, GRID_ROWS - 1];
  const [midX, midY] = [GRID_COLUMNS / 2, GRID_ROWS / 2];
  const known = (values: number[]) => median(values.filter((value) => Number.isFinite(value)));
  const corner = known([at(0, 0), at(right, 0), at(0, bottom), at(right, bottom)]);
  const centre = known([at(midX - 1, midY - 1), at(midX, midY - 1), at(midX - 1, midY), at(midX, midY)]);
  return centre > 0 && Number.isFinite(corner) ? corner / centre : 1;
}
