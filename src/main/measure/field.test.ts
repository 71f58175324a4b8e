import { describe, expect, it } from "vitest";
import { preparedPixels, preparedSky, renderSky, type Sky, starField } from "../../../test/fixtures/analytic-sky.ts";
import { GRID_COLUMNS, GRID_ROWS } from "../../shared/domain.ts";
import { measureBackground, skyShape } from "./field.ts";
import { cellOf, meshAt, meshPerCell, starsPerCell, tileCentre } from "./grid.ts";
import { Kernels } from "./kernels/kernels.ts";
import type { SkyMesh } from "./prepared.ts";

const kernels = Kernels.load();
const flat: Sky = { width: 1600, height: 1200, brightness: () => 1000, noise: 15, seed: 1 };

/** A mesh that samples a smooth sky exactly at its tiles' centres. */
function meshOf(width: number, height: number, tile: number, value: (x: number, y: number) => number): SkyMesh {
  const columns = Math.ceil(width / tile);
  const rows = Math.ceil(height / tile);
  const level = Float32Array.from({ length: columns * rows }, (_, i) =>
    value(tileCentre(i % columns, tile, width), tileCentre(Math.floor(i / columns), tile, height)),
  );
  return { tile, columns, rows, level, noise: level, medianLevel: 0, medianNoise: 1 };
}

describe("the shape of the sky", () => {
  const [width, height] = [6248, 4176];
  const u = (x: number) => (x + 0.5) / width - 0.5;
  const v = (y: number) => (y + 0.5) / height - 0.5;

  it("is what the analytic sky says: rises over the sides, radial term in the corner, nothing left", () => {
    const mesh = meshOf(width, height, 128, (x, y) => 60000 + 37 * u(x) - 11 * v(y) - 80 * 2 * (u(x) ** 2 + v(y) ** 2));
    const shape = skyShape(mesh, width, height);
    expect(shape.slope[0]).toBeCloseTo(37, 0);
    expect(shape.slope[1]).toBeCloseTo(-11, 0);
    expect(shape.radial).toBeCloseTo(-80, 1);
    expect(shape.residual).toBeLessThan(0.02);
  });

  it("keeps unevenness as the residual, in its RMS", () => {
    const mesh = meshOf(width, height, 128, (x, y) => 1000 + 5 * Math.sin(x / 300) * Math.sin(y / 290));
    expect(skyShape(mesh, width, height).residual).toBeCloseTo(2.5, 0);
  });

  it("leaves out tiles without data and says 0 where too few are left", () => {
    const mesh = meshOf(width, height, 128, (x) => 1000 + 37 * u(x));
    mesh.level.fill(Number.NaN, 0, 20);
    expect(skyShape(mesh, width, height).slope[0]).toBeCloseTo(37, 1);
    mesh.level.fill(Number.NaN, 1);
    mesh.level[0] = 1000;
    expect(skyShape(mesh, width, height)).toEqual({ slope: [0, 0], radial: 0, residual: 0 });
  });
});

