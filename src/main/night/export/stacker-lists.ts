import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { type Approval, isApproved } from "./approval.ts";
import type { ReportedFile } from "./open-report.ts";

/**
 * A DeepSkyStacker file list as its own FrameList.cpp reads and writes it: two header lines, then CHECKED, TYPE and FILE
 * divided by tabs; paths relative to the list where they can be. Frames that are not approved are in it, unchecked.
 */
export function dssFileList(files: readonly ReportedFile[], approval: Approval, listPath: string | null): string {
  const folder = listPath === null ? null : dirname(resolve(listPath));
  const rows = files.map(({ frame, file }) => `${isApproved(frame, approval) ? 1 : 0}\tlight\t${placed(file, folder)}`);
  return `${["DSS file list", "CHECKED\tTYPE\tFILE", ...rows].join("\n")}\n`;
}

function placed(file: string, folder: string | null): string {
  const way = folder === null ? file : relative(folder, file);
  return (isAbsolute(way) ? file : way).split(sep).join("/");
}

/** Absolute paths of the approved frames, one a line: what a file dialog or a script can be given. */
export function pathList(files: readonly ReportedFile[], approval: Approval): string {
  return files
    .filter(({ frame }) => isApproved(frame, approval))
    .map(({ file }) => `${file}\n`)
    .join("");
}
