import type { ReportFrame, ReportGroup, VerdictKind } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { shortNumber } from "../../shared/quantity-words.ts";
import { whyLines } from "../../shared/words.ts";
import { extentOf, html, type LinkOf, mark, niceTicks, tenth, tickText, VERDICT_NAMES } from "./html-text.ts";
import { type TimeAxis, timeAxis } from "./html-time-axis.ts";

const HEIGHT = 158;
const LEFT = 46;
const RIGHT = 10;
const TOP = 26;
const BOTTOM = 22;

/** From this many frames on plots take the page's whole width, and clean frames are dots without a link. */
const MANY = 300;

interface Plotted {
  metric: string;
  label: string;
  unit: string;
  /** The value that a frame must not pass, from the group's median and the limits in force. */
  limit: ((median: number, limits: Limits) => number | null) | null;
}

type Limits = (name: string) => number | null;

const times = (name: string) => (median: number, limits: Limits) => {
  const ratio = limits(name);
  return ratio === null ? null : ratio * median;
};
/** The limit on roundness is silent for a group that is not round itself. */
const roundness = (median: number, limits: Limits): number | null =>
  median < (limits("eccentricityGroup") ?? Number.POSITIVE_INFINITY) ? limits("eccentricity") : null;

const PLOTTED: readonly Plotted[] = [
  { metric: "fwhmSeen", label: "FWHM", unit: "px", limit: times("fwhmRatio") },
  { metric: "eccentricitySeen", label: "Eccentricity", unit: "", limit: roundness },
  { metric: "transparency", label: "Transparency", unit: "", limit: times("transparency") },
  { metric: "background", label: "Sky", unit: "ADU", limit: null },
  { metric: "stars", label: "Stars", unit: "", limit: null },
  { metric: "weight", label: "Weight (SNR², typical good frame = 1)", unit: "", limit: times("weight") },
  { metric: "altitude", label: "Altitude", unit: "°", limit: null },
];

function drawnValue(frame: ReportFrame, metric: string): number | null {
  const value = metric === "altitude" ? frame.metadata?.altitude : frame.measurements?.[metric];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Every metric of a group over the night; empty where there are no two frames to draw. `limits` are the report's settings. */
export function timelines(group: ReportGroup, frames: readonly ReportFrame[], limits: Limits, linkOf: LinkOf): string {
  const wide = frames.length > MANY;
  const width = wide ? 1280 : 640;
  const axis = timeAxis(frames, [LEFT, width - RIGHT], [TOP, HEIGHT - BOTTOM]);
  const plots = PLOTTED.map((plotted) => timeline(plotted, { group, frames, limits, linkOf, axis, width })).join("");
  return plots && `<div class="plots${wide ? " wide" : ""}">${plots}</div>${legend(axis.note)}`;
}

interface Drawing {
  group: ReportGroup;
  frames: readonly ReportFrame[];
  limits: Limits;
  linkOf: LinkOf;
  axis: TimeAxis;
  width: number;
}

interface Point {
  frame: ReportFrame;
  kind: VerdictKind;
  x: number;
  value: number;
}

function timeline(plotted: Plotted, { group, frames, limits, linkOf, axis, width }: Drawing): string {
  const points: Point[] = frames.flatMap((frame, index) => {
    const value = drawnValue(frame, plotted.metric);
    return value === null ? [] : [{ frame, kind: finalVerdict(frame), x: axis.x[index], value }];
  });
  if (points.length < 2) return "";
  const base = Object.hasOwn(group.baseline, plotted.metric) ? group.baseline[plotted.metric] : null;
  const limit = base && plotted.limit ? plotted.limit(base.median, limits) : null;
  const [low, high] = range(points, base, limit);
  const y = (value: number): number => tenth(HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM));
  const right = width - RIGHT;
  const parts = [axis.gaps];
  const ticks = niceTicks(low, high, 4);
  for (const tick of ticks)
    parts.push(
      `<path class="grid" d="M${LEFT} ${y(tick)}H${right}"/><text class="tick" x="${LEFT - 6}" y="${tenth(y(tick) + 3.5)}" text-anchor="end">${tickText(tick, ticks)}</text>`,
    );
  parts.push(axis.ticks);
  if (base) {
    for (const sigmas of [3, 1]) {
      const top = y(Math.min(high, base.median + sigmas * base.sigma));
      const bottom = y(Math.max(low, base.median - sigmas * base.sigma));
      parts.push(`<rect class="band" x="${LEFT}" y="${top}" width="${right - LEFT}" height="${tenth(bottom - top)}"/>`);
    }
    parts.push(`<path class="median" d="M${LEFT} ${y(base.median)}H${right}"/>`);
  }
  if (limit !== null && limit >= low && limit <= high) parts.push(`<path class="limit" d="M${LEFT} ${y(limit)}H${right}"/>`);
  parts.push(marks(points, y, low, high, linkOf));
  const heading = `${plotted.label}${plotted.unit ? `, ${plotted.unit}` : ""}${skyScale(plotted, frames)}`;
  const notes = [
    base ? `good part ${shortNumber(base.median)} ± ${shortNumber(base.sigma)}` : "",
    limit === null ? "" : `limit ${shortNumber(limit)}`,
  ];
  const note = notes.filter(Boolean).join(", ");
  return `<svg class="plot" viewBox="0 0 ${width} ${HEIGHT}" role="group" aria-label="${html(`${heading} over the night; ${note}`)}"><text class="name" x="${LEFT}" y="15">${html(heading)}</text><text class="tick" x="${right}" y="15" text-anchor="end">${html(note)}</text>${parts.join("")}</svg>`;
}

