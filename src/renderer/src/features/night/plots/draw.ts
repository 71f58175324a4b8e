import type { VerdictKind } from "../../../../../shared/domain.ts";
import { finalVerdict } from "../../../../../shared/final-verdict.ts";
import { HEIGHT, LEFT, type PlotGeometry, RIGHT, xOf, yOf } from "./geometry.ts";
import type { Spot } from "./lasso.ts";
import { type GroupLevel, levelOf, type Threshold } from "./thresholds.ts";
import type { TimelineFrames } from "./timeline-frames.ts";

/** All that is painted on one plot. */
export interface Painting {
  frames: TimelineFrames;
  geometry: PlotGeometry;
  /** Null where a frame has none. */
  values: readonly (number | null)[];
  points: readonly Spot[];
  levels: ReadonlyMap<string | null, GroupLevel>;
  thresholds: readonly Threshold[];
  /** The line that is being moved, and the frames beyond it. */
  draft: Threshold | null;
  beyond: ReadonlySet<number>;
  picked: ReadonlySet<string>;
}

/** Colours come from the page, so that every theme paints its own; the canvas has 1 unit per px. */
export function paint(context: CanvasRenderingContext2D, painting: Painting, ink: (name: string) => string): void {
  paintCuts(context, painting, ink);
  paintMedians(context, painting, ink);
  for (const threshold of painting.thresholds) paintLine(context, painting, threshold, ink(lineInk(threshold)));
  if (painting.draft !== null) paintLine(context, painting, painting.draft, ink("--accent"));
  paintPoints(context, painting, ink);
}

function lineInk({ source }: Threshold): string {
  return source.kind === "limit" ? "--plot-limit" : "--accent";
}

function paintCuts(context: CanvasRenderingContext2D, { frames, geometry }: Painting, ink: (name: string) => string): void {
  context.strokeStyle = ink("--line-strong");
  context.lineWidth = 1;
  context.beginPath();
  for (const cut of frames.axis.cuts) {
    const x = Math.round(xOf(geometry, cut)) + 0.5;
    for (const shift of [-2, 2]) {
      context.moveTo(x + shift - 2, HEIGHT - 2);
      context.lineTo(x + shift + 2, HEIGHT - 12);
    }
  }
  context.stroke();
}

function paintMedians(context: CanvasRenderingContext2D, painting: Painting, ink: (name: string) => string): void {
  context.fillStyle = ink("--plot-median");
  for (const { level, from, to } of levelRuns(painting, ({ median }) => median))
    context.fillRect(from, Math.round(yOf(painting.geometry, level)) - 0.5, to - from, 1);
}

/** Nebulift's limits are dashed, one's own lines solid. Beyond the scale a line is left out: its handle says where it is. */
function paintLine(context: CanvasRenderingContext2D, painting: Painting, threshold: Threshold, colour: string): void {
  const { geometry } = painting;
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.setLineDash(threshold.source.kind === "limit" ? [5, 4] : []);
  context.beginPath();
  for (const { level, from, to } of levelRuns(painting, (group) => levelOf(threshold, group))) {
    if (level < geometry.scale[0] || level > geometry.scale[1]) continue;
    const y = Math.round(yOf(geometry, level)) + 0.5;
    context.moveTo(from, y);
    context.lineTo(to, y);
  }
  context.stroke();
  context.setLineDash([]);
}

interface LevelRun {
  level: number;
  /** px */
  from: number;
  to: number;
}

const NO_GROUP: GroupLevel = { filter: null, median: null, sigma: null };

/** A level along the night: a run of one group's frames takes the room up to the middle of the gaps beside it. */
function levelRuns({ frames, geometry, points, levels }: Painting, levelFor: (group: GroupLevel) => number | null): LevelRun[] {
  const found: LevelRun[] = [];
  for (const [index, { group, from, to }] of frames.runs.entries()) {
    const level = levelFor(levels.get(group) ?? NO_GROUP);
    if (level === null) continue;
    const [first, last] = [points[from]?.x ?? LEFT, points[to]?.x ?? LEFT];
    const left = index === 0 ? LEFT : (first + (points[from - 1]?.x ?? first)) / 2;
    const right = index === frames.runs.length - 1 ? geometry.width - RIGHT : (last + (points[to + 1]?.x ?? last)) / 2;
    const before = found.at(-1);
    // What lies at one level is one line, whatever groups it crosses: dashes begin anew with every piece.
    if (before !== undefined && before.level === level && Math.abs(before.to - left) < 0.01) before.to = right;
    else found.push({ level, from: left, to: right });
  }
  return found;
}

