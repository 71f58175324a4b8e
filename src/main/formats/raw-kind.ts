import { latin1 } from "./signature.ts";
import type { TiffDirectory, TiffFile } from "./tiff-directory.ts";

/** Signatures of RAW formats that are no TIFF: where, and what. */
const SIGNATURES: [at: number, text: string, name: string][] = [
  [0, "FUJIFILMCCD-RAW", "RAF"],
  [4, "ftypcrx ", "CR3"],
  [0, "IIRO", "ORF"],
  [0, "IIRS", "ORF"],
  [0, "MMOR", "ORF"],
  [0, "IIU\0", "RW2"],
  [6, "HEAPCCDR", "CRW"],
  [0, "\0MRM", "MRW"],
  [0, "FOVb", "X3F"],
];

/** RAW formats that are known by their first bytes alone; null for all others, TIFF-based RAW among them. */
export function rawSignature(head: Uint8Array): string | null {
  const text = latin1(head);
  return SIGNATURES.find(([at, mark]) => text.startsWith(mark, at))?.[2] ?? null;
}

const CFA = 32803;
const LINEAR_RAW = 34892;
/** Compressions that only cameras write: Sony ARW, Nikon NEF, Pentax PEF, Samsung SRW, Kodak, lossy DNG. */
const CAMERA_COMPRESSIONS = new Set([32767, 32769, 32770, 32772, 34713, 65000, 65535, 34892]);
const DNG_VERSION = 50706;
const MAKE = 271;

/**
 * The directory that holds a TIFF-based RAW's mosaic (DNG, CR2, NEF, ARW, PEF ...); null when the TIFF is a picture. A
 * colour filter array without a camera's make is a mosaic that a program wrote: that is a plain TIFF, too.
 */
export function rawDirectory(tiff: TiffFile, head: Uint8Array): TiffDirectory | null {
  const pages = tiff.directories();
  const first = pages[0];
  if (!first) return null;
  const all = pages.flatMap((page) => [page, ...tiff.below(page, 330)]);
  const sensor = all.filter(isSensor).sort((a, b) => area(b) - area(a))[0] ?? null;
  if (latin1(head).startsWith("CR", 8)) return sensor ?? first;
  if (first.has(DNG_VERSION)) return sensor ?? largest(all);
  return sensor && first.has(MAKE) ? sensor : null;
}

function isSensor(directory: TiffDirectory): boolean {
  const photometric = directory.number(262);
  return photometric === CFA || photometric === LINEAR_RAW || CAMERA_COMPRESSIONS.has(directory.number(259) ?? 0);
}

function largest(directories: TiffDirectory[]): TiffDirectory {
  return directories.reduce((best, candidate) => (area(candidate) > area(best) ? candidate : best));
}

function area(directory: TiffDirectory): number {
  return (directory.number(256) ?? 0) * (directory.number(257) ?? 0);
}