/** What one pixel is on the sky, where all frames of the group agree on it. */
function skyScale(plotted: Plotted, frames: readonly ReportFrame[]): string {
  const scale = frames[0]?.metadata?.pixelScale;
  if (plotted.unit !== "px" || typeof scale !== "number" || !frames.every((frame) => frame.metadata?.pixelScale === scale)) return "";
  return ` (1 px = ${shortNumber(scale)}″)`;
}

/** Good frames, their band and the limit are always within; contaminated ones only as far as they do not flatten the rest. */
function range(points: readonly Point[], base: { median: number; sigma: number } | null, limit: number | null): [number, number] {
  const kept = points.filter((point) => point.kind !== "contaminated").map((point) => point.value);
  const [keptLow, keptHigh] = extentOf([
    ...(kept.length > 0 ? kept : middle(points.map((point) => point.value))),
    ...(base ? [base.median - 3 * base.sigma, base.median + 3 * base.sigma] : []),
    ...(limit === null ? [] : [limit]),
  ]);
  const [allLow, allHigh] = extentOf(points.map((point) => point.value));
  const room = 2 * (keptHigh - keptLow);
  let low = Math.min(keptLow, Math.max(allLow, keptLow - room));
  let high = Math.max(keptHigh, Math.min(allHigh, keptHigh + room));
  if (allLow >= 0) low = Math.max(0, low);
  if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) {
    low -= Math.abs(low) * 0.05 || 0.5;
    high += Math.abs(high) * 0.05 || 0.5;
  }
  const margin = 0.04 * (high - low);
  return [low === 0 ? 0 : low - margin, high + margin];
}

/** The middle nine tenths. */
function middle(values: number[]): number[] {
  const sorted = values.sort((a, b) => a - b);
  const cut = Math.floor(sorted.length / 20);
  return sorted.slice(cut, sorted.length - cut);
}

const DRAWN_LAST: readonly VerdictKind[] = ["clean", "review", "contaminated"];

/** Flagged frames lie on top of clean ones. Where there are thousands, those that fall on the same spot are drawn once. */
function marks(points: readonly Point[], y: (value: number) => number, low: number, high: number, linkOf: LinkOf): string {
  const many = points.length > MANY;
  const size = many ? 3 : 4;
  const parts: string[] = [];
  const dots: string[] = [];
  const taken = new Set<string>();
  for (const kind of DRAWN_LAST) {
    for (const point of points) {
      if (point.kind !== kind) continue;
      const within = point.value >= low && point.value <= high;
      const at = y(Math.min(high, Math.max(low, point.value)));
      if (many) {
        const spot = `${kind} ${Math.round(point.x)} ${Math.round(at)}`;
        if (taken.has(spot)) continue;
        taken.add(spot);
      }
      if (many && kind === "clean" && within) dots.push(`M${point.x} ${at}h0`);
      else parts.push(linked(point, within ? mark(kind, point.x, at, size) : beyond(kind, point.x, at, point.value > high), linkOf));
    }
  }
  return (dots.length > 0 ? `<path class="dots" d="${dots.join("")}"/>` : "") + parts.join("");
}

/** An arrow at the border for what lies beyond the scale. */
function beyond(kind: VerdictKind, x: number, y: number, above: boolean): string {
  const d = above ? -1 : 1;
  return `<path class="m-${kind}" d="M${tenth(x - 4)} ${tenth(y - 4 * d)}L${x} ${tenth(y + 2 * d)}L${tenth(x + 4)} ${tenth(y - 4 * d)}M${x} ${tenth(y + 2 * d)}V${tenth(y - 9 * d)}"/>`;
}

function linked({ frame, kind, value }: Point, drawing: string, linkOf: LinkOf): string {
  const why = whyLines(frame).join("\n") || "nothing unusual";
  const tip = `${frame.path}\n${shortNumber(value)}, ${VERDICT_NAMES[kind]}\n${why}`;
  return `<a href="${linkOf(frame)}" tabindex="-1"><title>${html(tip)}</title>${drawing}</a>`;
}

function legend(note: string): string {
  const entry = (kind: VerdictKind): string =>
    `<span><svg class="glyph" viewBox="-6 -6 12 12" aria-hidden="true">${mark(kind, 0, 0, 4.5)}</svg> ${VERDICT_NAMES[kind]}</span>`;
  const swatch = (name: string): string => `<svg class="swatch" viewBox="0 0 24 12" aria-hidden="true">${name}</svg>`;
  return `<p class="legend">${entry("clean")}${entry("review")}${entry("contaminated")}
<span>${swatch('<rect class="band" width="24" height="12"/><rect class="band" y="3" width="24" height="6"/><path class="median" d="M0 6H24"/>')} good part: median, ±1 and ±3 sigma</span>
<span>${swatch('<path class="limit" d="M0 6H24"/>')} limit</span><span>${swatch('<path class="m-contaminated" d="M8 9L12 3L16 9M12 3V12"/>')} beyond the scale</span>
<span>${html(note)}</span></p>`;
}
