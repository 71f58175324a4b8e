import type { Reason, ReportFrame } from "./domain.ts";
import { ERROR_CATALOGUE } from "./errors.ts";
import { metricNamed } from "./night-metrics.ts";

/** Text into HTML: file names and headers come from anywhere. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

const CAUSES: Record<Reason["code"], string> = {
  clouds: "clouds",
  veil: "veil (haze, dew or thin cloud)",
  obstruction: "obstruction (tree, dome, roof)",
  "stray-light": "stray light",
  "sky-glow": "bright sky",
  focus: "focus",
  tracking: "tracking",
  trail: "trail",
  "off-target": "off target",
  overexposed: "overexposed",
  "no-stars": "no stars",
  "low-snr": "low SNR",
  "sensor-fault": "sensor fault",
  "too-few": "too few frames to judge against the night",
};

export function causeName(code: Reason["code"]): string {
  return CAUSES[code];
}

/** A number as a person would write it: four digits at most, no exponent for everyday sizes. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  if (size >= 1000) return Math.round(value).toString();
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** One reason in one line: what, how much, against what. */
function reasonText(reason: Reason): string {
  const label = metricNamed(reason.metric)?.label ?? reason.metric;
  if (reason.code === "too-few") return `${causeName(reason.code)} (${reason.value} of at least ${reason.limit})`;
  if (reason.code === "trail") {
    const n = reason.where?.lines?.length ?? 1;
    return `${n === 1 ? "a trail" : `${n} trails`}, ${shortNumber(reason.value ?? 0)} sigma at the peak`;
  }
  const unit = reason.unit && reason.unit !== "ratio" && reason.unit !== "share" ? ` ${reason.unit}` : "";
  const value = reason.value === null ? "" : ` ${shortNumber(reason.value)}${unit}`;
  const notes: string[] = [];
  if (reason.baseline !== null) notes.push(`night ${shortNumber(reason.baseline)}`);
  if (reason.limit !== null) notes.push(`limit ${shortNumber(reason.limit)}`);
  if (reason.z !== null) notes.push(`${reason.z > 0 ? "+" : ""}${reason.z.toFixed(1)} sigma`);
  const cells = reason.where?.cells?.length ?? 0;
  if (cells > 0) notes.push(`${cells} of 48 cells`);
  return `${causeName(reason.code)}: ${label}${value}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

/** Why a frame got its verdict, strongest first; for unreadable files what is wrong and what to do. */
export function whyLines(frame: ReportFrame): string[] {
  if (frame.error) return [`${ERROR_CATALOGUE[frame.error.code].cause} ${frame.error.action}`];
  if (frame.notLight) return [frame.notLight];
  return frame.reasons.map(reasonText);
}
