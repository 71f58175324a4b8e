/** What frames' names end in, without compression; letter case does not matter. */
const ENDINGS = [
  ["fit", "fits", "fts", "fz", "xisf", "xish"],
  ["tif", "tiff", "png", "jpg", "jpeg"],
  [
    "cr2",
    "cr3",
    "crw",
    "nef",
    "nrw",
    "arw",
    "sr2",
    "srf",
    "raf",
    "orf",
    "rw2",
    "rwl",
    "dng",
    "pef",
    "srw",
    "mrw",
    "3fr",
    "iiq",
    "erf",
    "x3f",
  ],
].flat();

const FRAME_NAME = new RegExp(`\\.(?:${ENDINGS.join("|")}|(?:fit|fits|fts)\\.(?:gz|fz))$`, "i");

/** The same for dialogs, which look at a name's last ending only. */
export const FRAME_ENDINGS: readonly string[] = [...ENDINGS, "gz"];

/**
 * Whether a folder's scan should look at a file of this name. Only a hint to spare opening everything: what a file is,
 * `openFrame` finds out from its content. Names of hidden files (`._light.fits` of macOS) are left out.
 */
export function isFrameName(name: string): boolean {
  const base = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  return !base.startsWith(".") && FRAME_NAME.test(base);
}
