import { GRID_COLUMNS } from "../../src/shared/domain.ts";
import type { ExamFrame, GradedNight } from "./graded.ts";
import { goalLine, type Line, percent, reportLine } from "./lines.ts";
import { share } from "./rightness.ts";

/** N.I.N.A.'s own check accepted 31 of 33 frames that a tree had grown into: the first so many bad frames are looked at. */
const LOOKED_AT = 33;
/** Starlight that a cell has lost to count as occluded, and as touched at all. */
const OCCLUDED = 0.75;
const TOUCHED = 0.9;

/** Long sequences that go bad slowly: the frames just beyond the limit are the ones a lax judgement keeps. */
export function slowLines(nights: readonly GradedNight[]): Line[] {
  return nights.flatMap((night) => {
    const bad = night.frames.filter(({ label }) => label === "contaminated").slice(0, LOOKED_AT);
    const kept = bad.filter(({ frame }) => frame.verdict === "clean").length;
    const name = night.night.name;
    return [
      goalLine(
        "slow",
        `${name}: of the first ${bad.length} bad frames kept`,
        kept,
        `${kept}`,
        "at most 1 of 33",
        (v) => v <= bad.length / LOOKED_AT,
      ),
      ...(PATCHY.includes(name) ? cellLines(name, bad) : []),
    ];
  });
}

/** What takes some cells and leaves others; a veil is everywhere. */
const PATCHY: readonly string[] = ["tree", "dome", "roof", "patchy-cloud"];

function cellLines(name: string, frames: readonly ExamFrame[]): Line[] {
  let occluded = 0;
  let occludedDrawn = 0;
  let drawn = 0;
  let drawnTouched = 0;
  for (const { cells, frame } of frames) {
    const marked = markedCells(frame);
    drawn += marked.size;
    cells.forEach((passed, cell) => {
      if (passed < OCCLUDED) occluded++;
      if (!marked.has(cell)) return;
      if (passed < OCCLUDED) occludedDrawn++;
      if (passed < TOUCHED) drawnTouched++;
    });
  }
  return [
    reportLine("slow", `${name}: occluded cells drawn`, `${percent(share(occludedDrawn, occluded))} of ${occluded}`),
    reportLine("slow", `${name}: drawn cells truly dimmed`, `${percent(share(drawnTouched, drawn))} of ${drawn}`),
  ];
}

/** Cells that any reason of lost starlight points at. */
function markedCells(frame: ExamFrame["frame"]): Set<number> {
  const marked = new Set<number>();
  for (const { code, where } of frame.reasons) {
    if (code !== "clouds" && code !== "veil" && code !== "obstruction") continue;
    for (const [column, row] of where?.cells ?? []) marked.add(row * GRID_COLUMNS + column);
  }
  return marked;
}