describe("the background of a frame", () => {
  it("has level, noise and flat cells on an even sky", () => {
    const sky = measureBackground(preparedSky(kernels, flat));
    expect(Math.abs(sky.level - 1000)).toBeLessThan(0.5);
    expect(sky.noise / 15).toBeCloseTo(1, 1);
    expect(sky.noiseMrs / 15).toBeCloseTo(1, 2);
    expect(sky.cells).toHaveLength(48);
    for (const cell of sky.cells) expect(Math.abs((cell ?? 0) - 1000)).toBeLessThan(2);
    for (const noise of sky.cellNoise) expect(Math.abs((noise ?? 0) / 15 - 1)).toBeLessThan(0.1);
    expect(sky.cornerRatio).toBeCloseTo(1, 2);
    expect(sky.residual).toBeLessThan(1);
  });

  it("follows gradient and vignetting under stars", () => {
    const brightness = (x: number, y: number) => {
      const [u, v] = [(x + 0.5) / 1600 - 0.5, (y + 0.5) / 1200 - 0.5];
      return 1000 + 90 * u + 30 * v - 240 * (u * u + v * v) * 2;
    };
    const sky = measureBackground(preparedSky(kernels, { ...flat, brightness, stars: starField(2500, 1600, 1200, 400, 3) }));
    expect(Math.abs(sky.slope[0] - 90)).toBeLessThan(3);
    expect(Math.abs(sky.slope[1] - 30)).toBeLessThan(3);
    expect(Math.abs(sky.radial + 240)).toBeLessThan(8);
    const cell = (column: number, row: number) => sky.cells[row * GRID_COLUMNS + column] ?? Number.NaN;
    for (const [column, row] of [
      [0, 0],
      [7, 0],
      [3, 2],
      [7, 5],
    ]) {
      const truth = brightness(((column + 0.5) * 1600) / GRID_COLUMNS - 0.5, ((row + 0.5) * 1200) / GRID_ROWS - 0.5);
      expect(Math.abs(cell(column, row) - truth)).toBeLessThan(6);
    }
    expect(sky.cornerRatio).toBeLessThan(0.9);
  });

  it("has no value in cells without data", () => {
    const pixels = renderSky(flat);
    for (let y = 0; y < 1200; y++) pixels.fill(0, y * 1600, y * 1600 + 420);
    const sky = measureBackground(preparedPixels(kernels, pixels, 1600, 1200));
    const firstRow = sky.cells.slice(0, GRID_COLUMNS);
    expect(firstRow.slice(0, 2)).toEqual([null, null]);
    expect(sky.cellNoise[0]).toBeNull();
    for (const cell of firstRow.slice(3)) expect(Math.abs((cell ?? 0) - 1000)).toBeLessThan(3);
  });

  it.each([
    [1, 1],
    [65, 85],
    [3, 300],
  ])("is finite for %i x %i", (width, height) => {
    const sky = measureBackground(preparedSky(kernels, { ...flat, width, height }));
    const numbers = [sky.level, sky.noise, sky.noiseMrs, ...sky.slope, sky.radial, sky.residual, sky.cornerRatio];
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(sky.cells.every((cell) => cell === null || Number.isFinite(cell))).toBe(true);
  });
});

describe("the evidence grid", () => {
  it("gives every pixel to the cell it lies in, also where sides do not divide", () => {
    expect(cellOf(0, 0, 801, 601)).toBe(0);
    expect(cellOf(800, 600, 801, 601)).toBe(47);
    expect(cellOf(100, 0, 800, 600)).toBe(1);
    expect(cellOf(99, 100, 800, 600)).toBe(8);
    expect(cellOf(-3, 9999, 800, 600)).toBe(40);
  });

  it("counts stars per cell", () => {
    const cells = starsPerCell([0, 1, 799, 799], [0, 1, 599, 599], 800, 600);
    expect(cells[0]).toBe(2);
    expect(cells[47]).toBe(2);
    expect(cells.reduce((a: number, b) => a + (b ?? 0), 0)).toBe(4);
  });

  it("interpolates the mesh, whose last tiles are narrower, exactly for a gradient", () => {
    const mesh = meshOf(1000, 700, 128, (x, y) => 5 + 0.25 * x - 0.5 * y);
    for (const [x, y] of [
      [63.5, 63.5],
      [200, 333],
      [940, 640],
    ]) {
      expect(meshAt(mesh, mesh.level, x, y, 1000, 700)).toBeCloseTo(5 + 0.25 * x - 0.5 * y, 3);
    }
    const cells = meshPerCell(mesh, mesh.level, 1000, 700);
    expect(cells[2 * 8 + 3]).toBeCloseTo(5 + 0.25 * 437 - 0.5 * 291.2, 0);
  });
});
