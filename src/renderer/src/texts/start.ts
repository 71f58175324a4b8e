import type { InterruptedNight } from "../../../shared/contract.ts";
import { counted } from "./counted.ts";

const frames = (count: number) => counted(count, "frame");

/** How the last session ended, in one sentence. */
function wasDoing({ doing, found, finished, review }: Pick<InterruptedNight, "doing" | "found" | "finished" | "review">): string {
  const graded = finished < found ? `${finished} of ${frames(found)} graded` : `all ${frames(found)} graded`;
  const state = `${graded}${review > 0 ? `, ${review} in doubt` : ""}`;
  switch (doing) {
    case "grading":
      if (found === 0) return "Its frames were just being looked for.";
      return `Grading was under way: ${state}. What was graded is remembered.`;
    case "watching":
      return `This folder was being watched for new frames: ${state}.`;
    case "reviewing":
      return `You were reviewing: ${state}. Every decision you made is kept.`;
    case "looking":
      return `You were looking at this night: ${state}.`;
  }
}

/** Words of the first screen, recent nights and what was interrupted. */
export const startTexts = {
  title: "Drop a night here",
  lead: "A folder of sub-exposures, straight from the capture computer. Subfolders are included; several folders at once are fine.",
  openFiles: "Open files…",
  formats: "FITS · XISF · TIFF · PNG · JPEG · camera RAW",
  promise: "Everything stays on this computer: no account, no network. Grading only reads your files.",
  demo: {
    what: "No frames at hand? A made-up night of 40 frames, with satellites, cloud, a drifting focus and a gust. It takes about half a minute.",
  },
  goOn: {
    label: "Go on where you were",
    button: "Go on",
    wasDoing,
    away: "Its folder is not there now. Connect its drive, then go on.",
    lookAgain: "Look again",
  },
  recent: {
    label: "Recent nights",
    frames,
    kept: (time: string) => `${time} kept`,
    inDoubt: (count: number) => `${count} in doubt`,
    noDoubt: "none in doubt",
    opened: (day: string) => `opened ${day}`,
    away: "Not there now",
    stillAway: (title: string) => `${title} is still not there. Connect its drive, then try again.`,
    forget: (title: string) => `Take ${title} off this list`,
    forgotten: (title: string) => `${title} is off the list. Its files and your decisions are untouched.`,
    keys: "Enter opens, Delete takes off the list",
  },
} as const;
