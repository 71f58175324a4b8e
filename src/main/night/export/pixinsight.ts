import type { ReportFrame } from "../../../shared/domain.ts";
import { type Approval, isApproved, weightOf } from "./approval.ts";
import type { ReportedFile } from "./open-report.ts";

type Value = (frame: ReportFrame, arcsec: boolean) => number | null;

const measured =
  (name: string): Value =>
  (frame) =>
    frame.measurements?.[name] ?? null;
/** Nebulift measures nothing alike. */
const none: Value = () => null;

/** Columns and number formats of SubframeSelector's own CSV (PCL, SubframeSelectorMeasurementsInterface.cpp, ExportCSV). */
const COLUMNS: readonly (readonly [name: string, value: Value, digits: number])[] = [
  ["Weight", weightOf, 6],
  ["PSF Signal Weight", measured("psfSignalWeight"), 6],
  ["PSF SNR", measured("psfSnr"), 6],
  ["PSF Scale", none, 6],
  ["PSF Scale SNR", none, 6],
  ["PSF Count", measured("starsFitted"), 0],
  ["M*", none, 4],
  ["N*", none, 4],
  ["SNR", measured("snrWeight"), 4],
  ["FWHM", (frame, arcsec) => measured(arcsec ? "fwhmArcsec" : "fwhm")(frame, arcsec), 4],
  ["Eccentricity", measured("eccentricity"), 4],
  ["Altitude", (frame) => frame.metadata?.altitude ?? null, 4],
  ["Azimuth", (frame) => frame.metadata?.azimuth ?? null, 4],
  ["Median", measured("background"), 6],
  ["Median Mean Deviation", none, 6],
  ["Noise", measured("noise"), 4],
  ["Noise Ratio", none, 4],
  ["Stars", measured("stars"), 0],
  ["Star Residual", none, 4],
  ["PSF Total Flux", none, 6],
  ["PSF Total Power Flux", none, 6],
  ["PSF Total Mean Flux", none, 6],
  ["PSF Total Mean Power Flux", none, 6],
  ["FWHM Mean Deviation", none, 4],
  ["Eccentricity Mean Deviation", none, 4],
  ["Star Residual Mean Deviation", none, 4],
];

/**
 * A table as SubframeSelector exports it, for the scripts and spreadsheets that read those. What Nebulift does not measure
 * is empty. FWHM is in arcseconds when every frame has one, else in pixels; Median and Noise are in ADU.
 */
export function subframeSelectorCsv(files: readonly ReportedFile[], approval: Approval, app: string): string {
  const scales = files.map(({ frame }) => frame.metadata?.pixelScale ?? null);
  const scale = scales[0] ?? null;
  const arcsec = scale !== null && scales.every((other) => other !== null && Math.abs(other / scale - 1) < 1e-3);
  const preamble = [
    `SubframeSelector table by Nebulift ${app}`,
    `Subframe Scale,${(arcsec ? scale : 1).toFixed(5)}`,
    "Camera Gain,1.00000",
    'Camera Resolution,"16-bit [0,65535]"',
    "Site Local Midnight,24",
    `Scale Unit,"${arcsec ? "Arcseconds (arcsec)" : "Pixels (pixel)"}"`,
    'Data Unit,"Data Numbers (DN)"',
    "Trimming Factor,0.10",
    "Structure Layers,5",
    "Noise Layers,0",
    "Hot Pixel Filter Radius,1",
    "Noise Reduction Filter Radius,0",
    "Sensitivity,0.50000",
    "Peak Response,0.500",
    "Maximum Star Distortion,0.600",
    "Upper Limit,1.000",
    "Pedestal,0",
    "Subframe Region,0,0,0,0",
    'PSF Type,"Auto"',
    "Circular PSF,false",
    'Approval expression,""',
    'Weighting expression,""',
  ];
  const head = ["Index", "Approved", "Locked", "File", ...COLUMNS.map(([name]) => name)].join(",");
  const rows = files.map(({ frame, file }, i) => {
    const decided = frame.decided ? "true" : "false";
    const values = COLUMNS.map(([, value, digits]) => text(value(frame, arcsec), digits));
    return [i + 1, isApproved(frame, approval), decided, `"${file.replaceAll('"', '""')}"`, ...values].join(",");
  });
  return `${[...preamble, head, ...rows].join("\n")}\n`;
}

function text(value: number | null, digits: number): string {
  if (value === null) return "";
  return digits === 0 ? value.toFixed(0) : value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
}

/**
 * A PixInsight script that opens SubframeSelector with all lights in it, the approved ones enabled. (Parameter names from
 * PCL, SubframeSelectorParameters.cpp: subframes = [subframeEnabled, subframePath, localNormalizationDataPath, drizzlePath].)
 */
export function subframeSelectorScript(files: readonly ReportedFile[], approval: Approval, app: string): string {
  const rows = files.map(({ frame, file }) => `   [${isApproved(frame, approval)}, ${literal(file.split("\\").join("/"))}, "", ""]`);
  return [
    `// Written by Nebulift ${app}: Script > Execute Script File opens SubframeSelector with these frames.`,
    "var P = new SubframeSelector;",
    "P.subframes = [ // subframeEnabled, subframePath, localNormalizationDataPath, drizzlePath",
    rows.join(",\n"),
    "];",
    "P.launch();",
    "",
  ].join("\n");
}

/** A string of JavaScript that no file name can end early. */
function literal(path: string): string {
  return JSON.stringify(path).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}
