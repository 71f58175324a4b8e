import type { Pane, Theme } from "../../../shared/desktop-settings.ts";
import type { FrameFormat, ReasonCode, VerdictKind } from "../../../shared/domain.ts";
import { nightTexts } from "./night.ts";
import { reviewTexts } from "./review.ts";
import { settingsTexts } from "./settings.ts";
import { startTexts } from "./start.ts";
import { workTexts } from "./work.ts";

/** Every English word of the window, by pane; a translation is another table of the same shape. Titles of commands are in shared/commands.ts. */
const verdicts: Record<VerdictKind, { one: string; many: string; what: string }> = {
  clean: { one: "Clean", many: "Clean", what: "Good enough to stack" },
  review: { one: "Review", many: "To review", what: "Not sure: have a look" },
  contaminated: { one: "Contaminated", many: "Contaminated", what: "Would harm the stack" },
  "not-light": { one: "Not a light", many: "Not lights", what: "Calibration frame or stack: never graded" },
  unreadable: { one: "Unreadable", many: "Unreadable", what: "Could not be read: never graded, never moved" },
};

const reasons: Record<ReasonCode, { name: string; what: string }> = {
  clouds: { name: "Clouds", what: "Stars are dimmed or lost in patches" },
  veil: { name: "Veil", what: "All stars are dimmed alike, shapes unchanged" },
  obstruction: { name: "Obstruction", what: "Something stands in the field: stars are gone from its edge inwards" },
  "stray-light": { name: "Stray light", what: "The sky is brighter in places, the stars are not dimmed" },
  "sky-glow": { name: "Sky glow", what: "The whole sky is brighter than on the night's good frames" },
  focus: { name: "Focus", what: "Stars are wider than the night's, in all directions" },
  tracking: { name: "Tracking", what: "Stars are drawn out in one direction" },
  trail: { name: "Trail", what: "A satellite, aeroplane or meteor crossed the field" },
  "off-target": { name: "Off target", what: "The field is not the group's" },
  overexposed: { name: "Overexposed", what: "Too much of the frame is at the sensor's ceiling" },
  "no-stars": { name: "No stars", what: "No usable star was found" },
  "low-snr": { name: "Low signal", what: "Adds too little signal for its noise" },
  "sensor-fault": { name: "Sensor fault", what: "Lines, bands or missing parts in the image data" },
  "too-few": { name: "Too few to compare", what: "The group is too small to judge against the night" },
};

const formats: Record<FrameFormat, string> = {
  fits: "FITS",
  "fits-tiles": "FITS, compressed",
  xisf: "XISF",
  tiff: "TIFF",
  png: "PNG",
  jpeg: "JPEG",
  raw: "Camera RAW",
};

const themes: Record<Theme, string> = { dark: "Dark", light: "Light", night: "Night, red only" };

export const texts = {
  app: {
    name: "Nebulift",
    theme: "Theme",
    close: "Dismiss",
    panes: "Panes",
    toReview: "to review",
    done: "What was done",
  },
  panes: { night: "Night", review: "Review", settings: "Settings" } satisfies Record<Pane, string>,
  nightPane: nightTexts,
  review: reviewTexts,
  work: workTexts,
  start: startTexts,
  settings: settingsTexts,
  verdicts,
  reasons,
  formats,
  themes,
  empty: { open: "Open a folder…", release: "Release to grade this folder" },
  progress: {
    simulating: "Simulating a night",
    scanning: "Looking for frames",
    grading: "Grading",
    of: "of",
    perSecond: "frames/s",
    left: "left",
    cancel: "Stop",
    cancelled: "Stopped",
    failed: "This night could not be graded",
    watching: "Watching for new frames",
    done: "All graded",
    frames: "frames",
  },
  summary: {
    label: "Verdicts",
    all: "All frames",
    keptDespiteTrail: (time: string) => `${time} kept in spite of a trail`,
  },
  table: {
    label: "Frames of the night",
    find: "Find in names, filters, reasons",
    none: "No frame matches",
    noneLead: "Another verdict or another word may.",
    showAll: "Show all frames",
    waiting: "The first verdict is on its way",
    columns: {
      time: "Time",
      verdict: "Verdict",
      name: "Frame",
      reasons: "Why",
      filter: "Filter",
      exposure: "Exp",
      fwhm: "FWHM",
      hfr: "HFR",
      eccentricity: "Ecc",
      stars: "Stars",
      background: "Sky",
    },
    units: { exposure: "s", px: "px", arcsec: "″", background: "ADU" },
  },
  plot: {
    label: "The night over time",
    metric: "Plotted measurement",
    median: "median",
    order: "in order of time",
  },
  frame: {
    label: "Selected frame",
    none: "No frame selected",
    picture: (name: string) => `Preview of ${name}`,
    noPicture: "No picture of this frame",
    loading: "Rendering…",
    marks: "Marks",
    marksShow: "Marks: show what was found on the picture",
    why: "Why",
    clean: "Nothing found that would harm the stack.",
    measured: "Measured",
    about: "About this frame",
    value: "Here",
    night: "Night",
    off: "Off by",
    limit: "limit",
    comparedWith: (count: number) => `Compared with ${count} good frames of its group`,
    absolute: "Judged by itself, without a group to compare with",
    probability: (percent: string) => `${percent} likely to harm the stack`,
    cells: (count: number) => (count === 1 ? "1 cell of 48" : `${count} cells of 48`),
    fewer: (count: number, least: number) => `${count} of at least ${least} frames`,
    lines: (count: number) => (count === 1 ? "1 line" : `${count} lines`),
    notLight: (what: string) => `This is not a light: ${what}. It was left alone.`,
    soft: "noted",
    history: "Decisions so far",
    takenBack: "Taken back",
    warnings: "Warnings",
    facts: {
      object: "Object",
      filter: "Filter",
      exposure: "Exposure",
      gain: "Gain",
      temperature: "Sensor",
      altitude: "Altitude",
      camera: "Camera",
      telescope: "Telescope",
      size: "Size",
      format: "Format",
      time: "Start (UTC)",
      file: "File",
    },
  },
  /** Units as they are printed; one that is not here is printed as it is named. */
  units: { sigma: "σ", arcsec: "″", deg: "°", ratio: "", share: "" } as Record<string, string>,
  status: {
    selected: (index: number, count: number) => `${index} of ${count}`,
    shown: (shown: number, all: number) => `${shown} of ${all} shown`,
  },
  error: { title: "That did not work", copy: "Copy details", copied: "Copied" },
} as const;
