import { expect, test } from "vitest";
import { cellArea, cellOutline } from "./cell-outline.ts";

const edges = (path: string) => path.split("M").filter(Boolean).length;

test("one cell has its four edges", () => expect(cellOutline([[2, 1]])).toBe("M2 1h1M2 2h1M2 1v1M3 1v1"));

test("cells side by side have no edge between them", () => {
  const pair = cellOutline([
    [2, 1],
    [3, 1],
  ]);
  expect(edges(pair)).toBe(6);
  expect(pair).not.toContain("M3 1v1");
});

test("the whole grid has only its frame", () => {
  const all = Array.from({ length: 48 }, (_, index): [number, number] => [index % 8, Math.floor(index / 8)]);
  expect(edges(cellOutline(all))).toBe(2 * 8 + 2 * 6);
});

test("cells that touch at a corner keep all their edges", () => {
  const corners: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  expect(edges(cellOutline(corners))).toBe(8);
});

test("the area is one closed square a cell", () => expect(cellArea([[2, 1]])).toBe("M2 1h1v1h-1z"));
