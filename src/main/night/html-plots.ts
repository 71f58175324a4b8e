import type { ReportFrame, ReportGroup, VerdictKind } from "../../shared/domain.ts";
import { type AnyMetricName, metricNamed } from "../../shared/night-metrics.ts";
import { shortNumber } from "../../shared/quantity-words.ts";
import { escapeHtml, whyLines } from "../../shared/words.ts";

const WIDTH = 1120;
const HEIGHT = 132;
const LEFT = 64;
const RIGHT = 12;
const TOP = 22;
const BOTTOM = 20;

/** Shape and colour both tell the verdict, for eyes that do not tell the colours apart. */
function marker(kind: VerdictKind, x: number, y: number, title: string): string {
  const tip = `<title>${escapeHtml(title)}</title>`;
  if (kind === "contaminated") {
    return `<path class="v-${kind}" d="M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}">${tip}</path>`;
  }
  if (kind === "review")
    return `<path class="v-${kind}" d="M${x} ${y - 4.5}L${x + 4.5} ${y}L${x} ${y + 4.5}L${x - 4.5} ${y}Z">${tip}</path>`;
  return `<circle class="v-${kind}" cx="${x}" cy="${y}" r="3">${tip}</circle>`;
}

/** One metric of one group over the night, with the good part's median and its +-3 sigma band. */
export function timeline(group: ReportGroup, frames: readonly ReportFrame[], metric: AnyMetricName): string {
  const points = frames.flatMap((frame, index) => {
    const value = frame.measurements?.[metric];
    return typeof value === "number" ? [{ frame, index, value, time: frame.metadata?.time ?? null }] : [];
  });
  if (points.length < 2) return "";
  const timed = points.every((point) => point.time !== null);
  const xs = points.map((point) => (timed ? (point.time ?? 0) : point.index));
  const base = group.baseline[metric];
  const values = points.map((point) => point.value);
  const low = Math.min(...values, base ? base.median - 3 * base.sigma : Infinity);
  const high = Math.max(...values, base ? base.median + 3 * base.sigma : -Infinity);
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const px = (x: number): number => round(LEFT + ((x - x0) / Math.max(1e-9, x1 - x0)) * (WIDTH - LEFT - RIGHT));
  const py = (y: number): number => round(HEIGHT - BOTTOM - ((y - low) / Math.max(1e-12, high - low)) * (HEIGHT - TOP - BOTTOM));
  const parts: string[] = [];
  if (base) {
    const top = py(base.median + 3 * base.sigma);
    parts.push(
      `<rect class="band" x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${round(py(base.median - 3 * base.sigma) - top)}"/>`,
    );
    parts.push(`<line class="median" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${py(base.median)}" y2="${py(base.median)}"/>`);
  }
  for (const value of [low, high])
    parts.push(`<text class="tick" x="${LEFT - 8}" y="${py(value) + 4}" text-anchor="end">${shortNumber(value)}</text>`);
  parts.push(...timeTicks(x0, x1, timed, px));
  points.forEach((point, i) => {
    const why = whyLines(point.frame).join("; ") || "nothing unusual";
    parts.push(
      marker(
        point.frame.verdict,
        px(xs[i]),
        py(point.value),
        `${point.frame.path}\n${shortNumber(point.value)}\n${point.frame.verdict}: ${why}`,
      ),
    );
  });
  const { label = metric, unit = "" } = metricNamed(metric) ?? {};
  const heading = `${label}${unit ? `, ${unit}` : ""}`;
  return `<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(heading)}"><text class="name" x="${LEFT}" y="14">${escapeHtml(heading)}</text>${parts.join("")}</svg>`;
}

function timeTicks(x0: number, x1: number, timed: boolean, px: (x: number) => number): string[] {
  const y = HEIGHT - 4;
  if (!timed) return [`<text class="tick" x="${LEFT}" y="${y}">frames in the order of their names</text>`];
  const hour = 3_600_000;
  const step = [hour / 6, hour / 2, hour, 2 * hour, 6 * hour, 24 * hour].find((size) => (x1 - x0) / size <= 10) ?? 48 * hour;
  const ticks: string[] = [];
  for (let t = Math.ceil(x0 / step) * step; t <= x1; t += step) {
    const text = new Date(t).toISOString().slice(11, 16);
    ticks.push(
      `<line class="grid" x1="${px(t)}" x2="${px(t)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/><text class="tick" x="${px(t)}" y="${y}" text-anchor="middle">${text}</text>`,
    );
  }
  return ticks;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
