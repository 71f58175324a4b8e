import { GRID_COLUMNS, GRID_ROWS, type ReasonCode, type ReportFrame, type ReportGroup } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { shortNumber } from "../../shared/quantity-words.ts";
import { whyLines } from "../../shared/words.ts";
import { clockText, glyph, html, tenth, VERDICT_NAMES } from "./html-text.ts";

/** A picture of a frame for the report: upright JPEG, with what is needed to draw on it. */
export interface ReportPicture {
  jpeg: Uint8Array;
  width: number;
  height: number;
  /** Picture pixels per sensor pixel. */
  scale: number;
  /** Whether the picture's rows run against the stored rows. */
  flipped: boolean;
  /** JPEG of one typical star and its surroundings, pixel by pixel: at the size of a card all stars look sharp. */
  star?: Uint8Array | null;
}

export interface CardOptions {
  group: ReportGroup | null;
  /** Ids of the card itself and of the frame's row in the table. */
  id: string;
  row: string;
  /** Why this frame is shown, where its verdict does not say it. */
  caption?: string;
  /** A star of a good frame of the group, to hold this frame's star against. */
  goodStar?: Uint8Array | null;
}

/** One frame with its picture, what was found drawn on it, why, and its numbers beside those of the group. */
export function card(frame: ReportFrame, picture: ReportPicture, { group, id, row, caption, goodStar }: CardOptions): string {
  const verdict = finalVerdict(frame);
  const lines = whyLines(frame);
  const reasons = lines.length > 0 ? `<ul>${lines.map((line) => `<li>${html(line)}</li>`).join("")}</ul>` : "";
  const chance = frame.probability === null || caption ? "" : `<span class="quiet">P(bad) ${Math.round(frame.probability * 100)} %</span>`;
  const decided = frame.decided ? `<span class="quiet">your decision; graded ${VERDICT_NAMES[frame.verdict]}</span>` : "";
  const time = clockText(frame.metadata?.time, true);
  return `<figure class="card" id="${id}"><a class="shot" href="#${id}" title="click to enlarge, point at it to see what lies beneath"><img src="${jpegUrl(picture.jpeg)}" width="${picture.width}" height="${picture.height}" loading="lazy" decoding="async" alt="${html(altText(frame, lines))}"/>${overlay(frame, picture)}${stars(picture.star, caption ? null : goodStar)}</a>
<figcaption><p class="head"><b class="c-${verdict}">${glyph(verdict)} ${VERDICT_NAMES[verdict]}</b>${caption ? `<span class="quiet">${html(caption)}</span>` : ""}${decided}${chance}${time ? `<span class="quiet time">${time} UTC</span>` : ""}</p>
<p class="path"><a href="#${row}" title="${html(frame.path)}">${html(frame.path)}</a></p>${reasons}${numbers(frame, group)}</figcaption></figure>`;
}

