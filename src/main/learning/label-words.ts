import { REASON_CODES, type ReasonCode } from "../../shared/domain.ts";
import type { LabelTruth } from "../../shared/evaluation.ts";

/** What a label says; `truth` is null for what is no light to be graded (a dark, a broken file). */
interface LabelMeaning {
  truth: LabelTruth | null;
  causes: ReasonCode[];
}

const GOOD = ["clean", "good", "ok", "okay", "keep", "kept", "accept", "accepted", "usable", "fine"];
const BAD = ["contaminated", "bad", "reject", "rejected", "discard", "discarded", "ruined", "unusable", "other"];
const DOUBTFUL = ["borderline", "review", "doubtful", "maybe", "marginal", "unsure", "doubt"];
const NOT_GRADED = ["not-light", "bias", "dark", "flat", "master", "stack", "not-astro", "unreadable", "corrupt"];

/** The words people and programs use for a verdict's causes. */
const CAUSES: Record<ReasonCode, readonly string[]> = {
  clouds: ["cloud", "cloudy"],
  veil: ["veiled", "haze", "hazy", "fog", "foggy", "dew", "dimmed", "thin cloud", "thin clouds"],
  obstruction: ["obstructed", "occluded", "occlusion", "tree", "trees", "dome", "roof", "obstacle"],
  "stray-light": ["light leak", "headlight", "headlights", "torch"],
  "sky-glow": ["glow", "bright sky", "moonlight", "twilight", "dawn", "dusk", "moonrise"],
  focus: ["defocused", "defocussed", "defocus", "unfocused", "out of focus", "blurred", "blurry", "donut", "donuts", "soft"],
  tracking: ["tracked-out", "trailed", "elongated", "guiding", "wind", "shake", "doubled", "eggs", "jump"],
  trail: ["trails", "satellite", "satellites", "aeroplane", "airplane", "aircraft", "plane", "meteor"],
  "off-target": ["wrong field", "off field"],
  overexposed: ["saturated", "overexposure"],
  "no-stars": ["shutter", "no stars at all"],
  "low-snr": ["low signal", "underexposed"],
  "sensor-fault": ["sensor", "banding", "readout"],
  "too-few": [],
};

/** These harm a little, or by a policy that is the user's: either verdict is right when it says why. */
const MILD_BY_THEMSELVES = new Set(["soft", "trail", "trails", "satellite", "satellites", "meteor", "slightly elongated"]);
const MILD = /\b(mild|mildly|slight|slightly|thin|faint|weak|partly|partially|little|maybe|perhaps|borderline)\b|\?/;

const CODE_OF = new Map<string, ReasonCode>();
for (const code of REASON_CODES) for (const word of [code, ...CAUSES[code]]) CODE_OF.set(plain(word), code);

/** Lower case, single spaces; `tracked_out` and `Tracked-Out` are one word. */
function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, " ");
}

const has = (words: readonly string[], word: string): boolean => words.some((entry) => plain(entry) === word);

/** The cause a word stands for; null for no cause known. */
export function causeOf(word: string): ReasonCode | null {
  return CODE_OF.get(plain(word)) ?? null;
}

/**
 * What a label says in the words people write: `clean`, `reject`, `cloud (thin)`, `defocused + gradient`, `other: no stars`.
 * The words before any bracket count; a mild word or a question mark behind a fault makes it borderline. Null when the label
 * says nothing about whether the frame is good.
 */
export function meaningOf(label: string): LabelMeaning | null {
  const [head = "", ...rest] = label
    .split(/[(:+/,;[]/)
    .map(plain)
    .filter((part) => part !== "");
  if (has(GOOD, head)) return { truth: "clean", causes: [] };
  if (has(NOT_GRADED, head)) return { truth: null, causes: [] };
  const causes = [...new Set([head, ...rest].map((part) => CODE_OF.get(part)).filter((code) => code !== undefined))];
  const mild = MILD_BY_THEMSELVES.has(head) || MILD.test(label.toLowerCase());
  if (has(DOUBTFUL, head)) return { truth: "borderline", causes };
  // "other: something" says what only in its second word.
  if (head === "other" && causes.length === 0) return null;
  if (has(BAD, head) || CODE_OF.has(head)) return { truth: mild ? "borderline" : "contaminated", causes };
  return null;
}
