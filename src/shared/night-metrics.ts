import { METRICS, type Metric } from "./metrics.ts";

/** What only comparing the frames of a night with one another can tell, under the names that reports use. */
export const NIGHT_METRICS = {
  fwhmSeen: {
    label: "FWHM",
    unit: "px",
    better: "lower",
    what: "Width of the stars as they stand in the pixels: the fitted width broadened by the pixel itself.",
  },
  eccentricitySeen: {
    label: "Eccentricity",
    unit: "",
    better: "lower",
    what: "How elongated the stars are as they stand in the pixels.",
  },
  transparency: {
    label: "Transparency",
    unit: "",
    better: "higher",
    what: "Share of the star light that arrives, against the best frames of the night.",
  },
  matchedStars: { label: "Matched stars", unit: "", better: "higher", what: "Stars found again in the other frames of the group." },
  weight: {
    label: "Weight",
    unit: "",
    better: "higher",
    what: "What the frame is worth to the stack: SNR squared, 1 for a typical good frame.",
  },
  cellsWithoutStars: { label: "Cells without stars", unit: "", better: "lower", what: "Share of the 48 cells whose stars are gone." },
  cellTransparency: { label: "Dimmed cells", unit: "", better: "lower", what: "Share of the 48 cells whose stars are dimmed." },
  tornRows: {
    label: "Torn rows",
    unit: "",
    better: "lower",
    what: "Share of the rows whose stars are all missing under an unchanged sky.",
  },
  gradient: {
    label: "Gradient",
    unit: "",
    better: "lower",
    what: "Brightest over darkest sky across the frame that the rest of the night does not have.",
  },
  shift: { label: "Shift", unit: "px", better: "lower", what: "How far the field lies from that of the other frames." },
  shiftX: { label: "Shift x", unit: "px", better: null, what: "Shift of the field along the rows." },
  shiftY: { label: "Shift y", unit: "px", better: null, what: "Shift of the field along the columns." },
  rotation: { label: "Rotation", unit: "deg", better: null, what: "Rotation of the field against the other frames." },
} as const satisfies Record<string, Metric>;

export type AnyMetricName = keyof typeof METRICS | keyof typeof NIGHT_METRICS;

const ALL: Record<string, Metric | undefined> = { ...METRICS, ...NIGHT_METRICS };

/** The metric of that name, or null: rules and reports may name anything. */
export function metricNamed(name: string): Metric | null {
  return Object.hasOwn(ALL, name) ? (ALL[name] ?? null) : null;
}
