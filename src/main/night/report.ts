import type { FrameMetadata, Report, ReportFrame, ReportGroup, ReportSummary, Stretch, VerdictKind } from "../../shared/domain.ts";
import type { ErrorEnvelope } from "../../shared/errors.ts";
import type { FrameResult } from "../engine/index.ts";
import { frameValues, type GroupBaseline, type JudgedFrame, type JudgedNight, notLightByHeader } from "../verdict/index.ts";
import { reportPath, type Scan } from "./scan.ts";

/** Everything known of a night at one moment: reports and windows are made from it. */
export interface NightState {
  scan: Scan;
  results: Map<string, FrameResult>;
  judged: JudgedNight;
}

/** Of a frame's result what its row is made from. */
export type GradedFrame = Pick<FrameResult, "path" | "content" | "summary" | "measurement" | "error">;

interface JudgedFrames {
  scan: Pick<Scan, "root" | "frames" | "problems">;
  results: ReadonlyMap<string, GradedFrame>;
  judged: JudgedNight;
}

export function reportFrames(night: JudgedFrames, explain = false): ReportFrame[] {
  const groupOf = new Map<string, string>();
  for (const group of night.judged.groups) for (const id of group.frames) groupOf.set(id, group.id);
  const frames: ReportFrame[] = [];
  for (const path of night.scan.frames) {
    const result = night.results.get(path);
    if (!result) continue;
    const judged = night.judged.frames.get(path) ?? null;
    const frame = reportFrame(night.scan.root, result, judged, groupOf.get(path) ?? null);
    frames.push(explain && judged ? { ...frame, evidence: judged.evidence } : frame);
  }
  for (const { path, error } of night.scan.problems) frames.push(unreadable(reportPath(night.scan.root, path), error.toEnvelope()));
  return frames;
}

function unreadable(path: string, error: ErrorEnvelope): ReportFrame {
  return {
    path,
    verdict: "unreadable",
    probability: null,
    basis: "absolute",
    comparedWith: 0,
    group: null,
    reasons: [],
    measurements: null,
    metadata: null,
    notLight: null,
    warnings: [],
    error,
    sortedTo: null,
  };
}

/** One row of the report. `judged` is null until the night has been judged with this frame in it. */
function reportFrame(root: string, result: GradedFrame, judged: JudgedFrame | null, group: string | null): ReportFrame {
  const path = reportPath(root, result.path);
  const summary = result.summary;
  if (result.error || !summary) {
    return {
      ...unreadable(path, result.error ?? { code: "internal", message: "no result", action: "", detail: "" }),
      content: result.content,
      metadata: summary ? metadataOf(summary) : null,
    };
  }
  const notLight = notLightByHeader(summary);
  const verdict = judged?.verdict ?? null;
  const kind = notLight !== null ? "not-light" : (verdict?.kind ?? "review");
  const measurements = result.measurement ? frameValues(summary, result.measurement, judged) : null;
  return {
    path,
    content: result.content,
    verdict: kind,
    probability: kind === "not-light" ? null : (verdict?.probability ?? null),
    basis: verdict?.basis ?? "absolute",
    comparedWith: verdict?.comparedWith ?? 0,
    group: kind === "not-light" ? null : group,
    reasons: kind === "not-light" ? [] : (verdict?.reasons ?? []),
    measurements,
    metadata: metadataOf(summary),
    notLight,
    warnings: summary.warnings,
    error: null,
    sortedTo: null,
  };
}

function metadataOf(summary: NonNullable<FrameResult["summary"]>): ReportFrame["metadata"] {
  const known = Object.fromEntries(Object.entries(summary.metadata).filter(([, value]) => value !== null)) as Partial<FrameMetadata>;
  const { format, width, height, planes, rowOrder } = summary;
  return { ...known, format, width, height, planes, rowOrder };
}

/** Frames and minutes by the program's verdict, as reports have them; by what holds for each frame with finalVerdict as `verdictOf`. */
export function summarise(
  frames: readonly ReportFrame[],
  verdictOf: (frame: ReportFrame) => VerdictKind = ({ verdict }) => verdict,
): ReportSummary {
  const summary: ReportSummary = {
    clean: 0,
    contaminated: 0,
    review: 0,
    notLight: 0,
    unreadable: 0,
    minutes: { clean: 0, contaminated: 0, review: 0, keptDespiteTrail: 0 },
  };
  for (const frame of frames) {
    const minutes = (frame.metadata?.exposure ?? 0) / 60;
    const verdict = verdictOf(frame);
    switch (verdict) {
      case "not-light":
        summary.notLight++;
        break;
      case "unreadable":
        summary.unreadable++;
        break;
      default:
        summary[verdict]++;
        summary.minutes[verdict] += minutes;
        if (verdict === "clean" && frame.reasons.some((reason) => reason.code === "trail")) summary.minutes.keptDespiteTrail += minutes;
    }
  }
  for (const key of Object.keys(summary.minutes) as (keyof ReportSummary["minutes"])[]) {
    summary.minutes[key] = Math.round(summary.minutes[key] * 100) / 100;
  }
  return summary;
}

const UNITS: Record<keyof GroupBaseline, string> = {
  fwhm: "px",
  hfr: "px",
  eccentricity: "",
  fwhmSeen: "px",
  eccentricitySeen: "",
  stars: "stars",
  background: "ADU",
  noise: "ADU",
  transparency: "ratio",
  weight: "ratio",
  halo: "",
  extinction: "mag",
};

/** Weights are reported against the group's typical good frame, which is 1. */
function scaled(name: string, { median, sigma }: { median: number; sigma: number }): { median: number; sigma: number } {
  return name === "weight" || name === "transparency" ? { median: 1, sigma: sigma / median } : { median, sigma };
}

/** `stretches` as nightStretches gives them. */
export function reportGroups(judged: JudgedNight, stretches: ReadonlyMap<string, Stretch>): ReportGroup[] {
  return judged.groups.map((group) => ({
    id: group.id,
    frames: group.frames.length,
    stretch: stretches.get(group.frames[0] ?? "") ?? null,
    baseline: Object.fromEntries(
      Object.entries(group.baseline ?? {}).flatMap(([name, value]) =>
        value ? [[name, { ...scaled(name, value), unit: UNITS[name as keyof GroupBaseline] }]] : [],
      ),
    ),
  }));
}

interface ReportParts {
  scan: Pick<Scan, "root" | "others">;
  groups: ReportGroup[];
  frames: ReportFrame[];
}

export function makeReport(
  { scan, groups, frames }: ReportParts,
  app: string,
  settings: Record<string, unknown>,
): Report & { otherFiles: string[] } {
  return {
    schema: 1,
    app,
    input: scan.root.split("\\").join("/"),
    settings,
    summary: summarise(frames),
    groups,
    frames,
    otherFiles: scan.others.map((path) => reportPath(scan.root, path)),
  };
}

/** JSON text with numbers finite or null, measured values to six significant digits: files stay small and readable. */
export function reportText(report: Report): string {
  return `${JSON.stringify(report, (_, value: unknown) => (typeof value === "number" ? tidy(value) : value), 1)}\n`;
}

function tidy(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  if (Number.isInteger(value)) return value;
  // Times in milliseconds and coordinates keep their digits; nothing measured is known to more than six.
  return Math.abs(value) >= 1e6 ? value : Number(value.toPrecision(6));
}
