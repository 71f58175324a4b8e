import { NebuliftError } from "../../shared/errors.ts";
import { type FramePlan, type NightPlan, TRAIL_PATTERNS, type TrailPattern, type TruthLabel } from "./frame-plan.ts";

/** The columns of truth.csv in their order; docs/simulate.md says what each means. */
export const TRUTH_COLUMNS = [
  "path",
  "label",
  "cause",
  "causes",
  "severity",
  "group",
  "target",
  "filter",
  "exposure",
  "time",
  "transparency",
  "fwhm",
  "fwhmArcsec",
  "hfr",
  "eccentricity",
  "angle",
  "hole",
  "sky",
  "skyNoise",
  "gradient",
  "weight",
  "stars",
  "doubled",
  "shift",
  "trailArea",
  "altitude",
  "airmass",
  "clearAir",
  "pierSide",
  "offsetX",
  "offsetY",
  "defects",
  "trails",
  "cells",
] as const;
export type TruthColumn = (typeof TRUTH_COLUMNS)[number];
export type TruthRow = Record<TruthColumn, string>;

export interface TruthTrail {
  from: [x: number, y: number];
  to: [x: number, y: number];
  width: number;
  peakSigma: number;
  pattern: TrailPattern;
}

/** The whole file; lines end in a line feed. */
export function truthCsv(plan: NightPlan): string {
  const lines = [TRUTH_COLUMNS.join(",")];
  for (const frame of plan.frames) {
    const row = truthRow(plan, frame);
    lines.push(TRUTH_COLUMNS.map((column) => quote(row[column])).join(","));
  }
  return `${lines.join("\n")}\n`;
}

function truthRow(plan: NightPlan, frame: FramePlan): TruthRow {
  const { truth } = frame;
  const number = (value: number, digits = 4) => String(Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(digits)));
  const harmful = truth.harms.filter((harm) => harm.ratio >= 0.9);
  return {
    path: frame.name,
    label: truth.label,
    cause: truth.cause ?? "",
    causes: [...new Set(harmful.map((harm) => harm.cause))].join(";"),
    severity: number(truth.severity),
    group: frame.group,
    target: plan.spec.targets[frame.target].name,
    filter: frame.filter,
    exposure: String(frame.exposure),
    time: new Date(frame.time).toISOString(),
    transparency: number(truth.transparency),
    fwhm: number(truth.fwhm),
    fwhmArcsec: number(truth.fwhmArcsec),
    hfr: number(truth.hfr),
    eccentricity: number(truth.eccentricity),
    angle: number(truth.angle),
    hole: number(truth.hole),
    sky: number(truth.sky, 6),
    skyNoise: number(truth.skyNoise),
    gradient: number(truth.gradient),
    weight: number(truth.weight),
    stars: String(truth.stars),
    doubled: number(truth.doubled),
    shift: number(truth.shift),
    trailArea: number(truth.trailArea),
    altitude: number(frame.altitude),
    airmass: number(frame.airmass),
    clearAir: number(frame.clearAir),
    pierSide: frame.pierSide,
    offsetX: number(frame.offset[0], 6),
    offsetY: number(frame.offset[1], 6),
    defects: frame.defects.map((defect) => `${defect.kind}:${number(defect.strength, 3)}`).join(";"),
    trails: frame.trails
      .map((trail) => {
        const numbers = [...trail.from, ...trail.to, trail.width, trail.peakSigma].map((value) => number(value, 5));
        return `${numbers.join(" ")} ${trail.pattern}`;
      })
      .join(";"),
    cells: truth.cells.map((value) => number(value, 3)).join(" "),
  };
}

const quote = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/** Reads a truth.csv; throws `bad-data` when a column is missing or a label is none. */
export function parseTruth(text: string): TruthRow[] {
  const [header, ...records] = csvRecords(text);
  const columns = header ?? [];
  const missing = (["path", "label", "cause"] as const).filter((name) => !columns.includes(name));
  if (missing.length > 0) throw new NebuliftError("bad-data", `truth without ${missing.join(", ")}`);
  return records.map((fields, i) => {
    const cell = (name: string) => fields[columns.indexOf(name)] ?? "";
    const label = cell("label");
    if (!isLabel(label)) throw new NebuliftError("bad-data", `label "${label}" in line ${i + 2}`);
    return Object.fromEntries(TRUTH_COLUMNS.map((name) => [name, cell(name)])) as TruthRow;
  });
}

const isLabel = (text: string): text is TruthLabel => text === "clean" || text === "contaminated" || text === "borderline";

export function parseTrails(text: string): TruthTrail[] {
  if (text === "") return [];
  return text.split(";").map((part) => {
    const fields = part.split(" ");
    const [x1, y1, x2, y2, width, peakSigma] = fields.slice(0, 6).map(Number);
    const pattern = TRAIL_PATTERNS.find((known) => known === fields[6]) ?? "steady";
    return { from: [x1, y1], to: [x2, y2], width, peakSigma, pattern };
  });
}

/** RFC 4180. */
function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "," || c === "\n") {
      fields.push(field.endsWith("\r") ? field.slice(0, -1) : field);
      field = "";
      if (c === "\n") {
        records.push(fields);
        fields = [];
      }
    } else field += c;
  }
  if (field !== "" || fields.length > 0) records.push([...fields, field]);
  return records.filter((record) => record.length > 1 || record[0] !== "");
}
