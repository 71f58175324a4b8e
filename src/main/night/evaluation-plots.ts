import type { CauseScore, ReliabilityBin } from "../../shared/evaluation.ts";
import { finePercentText } from "../../shared/quantity-words.ts";
import { causeName } from "../../shared/words.ts";
import { html, tenth } from "./html-text.ts";

const SIDE = 420;
const EDGE = { left: 54, right: 14, top: 34, bottom: 44 };
const WIDTH = SIDE - EDGE.left - EDGE.right;
const HEIGHT = SIDE - EDGE.top - EDGE.bottom;

const px = (share: number): number => tenth(EDGE.left + share * WIDTH);
const py = (share: number): number => tenth(EDGE.top + (1 - share) * HEIGHT);

/** A square with both axes from 0 to 1. */
function square(title: string, across: string, up: string, content: string): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (value) =>
      `<line class="grid" x1="${px(value)}" x2="${px(value)}" y1="${py(0)}" y2="${py(1)}"/><line class="grid" x1="${px(0)}" x2="${px(1)}" y1="${py(value)}" y2="${py(value)}"/><text class="tick" x="${px(value)}" y="${py(0) + 15}" text-anchor="middle">${value}</text><text class="tick" x="${px(0) - 7}" y="${py(value) + 4}" text-anchor="end">${value}</text>`,
  );
  return `<svg class="plot square" viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${html(title)}"><text class="name" x="${EDGE.left}" y="20">${html(title)}</text>${ticks.join("")}
<text class="tick" x="${px(0.5)}" y="${SIDE - 8}" text-anchor="middle">${html(across)}</text><text class="tick" transform="translate(14 ${py(0.5)}) rotate(-90)" text-anchor="middle">${html(up)}</text>${content}</svg>`;
}

/** What was told against what was true, with 95 % intervals; the area of a point grows with its frames. */
export function reliabilityPlot(bins: readonly ReliabilityBin[]): string {
  const most = Math.max(1, ...bins.map((bin) => bin.frames));
  const marks = bins.map((bin) => {
    const x = px(bin.predicted);
    const tip = `${bin.frames} frames told ${bin.predicted.toFixed(3)}: ${finePercentText(bin.observed)} were bad (${finePercentText(bin.low)} to ${finePercentText(bin.high)})`;
    const radius = tenth(2.5 + 5 * Math.sqrt(bin.frames / most));
    return `<g><title>${html(tip)}</title><line class="whisker" x1="${x}" x2="${x}" y1="${py(bin.low)}" y2="${py(bin.high)}"/><circle class="point" cx="${x}" cy="${py(bin.observed)}" r="${radius}"/></g>`;
  });
  const ideal = `<path class="ideal" d="M${px(0)} ${py(0)}L${px(1)} ${py(1)}"/>`;
  return square(
    "Reliability: on the dashed line the probability is true",
    "probability told",
    "share that was bad",
    ideal + marks.join(""),
  );
}

/** Bad frames found against good ones flagged, for every threshold. */
export function rocPlot(roc: readonly (readonly [good: number, bad: number])[]): string {
  if (roc.length < 2) return "";
  const line = roc.map(([good, bad], index) => `${index === 0 ? "M" : "L"}${px(good)} ${py(bad)}`).join("");
  const chance = `<path class="ideal" d="M${px(0)} ${py(0)}L${px(1)} ${py(1)}"/>`;
  return square(
    "ROC: the nearer to the upper left corner the better",
    "good frames flagged",
    "bad frames flagged",
    `${chance}<path class="curve" d="${line}"/>`,
  );
}

const BARS = { width: 560, name: 190, row: 34, top: 30, figures: 150 };

/** Two bars a cause: of its frames how many name it, and of the frames marked down for it how many have it. */
export function causeBars(list: readonly CauseScore[]): string {
  const room = BARS.width - BARS.name - BARS.figures;
  const bar = (kind: "recall" | "precision", y: number, share: number | null, text: string): string =>
    `<rect class="bar-rest" x="${BARS.name}" y="${y}" width="${room}" height="9"/>${share === null ? "" : `<rect class="bar-${kind}" x="${BARS.name}" y="${y}" width="${tenth(share * room)}" height="9"/>`}<text class="tick" x="${BARS.name + room + 8}" y="${y + 8.5}">${html(text)}</text>`;
  const rows = list.map((score, index) => {
    const y = BARS.top + index * BARS.row;
    const named = score.truth > 0 ? `${score.found} of ${score.truth} named` : "in no label";
    const right = score.named > 0 ? `${score.confirmed} of ${score.named} rightly blamed` : "never blamed";
    return `<text class="tick" x="${BARS.name - 10}" y="${y + 15}" text-anchor="end">${html(causeName(score.code))}</text>${bar("recall", y + 1, score.recall, named)}${bar("precision", y + 13, score.precision, right)}`;
  });
  const height = BARS.top + list.length * BARS.row + 6;
  return `<svg class="plot" viewBox="0 0 ${BARS.width} ${height}" role="img" aria-label="Recall and precision per cause"><text class="name" x="10" y="19">recall (upper) and precision (lower)</text>${rows.join("")}</svg>`;
}
