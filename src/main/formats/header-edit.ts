import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { FileBytes } from "./file-bytes.ts";
import { frameKind, HEAD_BYTES } from "./frame-kind.ts";
import { fitsKeywordEdit, fitsKeywordValue } from "./header-edit-fits.ts";
import { xisfKeywordEdit, xisfKeywordValue } from "./header-edit-xisf.ts";
import type { HeaderEdit, HeaderKeyword } from "./header-keyword.ts";

/**
 * What to change in a FITS or XISF file so that its image has this keyword; an earlier value is replaced. Nothing is
 * written. Throws `unsupported` for other formats (and signed XISF), and what reading the header throws.
 */
export function keywordEdit(path: string, keyword: HeaderKeyword): HeaderEdit {
  return withFile(path, (file, kind) => (kind === "fits" ? fitsKeywordEdit(file, keyword) : xisfKeywordEdit(file, keyword)));
}

/** The number that a keyword of the image has in the file; null when there is none. Throws as keywordEdit does. */
export function keywordValue(path: string, name: string): number | null {
  return withFile(path, (file, kind) => (kind === "fits" ? fitsKeywordValue(file, name) : xisfKeywordValue(file, name)));
}

function withFile<T>(path: string, work: (file: FileBytes, kind: "fits" | "xisf") => T): T {
  const file = FileBytes.open(path);
  try {
    const head = new Uint8Array(Math.min(HEAD_BYTES, file.size));
    file.read(0, head);
    const kind = frameKind(head)?.name;
    if (kind !== "fits" && kind !== "xisf") throw new NebuliftError("unsupported", "only FITS and XISF headers can take a keyword");
    return work(file, kind);
  } catch (error) {
    throw toNebuliftError(error, "bad-header");
  } finally {
    file.close();
  }
}
