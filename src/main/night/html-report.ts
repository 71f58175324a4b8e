import { GRID_COLUMNS, GRID_ROWS, type Report, type ReportFrame, type ReportGroup, type VerdictKind } from "../../shared/domain.ts";
import { shortNumber } from "../../shared/quantity-words.ts";
import { causeName, escapeHtml, whyLines } from "../../shared/words.ts";
import { timeline } from "./html-plots.ts";
import { REPORT_STYLE } from "./html-style.ts";

/** A picture of a frame for the report: upright JPEG, with what is needed to draw on it. */
export interface ReportPicture {
  jpeg: Uint8Array;
  width: number;
  height: number;
  /** Picture pixels per sensor pixel. */
  scale: number;
  /** Whether the picture's rows run against the stored rows. */
  flipped: boolean;
}

const NAMES: Record<VerdictKind, string> = {
  clean: "clean",
  contaminated: "contaminated",
  review: "to review",
  "not-light": "not a light",
  unreadable: "unreadable",
};

/** The whole night on one page that needs nothing else: summary, timelines, pictures of what was flagged, all frames. */
export function htmlReport(report: Report, pictures: ReadonlyMap<string, ReportPicture>): string {
  const groups = report.groups.map((group) => ({ group, frames: inTime(report.frames.filter((frame) => frame.group === group.id)) }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Nebulift: ${escapeHtml(folderName(report.input))}</title><style>${REPORT_STYLE}</style></head><body>
<header><h1>${escapeHtml(folderName(report.input))}</h1><p class="quiet">graded by Nebulift ${escapeHtml(report.app)}</p></header>
${summary(report)}
${kept(report)}
${groups.map(({ group, frames }) => groupSection(group, frames)).join("\n")}
${filmstrip(report, pictures)}
${table(report)}
</body></html>
`;
}

function folderName(path: string): string {
  return path.split("/").filter(Boolean).at(-1) ?? path;
}

function inTime(frames: ReportFrame[]): ReportFrame[] {
  return [...frames].sort((a, b) => (a.metadata?.time ?? 0) - (b.metadata?.time ?? 0) || (a.path < b.path ? -1 : 1));
}

function summary({ summary: s }: Report): string {
  const tile = (kind: VerdictKind, count: number, minutes: number | null): string =>
    `<div class="tile v-${kind}"><b>${count}</b><span>${NAMES[kind]}</span><i>${minutes === null || minutes === 0 ? "" : duration(minutes)}</i></div>`;
  const tiles = [
    tile("clean", s.clean, s.minutes.clean),
    tile("contaminated", s.contaminated, s.minutes.contaminated),
    tile("review", s.review, s.minutes.review),
  ];
  if (s.notLight > 0) tiles.push(tile("not-light", s.notLight, null));
  if (s.unreadable > 0) tiles.push(tile("unreadable", s.unreadable, null));
  const trails = s.minutes.keptDespiteTrail;
  const note = trails > 0 ? `<p class="quiet">${duration(trails)} kept although a trail crosses the frame: stacking removes it.</p>` : "";
  return `<section class="tiles">${tiles.join("")}</section>${note}`;
}

function duration(minutes: number): string {
  if (minutes < 1) return `${Math.round(minutes * 60)} s`;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  return `${Math.floor(minutes / 60)} h ${String(Math.round(minutes % 60)).padStart(2, "0")} min`;
}

/** Hours kept and lost per filter, the lost ones by their first cause. */
function kept(report: Report): string {
  const filters = new Map<string, Map<string, number>>();
  for (const frame of report.frames) {
    if (frame.verdict !== "clean" && frame.verdict !== "contaminated" && frame.verdict !== "review") continue;
    const filter = frame.metadata?.filter ?? "no filter";
    const cause =
      frame.verdict === "contaminated" ? (frame.reasons[0] ? causeName(frame.reasons[0].code) : "unknown") : NAMES[frame.verdict];
    const minutes = (frame.metadata?.exposure ?? 0) / 60;
    const row = filters.get(filter) ?? new Map<string, number>();
    row.set(cause, (row.get(cause) ?? 0) + minutes);
    filters.set(filter, row);
  }
  const longest = Math.max(0, ...[...filters.values()].map((row) => [...row.values()].reduce((a, b) => a + b, 0)));
  if (longest === 0) return "";
  const rows = [...filters]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([filter, row]) => {
      const order = [...row].sort(([a, x], [b, y]) => rank(a) - rank(b) || y - x);
      const bars = order.map(([cause, minutes]) => {
        const kind = cause === NAMES.clean ? "clean" : cause === NAMES.review ? "review" : "contaminated";
        const share = (minutes / longest) * 100;
        return `<span class="bar v-${kind}" style="width:${share.toFixed(2)}%" title="${escapeHtml(`${cause}: ${duration(minutes)}`)}">${share > 9 ? escapeHtml(`${cause} ${duration(minutes)}`) : ""}</span>`;
      });
      return `<tr><th>${escapeHtml(filter)}</th><td class="bars">${bars.join("")}</td></tr>`;
    });
  return `<section><h2>Kept and lost per filter</h2><table class="kept">${rows.join("")}</table></section>`;
}

function rank(cause: string): number {
  return cause === NAMES.clean ? 0 : cause === NAMES.review ? 1 : 2;
}

const PLOTTED = ["fwhm", "eccentricity", "stars", "transparency", "background"] as const;

function groupSection(group: ReportGroup, frames: readonly ReportFrame[]): string {
  const plots = PLOTTED.map((metric) => timeline(group, frames, metric)).join("");
  if (!plots) return "";
  return `<section><h2>${escapeHtml(group.id.split("/").slice(0, 3).join(" · "))} <small>${frames.length} frames</small></h2>${plots}</section>`;
}

function filmstrip(report: Report, pictures: ReadonlyMap<string, ReportPicture>): string {
  const shown = report.frames.filter((frame) => pictures.has(frame.path));
  if (shown.length === 0) return "";
  const figures = shown.map((frame) => {
    const picture = pictures.get(frame.path);
    if (!picture) return "";
    const source = `data:image/jpeg;base64,${Buffer.from(picture.jpeg).toString("base64")}`;
    return `<figure><div class="shot"><img src="${source}" width="${picture.width}" height="${picture.height}" alt="${escapeHtml(frame.path)}">${overlay(frame, picture)}</div>
<figcaption><b class="v-${frame.verdict}">${NAMES[frame.verdict]}</b> ${escapeHtml(frame.path)}<ul>${whyLines(frame)
      .map((line) => `<li>${escapeHtml(line)}</li>`)
      .join("")}</ul></figcaption></figure>`;
  });
  return `<section><h2>What was found</h2><div class="strip">${figures.join("")}</div></section>`;
}

/** Cells and trails of a frame's reasons, drawn where they are. */
function overlay(frame: ReportFrame, picture: ReportPicture): string {
  const cellWidth = picture.width / GRID_COLUMNS;
  const cellHeight = picture.height / GRID_ROWS;
  const shapes: string[] = [];
  const drawn = new Set<string>();
  for (const reason of frame.reasons) {
    for (const [column, row] of reason.where?.cells ?? []) {
      const key = `${column},${row}`;
      if (drawn.has(key)) continue;
      drawn.add(key);
      const y = picture.flipped ? GRID_ROWS - 1 - row : row;
      shapes.push(
        `<rect class="cell" x="${(column * cellWidth).toFixed(1)}" y="${(y * cellHeight).toFixed(1)}" width="${cellWidth.toFixed(1)}" height="${cellHeight.toFixed(1)}"/>`,
      );
    }
    for (const [x1, y1, x2, y2] of reason.where?.lines ?? []) {
      const at = (y: number): string => (picture.flipped ? picture.height - y * picture.scale : y * picture.scale).toFixed(1);
      shapes.push(
        `<line class="trail" x1="${(x1 * picture.scale).toFixed(1)}" y1="${at(y1)}" x2="${(x2 * picture.scale).toFixed(1)}" y2="${at(y2)}"/>`,
      );
    }
  }
  if (shapes.length === 0) return "";
  return `<svg viewBox="0 0 ${picture.width} ${picture.height}" preserveAspectRatio="none">${shapes.join("")}</svg>`;
}

function table(report: Report): string {
  const columns = ["fwhm", "hfr", "eccentricity", "stars", "background", "transparency"] as const;
  const rows = report.frames.map((frame) => {
    const numbers = columns.map((name) => {
      const value = frame.measurements?.[name];
      return `<td class="n">${typeof value === "number" ? shortNumber(value) : ""}</td>`;
    });
    const chance = frame.probability === null ? "" : `${Math.round(frame.probability * 100)} %`;
    return `<tr><td>${escapeHtml(frame.path)}</td><td class="v-${frame.verdict}">${NAMES[frame.verdict]}</td><td class="n">${chance}</td>${numbers.join("")}<td class="why">${escapeHtml(whyLines(frame).join("; "))}</td></tr>`;
  });
  return `<section><h2>All frames</h2><table class="all"><thead><tr><th>Frame</th><th>Verdict</th><th>P(bad)</th><th>FWHM px</th><th>HFR px</th><th>Ecc.</th><th>Stars</th><th>Sky ADU</th><th>Transp.</th><th>Why</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></section>`;
}
