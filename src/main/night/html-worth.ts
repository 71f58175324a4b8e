import { durationText, percentText, shortNumber } from "../../shared/quantity-words.ts";
import { extentOf, html, niceTicks, tenth, tickText } from "./html-text.ts";
import type { StackClass, StackWorth, WorthPoint, WorthStage } from "./worth.ts";
import { type GroupWorth, worthSentences } from "./worth-report.ts";

const WIDTH = 640;
const HEIGHT = 250;
const LEFT = 46;
const RIGHT = 12;
const TOP = 30;
const BOTTOM = 34;
/** More points than this no screen can tell apart. */
const MOST_POINTS = 300;

/** "Is it worth keeping": the curve, a sentence, and the same in figures. */
export function worthSection(group: GroupWorth): string {
  const { worth, otherHarm, unmeasured } = group;
  const sentences = worthSentences(group);
  const lead = worth.clean
    ? sentences.length > 0
      ? sentences.join(" ")
      : "Every frame that could be compared is in the stack already."
    : "No frame of this group is clean, so there is no clean stack to compare with: 100 % is the plain average of all frames.";
  const notes = [
    optimum(worth),
    otherHarm > 0
      ? `${counted(otherHarm)} left out: their harm is none that SNR can tell (half-covered field, gradient, trail, doubled stars).`
      : "",
    unmeasured > 0 ? `${counted(unmeasured)} left out: no stars to compare.` : "",
    "SNR is that of stars: their light and width against the noise of the sky.",
  ];
  return `<section class="worth"><h3>Is it worth keeping?</h3><p>${html(lead)}</p>
<div class="side"><div>${curve(worth)}</div><div class="scroll" tabindex="0">${table(worth)}<p class="quiet">${html(notes.filter(Boolean).join(" "))}</p></div></div></section>`;
}

function counted(frames: number): string {
  return frames === 1 ? "1 frame is" : `${frames} frames are`;
}

function optimum({ points, bestAverage, bestWeighted }: StackWorth): string {
  const share = (best: number): string =>
    best === points.length - 1 ? `all ${points.length} frames` : `the best ${best + 1} of ${points.length} frames`;
  return bestAverage === bestWeighted
    ? `SNR is highest with ${share(bestAverage)}, weighted or not.`
    : `SNR is highest with ${share(bestAverage)} in a plain average, with ${share(bestWeighted)} when weighted.`;
}

const STAGE_NAMES: Record<StackClass, string> = {
  clean: "clean frames only",
  review: "with those to review",
  contaminated: "with contaminated ones too",
};

function table(worth: StackWorth): string {
  const row = (kind: StackClass, stage: WorthStage | null): string =>
    stage
      ? `<tr><th scope="row">${STAGE_NAMES[kind]}</th><td>${stage.frames}</td><td>${stage.seconds === null ? "" : durationText(stage.seconds / 60)}</td><td>${percentText(stage.average.stars)}</td><td>${percentText(stage.weighted.stars)}</td><td>${percentText(stage.average.surface)}</td><td>${shortNumber(stage.fwhmAverage)}</td></tr>`
      : "";
  return `<table class="figures"><thead><tr><th scope="col">Stack</th><th scope="col">Frames</th><th scope="col">Exposure</th><th scope="col">SNR, average</th><th scope="col">SNR, weighted</th><th scope="col">Nebula SNR, average</th><th scope="col">FWHM, px</th></tr></thead><tbody>${row("clean", worth.clean)}${row("review", worth.review)}${row("contaminated", worth.contaminated)}</tbody></table>`;
}

