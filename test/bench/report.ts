import type { Goal, Throughput, ToolResult } from "./goals.ts";
import { ratioTo } from "./goals.ts";
import type { Judging } from "./judging.ts";
import { BANDS, median } from "./matching.ts";

/** Lines of a table, columns as wide as their widest cell, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

const seconds = (values: readonly number[], of: (values: readonly number[]) => number) => (values.length > 0 ? of(values).toFixed(3) : "-");
const percent = (share: number | null | undefined) => (share === null || share === undefined ? "-" : (100 * share).toFixed(1));

export function resultTable(results: readonly ToolResult[]): string {
  const header = [
    "frame",
    "tool",
    "cpu s min",
    "median",
    "wall s min",
    "MiB",
    "found",
    ...BANDS.map((band) => `${band.name} %`),
    "false",
    "on hot px",
    "centroid px",
    "FWHM/true",
    "HFR/true",
  ];
  const rows = results.map((r) => [
    r.frame,
    r.tool,
    seconds(r.cpu, (v) => Math.min(...v)),
    seconds(r.cpu, median),
    seconds(r.wall, (v) => Math.min(...v)),
    r.peakMiB.toFixed(0),
    r.score ? String(r.score.detections) : "-",
    ...BANDS.map((_, band) => percent(r.score?.completeness[band])),
    r.score ? String(r.score.falseDetections) : "-",
    r.score ? String(r.score.falseOnHotPixels) : "-",
    r.score?.centroid?.toFixed(4) ?? "-",
    r.fwhmRatio?.toFixed(3) ?? "-",
    r.hfrRatio?.toFixed(3) ?? "-",
  ]);
  return table(header, rows);
}

export function ratioTable(results: readonly ToolResult[], tools: readonly string[]): string {
  const rows = tools
    .filter((tool) => !tool.startsWith("nebulift"))
    .map((tool) => [tool, "", ...["nebulift core", "nebulift measure"].map((own) => ratioTo(results, tool, own)?.toFixed(2) ?? "-")]);
  return table(["CPU time of", "", "over nebulift core", "over nebulift measure"], rows);
}

export function throughputLine(name: string, t: Throughput): string {
  return `${name}: ${t.frames} frames, ${t.perMinute.toFixed(0)}/min on 2 workers (${(1000 * t.cpuPerFrame).toFixed(0)} ms CPU a frame), first result ${t.firstResult.toFixed(2)} s, peak ${t.peakMiB.toFixed(0)} MiB, ${t.failed} failed`;
}

export function judgingLine({ frames, first, again, json }: Judging): string {
  const each = (seconds: number) => `${((1000 * seconds) / frames).toFixed(2)} ms`;
  return `judging ${frames} measured frames: ${each(first)} CPU a frame at first, ${each(again)} again; their JSON written and read ${each(json)}`;
}

export function goalLines(goals: readonly Goal[]): string {
  return goals
    .map(
      ({ name, measured, met }) =>
        `${met === null ? "not run" : met ? "ok     " : "MISSED "}  ${name}: ${measured ?? "nothing to compare"}`,
    )
    .join("\n");
}
