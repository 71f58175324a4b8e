import { GRID_COLUMNS, GRID_ROWS, type Reason } from "./domain.ts";
import { metricNamed } from "./night-metrics.ts";
import { percentText, shortNumber } from "./quantity-words.ts";

type Fact = (value: number, reason: Reason) => string;

const CELLS = GRID_COLUMNS * GRID_ROWS;

/** What each metric of the judgement's own rules means in words; the value and its limit keep their numbers. */
const FACTS: Record<string, Fact | undefined> = {
  transparency: (value, { limit }) =>
    `${shareBeside(Math.max(0, 1 - value), limit === null ? null : 1 - limit)} of the starlight lost${atMost(limit, (x) => percentText(1 - x))}`,
  cellTransparency: (value, { limit }) => `dimmed in ${shareBeside(value, limit)} of the field${atMost(limit, percentText)}`,
  cellsWithoutStars: (value, { limit }) => `no stars left in ${shareBeside(value, limit)} of the field${atMost(limit, percentText)}`,
  weight: (value, { limit }) => `worth ${shareBeside(value, limit)} of a typical good frame${atLeast(limit, percentText)}`,
  fwhm: wide("px"),
  fwhmSeen: wide("px"),
  fwhmArcsec: wide("arcsec"),
  hfr: (value, { baseline, limit }) => `half of the light within ${px(value)}${against(baseline, px)}${atMost(limit, shortNumber)}`,
  eccentricity: elongated,
  eccentricitySeen: elongated,
  doubled: (value, { limit }) => `${shareBeside(value, limit)} of the stars are double${atMost(limit, percentText)}`,
  donuts: (value, { limit }) => `${shareBeside(value, limit)} of the stars are rings${atMost(limit, percentText)}`,
  background: (value, { baseline, limit }) =>
    `sky at ${shortNumber(value)} ADU${against(baseline, shortNumber)}${atMost(limit, shortNumber)}`,
  saturated: (value, { limit }) => `${shareBeside(value, limit)} of the pixels saturated${atMost(limit, percentText)}`,
  gradient: (value, { limit }) => `sky ${shortNumber(value)} times as bright on one side as on the other${atMost(limit, shortNumber)}`,
  stars: (value, { baseline, limit }) => `${counted(value, "star")}${against(baseline, shortNumber)}${atLeast(limit, shortNumber)}`,
  starsFitted: (value, { limit }) => `${counted(value, "star")} fit to be measured${atLeast(limit, shortNumber)}`,
  matchedStars: () => "its stars are not those of the other frames",
  shift: (value) => `the field lies ${Math.round(value)} px from that of the other frames`,
  rowBanding: (value, { limit }) => `stripes along the rows ${shortNumber(value)} times what noise makes${atMost(limit, shortNumber)}`,
  columnBanding: (value, { limit }) =>
    `stripes along the columns ${shortNumber(value)} times what noise makes${atMost(limit, shortNumber)}`,
  cloudedFrames: (value) => `a gap in a night of which ${percentText(value)} was clouded: how clear it was cannot be told`,
  lostRows: (value, { limit }) => `${shareBeside(value, limit)} of the rows hold a single value${atMost(limit, percentText)}`,
  emptyEdge: (value, { limit }) => `${shareBeside(value, limit)} of the frame is empty${atMost(limit, percentText)}`,
  tornRows: (value) => `no star is in its place over ${percentText(value)} of the height`,
  emptyCells: (value) => `${Math.round(value)} of ${CELLS} cells hold no data`,
  noise: (value) => (value === 0 ? "every pixel has the same value" : `noise ${shortNumber(value)} ADU`),
  groupFrames: (value, { limit }) =>
    limit !== null && value >= limit ? `hardly any of the ${value} is good` : `${counted(value, "frame")}${atLeast(limit, shortNumber)}`,
  trailPeakSigma: (value, { where }) => {
    const trails = where?.lines?.length ?? 1;
    return `${trails === 1 ? "a trail" : `${trails} trails`}, ${shortNumber(value)} sigma at the brightest`;
  },
};

function wide(unit: string): Fact {
  return (value, { baseline, limit }) =>
    `stars ${shortNumber(value)} ${unit} wide${against(baseline, shortNumber)}${atMost(limit, shortNumber)}`;
}

function elongated(value: number, { baseline, limit }: Reason): string {
  return `stars elongated, eccentricity ${shortNumber(value)}${against(baseline, shortNumber)}${atMost(limit, shortNumber)}`;
}

/** A share with the decimal that tells it from its limit, where whole percents would not. */
function shareBeside(value: number, limit: number | null): string {
  const text = percentText(value);
  return limit !== null && text === percentText(limit) ? `${(value * 100).toFixed(1)} %` : text;
}

function px(value: number): string {
  return `${shortNumber(value)} px`;
}

function counted(value: number, noun: string): string {
  return `${shortNumber(value)} ${noun}${value === 1 ? "" : "s"}`;
}

function against(baseline: number | null, text: (value: number) => string): string {
  return baseline === null ? "" : ` against ${text(baseline)}`;
}

function atMost(limit: number | null, text: (value: number) => string): string {
  return limit === null ? "" : ` (at most ${text(limit)})`;
}

function atLeast(limit: number | null, text: (value: number) => string): string {
  return limit === null ? "" : ` (at least ${text(limit)})`;
}

/** What was measured and what would have been all right, in words; a metric without words of its own gets its label and numbers. */
export function reasonFact(reason: Reason): string {
  const say = Object.hasOwn(FACTS, reason.metric) ? FACTS[reason.metric] : undefined;
  return say && reason.value !== null ? say(reason.value, reason) : plainFact(reason);
}

/** Label, value, and everything it was held against: for any metric, whichever way its limit lies. */
export function plainFact(reason: Reason): string {
  const label = metricNamed(reason.metric)?.label ?? reason.metric;
  const unit = reason.unit && reason.unit !== "ratio" && reason.unit !== "share" ? ` ${reason.unit}` : "";
  const value = reason.value === null ? "" : ` ${shortNumber(reason.value)}${unit}`;
  const notes: string[] = [];
  if (reason.baseline !== null) notes.push(`night ${shortNumber(reason.baseline)}`);
  if (reason.limit !== null) notes.push(`limit ${shortNumber(reason.limit)}`);
  if (reason.z !== null) notes.push(`${reason.z > 0 ? "+" : ""}${reason.z.toFixed(1)} sigma`);
  return `${label}${value}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}
