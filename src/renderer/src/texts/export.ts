import type { MethodInput } from "../../../shared/contract.ts";

type ExportKind = MethodInput<"export.run">["kind"];

/** What each way of handing over gives, and what to do with it there (docs/export.md). */
const kinds: Record<ExportKind, { name: string; what: string; next: string }> = {
  siril: {
    name: "Siril",
    what: "A working folder with links to your frames, and a script that stacks the approved ones.",
    next: "In Siril make it the working folder and run stack.ssf; or open all/all_.seq to see the rejected ones, too. Keep the originals: lights/ holds links.",
  },
  pixinsight: {
    name: "PixInsight",
    what: "A script that opens SubframeSelector with all lights, the approved ones enabled.",
    next: "In PixInsight run subframe-selector.js by Script > Execute Script File. A table of the measurements and a list of the approved frames lie beside it.",
  },
  dss: {
    name: "DeepSkyStacker",
    what: "A file list with every light in it, the approved ones checked.",
    next: "In DeepSkyStacker use Open File List and add your darks, flats and biases.",
  },
  app: {
    name: "Astro Pixel Processor",
    what: "A text file with the paths of the approved frames, one a line.",
    next: "Use it to pick the lights to load; any other program that reads lists will do as well.",
  },
  "weights-copies": {
    name: "Weights in copies",
    what: "Copies of the approved frames with SSWEIGHT in their headers.",
    next: "In PixInsight give SSWEIGHT as the weight keyword. FITS and XISF only; pixels stay as they are.",
  },
  "weights-sidecars": {
    name: "Weights beside",
    what: "A small text file with the weight for each approved frame, and a table of all.",
    next: "For programs that read weights from a table; no frame is copied or changed.",
  },
  html: {
    name: "Page with pictures",
    what: "The night as one page: summary, plots, every frame with its picture and reasons.",
    next: "Open it in any browser, also on a phone; keep it beside the night or send it to a friend.",
  },
  csv: {
    name: "Table (CSV)",
    what: "Every frame with all its measurements, verdict, reasons and your decision.",
    next: "Open it in a spreadsheet.",
  },
  json: {
    name: "Full report (JSON)",
    what: "Everything Nebulift knows of the night, for scripts and for its own command line.",
    next: "nebulift reads it again for reviewing, sorting and handing over.",
  },
};

/** Words of handing over. */
export const exportTexts = {
  title: "Hand over to a stacker",
  label: "What to make",
  groups: { stack: "Stack it", weight: "Weigh it", keep: "Keep or share it" },
  kinds,
  next: "Next",
  includeReview: (count: number) => `Count the ${count === 1 ? "frame" : `${count} frames`} in doubt as approved`,
  noneInDoubt: "No frame is in doubt",
  willBe: (approved: number, lights: number) => `${approved} of ${lights} lights approved`,
  start: "Choose where to…",
  grading: "The night is still being graded. Wait for the last verdict.",
  none: "No frame is approved, so there is nothing to hand over.",
  done: (name: string) => `${name}: done`,
  where: "It lies in",
  notes: "Left out",
  another: "Hand over another way",
} as const;
