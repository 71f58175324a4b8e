import type { ReportFrame } from "../../shared/domain.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { shortNumber } from "../../shared/quantity-words.ts";
import { whyLines } from "../../shared/words.ts";
import type { ReportedFile } from "../report-services.ts";
import { printable } from "./tables.ts";

export const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["K", "keep the frame, and go on"],
  ["X", "reject it, and go on"],
  ["R", "leave it in review, and go on"],
  ["U", "undo the last decision (as often as there are any)"],
  ["← →", "to the frame before, the next one"],
  ["Home End", "to the first, the last one"],
  ["Space", "the night's stretch, or the frame's own"],
  ["B", "blink with the nearest good frame"],
  ["T", "marks on or off"],
  ["?", "this list"],
  ["Q", "finish; every decision is saved already"],
];

export interface ReviewView {
  item: ReportedFile;
  index: number;
  count: number;
  /** Name of the frame that is shown instead while blinking. */
  blink: string | null;
  stretch: "night" | "own";
  message: string;
}

const COLOURS = { clean: "32", contaminated: "31", review: "33", "not-light": "90", unreadable: "35" } as const;

/** The lines above and below the picture. */
export function reviewLines(view: ReviewView): { head: string; foot: string[] } {
  const { frame, file } = view.item;
  const shown = view.blink === null ? printable(frame.path) : `blinking: ${printable(view.blink)}`;
  const facts = ["fwhm", "hfr", "eccentricity", "stars", "background", "transparency"].flatMap((name) => {
    const value = frame.measurements?.[name];
    return typeof value === "number" ? [`${name} ${shortNumber(value)}`] : [];
  });
  return {
    head: `\u001b[1m${view.index + 1}/${view.count}\u001b[0m  ${shown}  \u001b[90m${view.stretch === "night" ? "night's stretch" : "own stretch"}\u001b[0m`,
    foot: [
      verdictText(frame),
      ...whyLines(frame)
        .slice(0, 3)
        .map((line) => `  ${printable(line)}`),
      `\u001b[90m${facts.join("  ")}\u001b[0m`,
      `\u001b[90m${printable(file)}\u001b[0m`,
      view.message === ""
        ? "\u001b[90mK keep  X reject  R review  U undo  ←→  Space stretch  B blink  ? help  Q quit\u001b[0m"
        : view.message,
    ],
  };
}

function verdictText(frame: ReportFrame): string {
  const chance = frame.probability === null ? "" : `, ${Math.round(frame.probability * 100)} % contaminated`;
  const own = `${frame.verdict}${chance}`;
  const verdict = finalVerdict(frame);
  const decided = frame.decided
    ? `\u001b[${COLOURS[verdict]};1mdecided: ${verdict}\u001b[0m   (program: ${own})`
    : `\u001b[${COLOURS[verdict]};1m${own}\u001b[0m`;
  return decided;
}
