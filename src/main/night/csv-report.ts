import type { Report } from "../../shared/domain.ts";

/** RFC 4180; a leading quote keeps a spreadsheet from running a file name that begins like a formula. */
function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "number" ? String(Number(value.toPrecision(7))) : /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row a frame: verdict, causes, every measurement, the metadata that explains them. */
export function csvReport(report: Report): string {
  const names = [...new Set(report.frames.flatMap((frame) => Object.keys(frame.measurements ?? {})))];
  const metadata = [
    "object",
    "filter",
    "exposure",
    "gain",
    "temperature",
    "time",
    "altitude",
    "focuserPosition",
    "pierSide",
    "camera",
  ] as const;
  const head = ["path", "verdict", "probability", "decided", "group", "reasons", "error", ...metadata, ...names];
  const rows = report.frames.map((frame) => [
    frame.path,
    frame.verdict,
    frame.probability,
    frame.decided?.verdict,
    frame.group,
    frame.reasons.map((reason) => reason.code).join(" "),
    frame.error?.code,
    ...metadata.map((name) => {
      const value = frame.metadata?.[name] ?? null;
      return name === "time" && typeof value === "number" ? new Date(value).toISOString() : value;
    }),
    ...names.map((name) => frame.measurements?.[name]),
  ]);
  return `${[head, ...rows].map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
}