function curve(worth: StackWorth): string {
  const { points } = worth;
  const timed = points.every((point) => point.seconds !== null);
  const along = (point: WorthPoint): number => (timed ? (point.seconds ?? 0) / 60 : point.frames);
  const longest = Math.max(along(points[points.length - 1]), 1e-9);
  const [, highest] = extentOf(points.flatMap((point) => [point.average.stars, point.weighted.stars]));
  const top = Math.max(1, highest) * 1.06;
  const x = (value: number): number => tenth(LEFT + (value / longest) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number => tenth(HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM));
  const yTicks = niceTicks(0, top, 5);
  const xTicks = timed ? niceTicks(0, longest, 7) : niceTicks(0, longest, 7).filter(Number.isInteger);
  const parts = [zones(worth, along, x)];
  for (const tick of yTicks)
    parts.push(
      `<path class="grid" d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}"/><text class="tick" x="${LEFT - 6}" y="${tenth(y(tick) + 3.5)}" text-anchor="end">${Math.round(tick * 100)} %</text>`,
    );
  for (const tick of xTicks)
    parts.push(
      `<text class="tick" x="${x(tick)}" y="${HEIGHT - BOTTOM + 15}" text-anchor="middle">${timed ? tickText(tick, xTicks) : tick}</text>`,
    );
  const drawn = thinned(points);
  const line = (of: (point: WorthPoint) => number): string =>
    drawn.map((point, i) => `${i === 0 ? "M" : "L"}${x(along(point))} ${y(of(point))}`).join("");
  parts.push(
    `<path class="weighted" d="${line((point) => point.weighted.stars)}"/>`,
    `<path class="average" d="${line((point) => point.average.stars)}"/>`,
  );
  const best = points[worth.bestAverage];
  const bestWeighted = points[worth.bestWeighted];
  parts.push(
    `<circle class="best weighted" cx="${x(along(bestWeighted))}" cy="${y(bestWeighted.weighted.stars)}" r="5"><title>weighted: best at ${bestWeighted.frames} frames, ${percentText(bestWeighted.weighted.stars)}</title></circle>`,
    `<circle class="best average" cx="${x(along(best))}" cy="${y(best.average.stars)}" r="5"><title>plain average: best at ${best.frames} frames, ${percentText(best.average.stars)}</title></circle>`,
  );
  const axis = timed ? "minutes of exposure, best frames first" : "frames, best first";
  return `<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="SNR of the stack against ${axis}"><text class="name" x="${LEFT}" y="15">SNR of the stack</text>
<path class="average" d="M${WIDTH - 250} 11h22"/><text class="tick" x="${WIDTH - 223}" y="15">plain average</text><path class="weighted" d="M${WIDTH - 142} 11h22"/><text class="tick" x="${WIDTH - 115}" y="15">weighted</text><circle class="best" cx="${WIDTH - 52}" cy="11" r="4.5"/><text class="tick" x="${WIDTH - 43}" y="15">best</text>
${parts.join("")}<text class="tick" x="${tenth((LEFT + WIDTH - RIGHT) / 2)}" y="${HEIGHT - 4}" text-anchor="middle">${axis}</text></svg>`;
}

/** Where clean frames end and doubtful and contaminated ones begin. */
function zones(worth: StackWorth, along: (point: WorthPoint) => number, x: (value: number) => number): string {
  let from = x(0);
  return (["clean", "review", "contaminated"] as const)
    .map((kind) => {
      const stage = worth[kind];
      if (!stage) return "";
      const to = x(along(stage));
      const width = tenth(to - from);
      const name = kind === "review" ? "to review" : kind;
      const label =
        width > name.length * 6.5
          ? `<text class="tick" x="${tenth((from + to) / 2)}" y="${HEIGHT - BOTTOM - 7}" text-anchor="middle">${name}</text>`
          : "";
      const zone = `<g class="zone z-${kind}"><title>${name}</title><rect x="${from}" y="${TOP}" width="${width}" height="${HEIGHT - TOP - BOTTOM}"/>${label}</g>`;
      from = to;
      return zone;
    })
    .join("");
}

function thinned(points: readonly WorthPoint[]): WorthPoint[] {
  const step = Math.max(1, Math.ceil(points.length / MOST_POINTS));
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
