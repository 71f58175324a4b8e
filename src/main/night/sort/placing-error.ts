import { codeOfSystemError, type ErrorCode, NebuliftError } from "../../../shared/errors.ts";
import { systemCode } from "./disk-files.ts";

/** What goes wrong with a file's name only. */
const NAME_TROUBLE = new Set(["ENAMETOOLONG", "EINVAL", "EILSEQ"]);

/** A file could not be put in its place; it is still in its old one. */
export class PlacingError extends NebuliftError {
  /** `file`: the others may well be sorted. `sort`: the next one would meet the same (a full disk). */
  readonly scope: "file" | "sort";

  constructor(scope: "file" | "sort", code: ErrorCode, detail: string, cause?: unknown) {
    super(code, detail, cause);
    this.scope = scope;
  }
}

export function sourceTrouble(path: string, error: unknown): NebuliftError {
  if (error instanceof NebuliftError) return error;
  return new PlacingError("file", codeOfSystemError(error, "file-io"), wordsOf(path, error), error);
}

export function targetTrouble(path: string, error: unknown): NebuliftError {
  if (error instanceof NebuliftError) return error;
  const scope = NAME_TROUBLE.has(systemCode(error)) ? "file" : "sort";
  const code = codeOfSystemError(error) === "disk-full" ? "disk-full" : "output-unwritable";
  return new PlacingError(scope, code, wordsOf(path, error), error);
}

function wordsOf(path: string, error: unknown): string {
  const code = systemCode(error);
  return code === "" ? path : `${path}: ${code}`;
}