const KINDS: readonly VerdictKind[] = ["not-light", "unreadable", "clean", "review", "contaminated"];

/** Points of one kind are one path: ten thousand of them take a few milliseconds. */
function paintPoints(context: CanvasRenderingContext2D, painting: Painting, ink: (name: string) => string): void {
  const { frames, values, points, beyond, picked } = painting;
  const count = points.length;
  const size = count > 1500 ? 2 : count > 400 ? 2.6 : count > 120 ? 3.1 : 3.7;
  context.lineWidth = count > 400 ? 1.1 : 1.5;
  const byKind = Map.groupBy(frames.rows.keys(), (index) => kindAt(frames, index));
  for (const kind of KINDS) {
    const colour = ink(`--verdict-${kind}`);
    context.fillStyle = colour;
    context.strokeStyle = colour;
    context.beginPath();
    for (const index of byKind.get(kind) ?? []) {
      const point = points[index];
      if (point !== undefined && values[index] !== null) traceSymbol(context, kind, point, beyond.has(index) ? size + 1.4 : size);
    }
    if (kind === "clean") context.fill();
    else context.stroke();
  }
  paintMissing(context, ink("--quiet"), values, points);
  ring(context, ink("--text"), points, size + 2.4, (index) => frames.rows[index]?.frame.decided != null);
  if (picked.size > 0) box(context, ink("--accent"), points, size + 2.6, (index) => picked.has(frames.rows[index]?.id ?? ""));
  if (beyond.size > 0) box(context, ink("--accent"), points, size + 1.6, (index) => beyond.has(index));
}

/** A frame without this measurement is a tick at the foot: a symbol there would be read as a value of nought. */
function paintMissing(context: CanvasRenderingContext2D, colour: string, values: Painting["values"], points: readonly Spot[]): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const [index, { x, y }] of points.entries()) {
    if (values[index] !== null) continue;
    context.moveTo(x, y - 2);
    context.lineTo(x, y + 3);
  }
  context.stroke();
}

function kindAt(frames: TimelineFrames, index: number): VerdictKind {
  const row = frames.rows[index];
  return row === undefined ? "not-light" : finalVerdict(row.frame);
}

/** Shape tells the verdict without colour: dot, diamond, cross. */
function traceSymbol(path: CanvasRenderingContext2D, kind: VerdictKind, { x, y }: Spot, size: number): void {
  if (kind === "clean") {
    const radius = size * 0.64;
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  } else if (kind === "review") {
    path.moveTo(x, y - size);
    path.lineTo(x + size, y);
    path.lineTo(x, y + size);
    path.lineTo(x - size, y);
    path.closePath();
  } else {
    const arm = size * 0.8;
    path.moveTo(x - arm, y - arm);
    path.lineTo(x + arm, y + arm);
    path.moveTo(x + arm, y - arm);
    path.lineTo(x - arm, y + arm);
  }
}

type Wanted = (index: number) => boolean;

/** Round a frame that the user decided. */
function ring(context: CanvasRenderingContext2D, colour: string, points: readonly Spot[], radius: number, wanted: Wanted): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const [index, { x, y }] of points.entries()) {
    if (!wanted(index)) continue;
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.stroke();
}

/** Round a frame that is picked, or that a moving line takes in. */
function box(context: CanvasRenderingContext2D, colour: string, points: readonly Spot[], half: number, wanted: Wanted): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.beginPath();
  for (const [index, { x, y }] of points.entries()) if (wanted(index)) context.rect(x - half, y - half, 2 * half, 2 * half);
  context.stroke();
}
