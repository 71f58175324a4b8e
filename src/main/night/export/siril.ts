import { basename, extname, join, resolve } from "node:path";
import { type Approval, isApproved } from "./approval.ts";
import { freeName, linkNew, newFolder, writeNew } from "./new-files.ts";
import type { ReportedFile } from "./open-report.ts";

export interface SirilExport {
  /** One folder for each group of frames that belong together. */
  folders: { folder: string; group: string; lights: number; approved: number }[];
  /** Frames that had to be copied because the file system knows no links. */
  copied: number;
}

/**
 * Lays out a working folder for Siril, for each group of frames:
 * - `lights/`: links to the approved frames, under their own names: what Siril's scripts start from.
 * - `all/`: every light as one FITS sequence `all_`, with `all_.seq` that has the approved ones selected, to look at in
 *   Siril's frame list or to stack with -filter-included. Only where all are plain FITS, which is what sequences are made of.
 * - `stack.ssf`: a script that converts, registers and stacks `lights/`.
 * Throws `output-exists`, `output-unwritable`, `disk-full`.
 */
export async function exportSiril(files: readonly ReportedFile[], folder: string, approval: Approval, app: string): Promise<SirilExport> {
  const root = resolve(folder);
  await newFolder(root);
  const groups = Map.groupBy(files, ({ frame }) => frame.group ?? "ungrouped");
  const used = new Set<string>();
  const done: SirilExport = { folders: [], copied: 0 };
  for (const [group, members] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const place =
      groups.size === 1 ? root : freeName(used, root, `${group.replace(/[^\p{L}\p{N}+-]+/gu, "_").slice(0, 80)}.`).replace(/\.$/, "");
    const ordered = [...members].sort(byTime);
    const approved = ordered.filter(({ frame }) => isApproved(frame, approval));
    const names = new Set<string>();
    for (const { file } of approved) {
      const made = await linkNew(file, freeName(names, join(place, "lights"), file));
      if (made === "copy") done.copied++;
    }
    // Where links cannot be made, a second copy of a night would be too dear for a list.
    if (done.copied === 0 && ordered.every(isPlainFits)) await writeSequence(ordered, join(place, "all"), approval, app);
    await writeNew(join(place, "stack.ssf"), stackScript(place, approved.length, app));
    done.folders.push({ folder: place, group, lights: ordered.length, approved: approved.length });
  }
  return done;
}

function byTime(a: ReportedFile, b: ReportedFile): number {
  const time = (a.frame.metadata?.time ?? 0) - (b.frame.metadata?.time ?? 0);
  return time !== 0 ? time : a.file < b.file ? -1 : 1;
}

function isPlainFits({ frame, file }: ReportedFile): boolean {
  return frame.metadata?.format === "fits" && extname(file).toLowerCase() !== ".gz";
}

async function writeSequence(files: readonly ReportedFile[], folder: string, approval: Approval, app: string): Promise<void> {
  for (const [i, { file }] of files.entries()) await linkNew(file, join(folder, `all_${String(i + 1).padStart(5, "0")}.fit`));
  await writeNew(join(folder, "all_.seq"), sequenceFile(files, approval, app));
}

/**
 * Siril's sequence file, version 3, which every version from 0.99 on reads. S: name, first number, count, how many are
 * selected, digits, reference image (-1: Siril's choice), version. L: layers (-1: not opened yet). I: number, selected.
 * (Facts from the comments of Siril's seqfile.c.)
 */
function sequenceFile(files: readonly ReportedFile[], approval: Approval, app: string): string {
  const selected = files.map(({ frame }) => (isApproved(frame, approval) ? 1 : 0));
  return [
    `#Siril sequence file, written by Nebulift ${app}: the frames it found good are selected`,
    ...files.map(({ file }, i) => `#${i + 1} ${basename(file)}`.slice(0, 400)),
    `S 'all_' 1 ${files.length} ${selected.filter((one) => one === 1).length} 5 -1 3`,
    "L -1",
    ...selected.map((one, i) => `I ${i + 1} ${one}`),
    "",
  ].join("\n");
}

function stackScript(folder: string, approved: number, app: string): string {
  const lines = [
    `# Written by Nebulift ${app}. Registers and stacks the ${approved} approved frames as they are.`,
    "# With darks and flats, use Siril's own scripts instead: put darks/, flats/ and biases/ beside lights/.",
    "requires 1.0.0",
    "setext fit",
    `cd "${folder.split("\\").join("/")}/lights"`,
    "convert light -out=../process",
    "cd ../process",
    "register light",
    "stack r_light rej 3 3 -norm=addscale -output_norm -out=../stacked",
    "cd ..",
    "close",
    "",
  ];
  return lines.join("\n");
}
