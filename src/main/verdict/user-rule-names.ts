import type { FrameMetadata, ReasonCode } from "../../shared/domain.ts";
import { METRICS, type Metric } from "../../shared/metrics.ts";
import { NIGHT_METRICS } from "../../shared/night-metrics.ts";

/** What a rule may compare, besides text. */
export interface RuleNumber {
  unit: string;
  /** Which end is the worse one; null: neither by itself. */
  better: "lower" | "higher" | null;
  code: ReasonCode;
  /** The least that good frames differ by, as a share of the median and in the number's own unit. */
  floor: { relative: number; absolute: number };
}

type NumberOf<K extends keyof FrameMetadata> = FrameMetadata[K] extends number | null ? K : never;
export type HeaderNumber = Exclude<{ [K in keyof FrameMetadata]: NumberOf<K> }[keyof FrameMetadata], "time">;

const HEADER_NUMBERS: Record<HeaderNumber, { unit: string; better: Metric["better"] }> = {
  exposure: { unit: "s", better: null },
  gain: { unit: "", better: null },
  offset: { unit: "", better: null },
  electronsPerAdu: { unit: "e-/ADU", better: null },
  temperature: { unit: "C", better: null },
  pixelSize: { unit: "um", better: null },
  focalLength: { unit: "mm", better: null },
  pixelScale: { unit: "arcsec/px", better: null },
  focuserPosition: { unit: "", better: null },
  focuserTemperature: { unit: "C", better: null },
  altitude: { unit: "deg", better: "higher" },
  azimuth: { unit: "deg", better: null },
  rightAscension: { unit: "deg", better: null },
  declination: { unit: "deg", better: null },
  rotator: { unit: "deg", better: null },
  skyQuality: { unit: "mag/arcsec2", better: "higher" },
  airmass: { unit: "", better: "lower" },
  stackCount: { unit: "", better: null },
  saturation: { unit: "ADU", better: null },
  bitDepth: { unit: "", better: null },
};

/** What rules may know of a frame that is neither measured nor in its header. */
const VERDICT_NUMBERS: Record<"probability" | "groupFrames", { unit: string; better: Metric["better"] }> = {
  probability: { unit: "", better: "lower" },
  groupFrames: { unit: "frames", better: null },
};

export const RULE_TEXTS = [
  "object",
  "filter",
  "camera",
  "telescope",
  "software",
  "imageType",
  "pierSide",
] as const satisfies (keyof FrameMetadata)[];
export type RuleText = (typeof RULE_TEXTS)[number];

/** Closest cause in the closed list; whatever is not here costs signal. */
const CODES: Partial<Record<ReasonCode, readonly string[]>> = {
  focus: [
    ...["fwhm", "fwhmArcsec", "fwhmScatter", "fwhmSeen", "hfr", "halo", "donuts", "moffatBeta"],
    ...["focuserPosition", "focuserTemperature"],
  ],
  tracking: ["eccentricity", "eccentricityCentre", "eccentricitySeen", "angle", "angleCoherence", "radialCoherence", "doubled"],
  clouds: ["transparency", "cellTransparency", "residual"],
  obstruction: ["cellsWithoutStars"],
  "sky-glow": ["background", "skyFill", "skyQuality"],
  "stray-light": ["gradient", "slopeX", "slopeY", "radial", "cornerRatio"],
  trail: ["trails", "trailPeakSigma", "trailWidth", "trailArea"],
  overexposed: ["saturated", "starsSaturated", "saturation"],
  "sensor-fault": [
    "hotPixels",
    "deadColumns",
    "lostRows",
    "emptyEdge",
    "tornRows",
    "rowBanding",
    "columnBanding",
    "temperature",
    "gain",
    "offset",
  ],
  "off-target": [
    ...["shift", "shiftX", "shiftY", "rotation", "rotator", "matchedStars"],
    ...["object", "rightAscension", "declination", "azimuth", "pierSide"],
  ],
};

const CODE_OF = new Map(Object.entries(CODES).flatMap(([code, names]) => names.map((name) => [name, code as ReasonCode] as const)));

export function codeOfName(name: string): ReasonCode {
  return CODE_OF.get(name) ?? "low-snr";
}

/** Things that are counted scatter by at least one. */
const COUNTS = new Set(["starsSaturated", "starsBlended", "starsFitted", "matchedStars", "hotPixels", "deadColumns", "trails"]);
/** Numbers from 0 to 1, for most frames 0: one in a hundred is no event. */
const SHARES = new Set([
  ...["donuts", "doubled", "saturated", "skyFill", "trailArea", "cellsWithoutStars", "cellTransparency"],
  ...["angleCoherence", "radialCoherence", "eccentricityCentre", "probability"],
]);

const NUMBERS: ReadonlyMap<string, RuleNumber> = new Map(
  Object.entries({ ...METRICS, ...NIGHT_METRICS, ...HEADER_NUMBERS, ...VERDICT_NUMBERS }).map(([name, { unit, better }]) => [
    name,
    { unit, better, code: codeOfName(name), floor: { relative: 0.01, absolute: COUNTS.has(name) ? 1 : SHARES.has(name) ? 0.01 : 0 } },
  ]),
);

export const RULE_NUMBER_NAMES: readonly string[] = [...NUMBERS.keys()];

/** The number of that name, or null. Names come from files of any origin: those of every object (`constructor`) are none. */
export function ruleNumber(name: string): RuleNumber | null {
  return NUMBERS.get(name) ?? null;
}

export function isRuleText(name: string): name is RuleText {
  return RULE_TEXTS.some((text) => text === name);
}

export function isHeaderNumber(name: string): name is HeaderNumber {
  return Object.hasOwn(HEADER_NUMBERS, name);
}
