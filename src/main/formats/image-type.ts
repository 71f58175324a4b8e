import type { ImageType } from "../../shared/domain.ts";
import type { Keywords } from "./keywords.ts";

const NAMES = ["IMAGETYP", "FRAMETYP", "FRAME", "IMGTYPE", "IMTYPE", "IMAGETYPE", "OBSTYPE", "EXPTYPE", "PICTYPE", "OBJTYPE"];

/** First match wins; the text is upper case without anything but letters. */
const KINDS: [RegExp, ImageType][] = [
  [/MASTER|STACK|INTEGRAT/, "master"],
  [/FLATDARK|DARKFLAT|DARKFORFLAT/, "dark-flat"],
  [/BIAS|OFFSET|^ZERO/, "bias"],
  [/FLAT|TWILIGHT/, "flat"],
  [/DARK/, "dark"],
  [/LIGHT|^OBJECT|SCIENCE|^SCI$|TRICOLOR|TRICOLOUR|^IMAGING|SNAPSHOT|^COLOU?R|^LRGB|^RGB$/, "light"],
];

/** SBFITSEXT: 1 light, 2 bias, 3 dark, 4 flat. */
const PICTTYPE: ImageType[] = ["unknown", "light", "bias", "dark", "flat"];

/** What the file says it is; `unknown` when it does not say, or says something of its own. */
export function imageTypeFromKeywords(keywords: Keywords): ImageType {
  for (const name of NAMES) {
    const kind = imageTypeFromText(keywords.text(name) ?? "");
    if (kind !== "unknown") return kind;
  }
  return PICTTYPE[keywords.integer("PICTTYPE") ?? 0] ?? "unknown";
}

export function imageTypeFromText(text: string): ImageType {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, "");
  return KINDS.find(([pattern]) => pattern.test(letters))?.[1] ?? "unknown";
}

const COUNTS = ["STACKCNT", "NCOMBINE", "NCOMB", "NSTACK", "NUMSTACK", "NUMSUBS", "NSUBEXP", "STACKED", "LIGH_CNT", "LUM_CNT", "SNAPSHOT"];

/** What stacking programs leave in HISTORY, with the number of frames where they tell it. */
const HISTORY = [
  /^\s*ImageIntegration\.numberOfImages:\s*(\d+)/i,
  /\bstacking result\b.*?(\d+)/i,
  /\b(?:mean|median|sum|max|min)\s+stacking\b/i,
  /\bintegration of (\d+) (?:images|frames)/i,
  /\b(?:stack|stacked|combined|average|median) of (\d+) (?:images|frames|lights|exposures)/i,
];

/** How many exposures are in the file; null when nothing tells. A stack that does not say how many counts as 2. */
export function stackCountFromKeywords(keywords: Keywords): number | null {
  let stated: number | null = null;
  for (const name of COUNTS) {
    const value = keywords.integer(name);
    if (value !== null && value >= 1 && value < 1e6) stated = Math.max(stated ?? 1, value);
  }
  if (stated !== null) return stated;
  for (const line of keywords.history) {
    for (const pattern of HISTORY) {
      const match = pattern.exec(line);
      if (match !== null) return Math.max(2, Number(match[1] ?? "2"));
    }
  }
  return combinedByIraf(keywords);
}

/** IRAF's imcombine lists its input as IMCMB001, IMCMB002 ... */
function combinedByIraf(keywords: Keywords): number | null {
  let count = 0;
  for (const name of keywords.names()) if (/^IMCMB\d{3}$/.test(name)) count++;
  return count > 1 ? count : null;
}