function jpegUrl(jpeg: Uint8Array): string {
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString("base64")}`;
}

function stars(own: Uint8Array | null | undefined, good: Uint8Array | null | undefined): string {
  if (!own) return "";
  const image = (jpeg: Uint8Array, name: string): string =>
    `<span><img src="${jpegUrl(jpeg)}" width="96" height="96" alt=""/>${name}</span>`;
  return `<span class="stars">${image(own, good ? "a star here" : "a star")}${good ? image(good, "in a good frame") : ""}</span>`;
}

function altText(frame: ReportFrame, lines: readonly string[]): string {
  return `${frame.path}, ${VERDICT_NAMES[finalVerdict(frame)]}${lines.length > 0 ? `: ${lines.join("; ")}` : ""}`;
}

const NUMBERS = [
  ["fwhmSeen", "FWHM px"],
  ["eccentricitySeen", "Ecc."],
  ["transparency", "Transp."],
  ["stars", "Stars"],
  ["background", "Sky ADU"],
  ["weight", "Weight"],
] as const;

/** Own value over the group's; what is among the reasons stands out. */
function numbers(frame: ReportFrame, group: ReportGroup | null): string {
  const named = new Set(frame.reasons.map((reason) => reason.metric));
  const cells = NUMBERS.flatMap(([metric, label]) => {
    const value = frame.measurements?.[metric];
    if (typeof value !== "number") return [];
    const relative = metric === "transparency" || metric === "weight";
    const usual =
      group && !relative && Object.hasOwn(group.baseline, metric) ? `<small>${shortNumber(group.baseline[metric].median)}</small>` : "";
    return [`<div${named.has(metric) ? ' class="named"' : ""}><dt>${label}</dt><dd>${shortNumber(value)}${usual}</dd></div>`];
  });
  return cells.length > 0 ? `<dl>${cells.join("")}</dl>` : "";
}

/** How far beside a trail its two marks run, in picture pixels: the trail itself stays in sight. */
const BESIDE = 7;

/** Causes that brighten cells; all others darken them or take their stars. */
const BRIGHTENING: ReadonlySet<ReasonCode> = new Set(["stray-light", "sky-glow"]);

/** Cells and trails of a frame's reasons, drawn where they are. */
function overlay(frame: ReportFrame, picture: ReportPicture): string {
  const lost = new Set<string>();
  const bright = new Set<string>();
  const trails: string[] = [];
  for (const reason of frame.reasons) {
    for (const [column, row] of reason.where?.cells ?? [])
      (BRIGHTENING.has(reason.code) ? bright : lost).add(`${column},${picture.flipped ? GRID_ROWS - 1 - row : row}`);
    for (const line of reason.where?.lines ?? []) trails.push(trail(line, picture));
  }
  const shapes = [
    ...(lost.size > 0 ? [cellArea(lost, picture, "lost")] : []),
    ...(bright.size > 0 ? [cellArea(bright, picture, "bright")] : []),
    ...trails,
  ];
  if (shapes.length === 0) return "";
  return `<svg viewBox="0 0 ${picture.width} ${picture.height}" preserveAspectRatio="none" aria-hidden="true">${shapes.join("")}</svg>`;
}

const MOST_TINTED = 30;

/** One tinted area with an outline about it: lines between neighbouring cells would hide the stars. */
function cellArea(cells: ReadonlySet<string>, picture: ReportPicture, kind: "lost" | "bright"): string {
  const width = picture.width / GRID_COLUMNS;
  const height = picture.height / GRID_ROWS;
  const fill: string[] = [];
  const edge: string[] = [];
  for (const cell of cells) {
    const [column, row] = cell.split(",").map(Number);
    const [left, right, top, bottom] = [column * width, (column + 1) * width, row * height, (row + 1) * height].map(tenth);
    fill.push(`M${left} ${top}H${right}V${bottom}H${left}Z`);
    if (!cells.has(`${column - 1},${row}`)) edge.push(`M${left} ${top}V${bottom}`);
    if (!cells.has(`${column + 1},${row}`)) edge.push(`M${right} ${top}V${bottom}`);
    if (!cells.has(`${column},${row - 1}`)) edge.push(`M${left} ${top}H${right}`);
    if (!cells.has(`${column},${row + 1}`)) edge.push(`M${left} ${bottom}H${right}`);
  }
  // Over most of the frame a tint would hide more than it shows: there the outline has to do.
  const tint = cells.size <= MOST_TINTED ? `<path class="cells" d="${fill.join("")}"/>` : "";
  return `<g class="${kind}">${tint}<path class="edge" d="${edge.join("")}"/></g>`;
}

/** Two lines along a trail, and a bar across each end. */
function trail([x1, y1, x2, y2]: [number, number, number, number], picture: ReportPicture): string {
  const upright = (y: number): number => (picture.flipped ? picture.height - 1 - y * picture.scale : y * picture.scale);
  const [ax, ay, bx, by] = [x1 * picture.scale, upright(y1), x2 * picture.scale, upright(y2)];
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const [nx, ny] = [(-(by - ay) / length) * BESIDE, ((bx - ax) / length) * BESIDE];
  const at = (x: number, y: number): string => `${tenth(x)} ${tenth(y)}`;
  return `<path class="trail" d="M${at(ax + nx, ay + ny)}L${at(bx + nx, by + ny)}M${at(ax - nx, ay - ny)}L${at(bx - nx, by - ny)}"/><path class="end" d="M${at(ax + nx, ay + ny)}L${at(ax - nx, ay - ny)}M${at(bx + nx, by + ny)}L${at(bx - nx, by - ny)}"/>`;
}
