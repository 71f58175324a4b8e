/**
 * The closed list of what can go wrong. Every code has one cause and one next action, in words a user can act on;
 * `detail` carries the case at hand (a number, an offset, a keyword), never a stack trace.
 */
export const ERROR_CATALOGUE = {
  "file-missing": {
    cause: "The file is not there any more.",
    action: "Check that the drive is still connected, then grade the folder again.",
  },
  "file-permission": {
    cause: "The file may not be read by this user.",
    action: "Give yourself read permission for the file or its folder.",
  },
  "file-io": {
    cause: "The drive reported an error while reading.",
    action: "Copy the file elsewhere; if that fails too, check the drive or the card.",
  },
  "file-empty": { cause: "The file has no bytes in it.", action: "Copy it again from the camera or the capture computer." },
  "file-growing": {
    cause: "The file was still being written and did not settle.",
    action: "Wait until the capture program has finished, then grade the folder again.",
  },
  "not-an-image": {
    cause: "The content is not one of the image formats that can be read.",
    action: "Leave it where it is; frames are read as FITS, XISF, TIFF, PNG, JPEG or camera RAW.",
  },
  "no-image-data": {
    cause: "The file is valid but holds no two-dimensional image.",
    action: "Leave it where it is; there is nothing in it to grade.",
  },
  truncated: {
    cause: "The file ends before its image does.",
    action: "Copy it again from the camera or the capture computer; the exposure was not saved completely.",
  },
  "bad-header": {
    cause: "The header contradicts itself or the standard of its format.",
    action: "Open the file in the program that wrote it and save it again.",
  },
  "bad-data": {
    cause: "The image data cannot be decoded.",
    action: "Copy the file again from its source; this copy is damaged.",
  },
  "bad-checksum": {
    cause: "The checksum stored in the file does not match its data.",
    action: "Copy the file again from its source and compare.",
  },
  unsupported: {
    cause: "The file uses an option of its format that is not supported.",
    action: "Save it uncompressed, or as FITS or XISF, from the program that wrote it.",
  },
  "too-large": {
    cause: "The image is larger than any camera's and was not read, to protect this computer's memory.",
    action: "Check the file; if it is a mosaic, it is not a sub-exposure and need not be graded.",
  },
  "worker-crashed": {
    cause: "A part of Nebulift stopped while it worked on this.",
    action: "Grade the folder again; if it happens again, please report it with the file.",
  },
  "out-of-memory": {
    cause: "There was not enough memory for this frame.",
    action: "Close other programs and grade the folder again.",
  },
  cancelled: { cause: "The work was cancelled.", action: "Start it again; finished frames are remembered." },
  "folder-missing": { cause: "The folder does not exist.", action: "Check the path." },
  "folder-unreadable": {
    cause: "The folder may not be read by this user.",
    action: "Give yourself read permission for the folder.",
  },
  "no-frames": { cause: "No image files were found in the folder.", action: "Check that this is the folder of the night's frames." },
  "no-night": { cause: "No night is open.", action: "Open the folder of a night first." },
  "still-grading": {
    cause: "The night is still being graded.",
    action: "Wait until it is done, or stop grading, then do this again.",
  },
  "bad-usage": { cause: "The command was not understood.", action: "Run it with --help to see what it takes." },
  "bad-rules": { cause: "The rules could not be understood.", action: "Correct what is named here, then do the same again." },
  "bad-report": {
    cause: "The file is not a report of this version of Nebulift.",
    action: "Grade the folder again with `batch --report`, and give that file.",
  },
  "bad-labels": {
    cause: "No labels could be read.",
    action: "Give a CSV file whose first line names a path and a label column (docs/evaluate.md).",
  },
  "bad-thresholds": {
    cause: "The thresholds could not be understood.",
    action: "Correct the named value; `show-thresholds --json` prints the form that is read.",
  },
  "too-few-labels": {
    cause: "There are too few labels to learn from.",
    action: "Label more frames, good and bad ones of several nights, then do the same again.",
  },
  "not-watchable": {
    cause: "Only folders can be watched for new frames.",
    action: "Open the folder that the camera writes to, then watch that.",
  },
  "output-exists": {
    cause: "There is already something in that place, and nothing is ever overwritten.",
    action: "Choose another place or an empty folder.",
  },
  "output-unwritable": {
    cause: "The result could not be written there.",
    action: "Check free space and write permission, or choose another place.",
  },
  "sort-folders": {
    cause: "Frames cannot be sorted from this folder into that one.",
    action: "Name a folder beside the frames' own; without OUT nothing is sorted.",
  },
  "no-sort": {
    cause: "There is no such sort to finish or to take back.",
    action: "Name the folder that was sorted into, or one of its sessions.",
  },
  "sort-unfinished": {
    cause: "An earlier sort into this folder was not finished.",
    action: "Finish it or take it back (`nebulift resume OUT`, `nebulift undo OUT`), then do this again.",
  },
  "sort-busy": {
    cause: "Frames are being sorted in this folder right now.",
    action: "Wait until that has finished, or stop it where it was started.",
  },
  "file-changed": {
    cause: "The file is not the one that was there before.",
    action: "Nothing was done to it; look at it, then grade and sort the folder again.",
  },
  "copy-differs": {
    cause: "A copy did not read back as it was written; the original was left where it is.",
    action: "Check the drive before you trust it with more, then resume the sort.",
  },
  "journal-damaged": {
    cause: "The journal cannot be understood.",
    action: "No file was touched. Bring the journal back from a backup, or put it aside to go on without it.",
  },
  "disk-full": { cause: "The disk is full.", action: "Free some space, then do the same again." },
  "store-damaged": {
    cause: "A database of Nebulift was damaged.",
    action: "Nothing to do: it was set aside; decisions and settings return from their safety copy, measurements as frames are graded.",
  },
  "store-newer": {
    cause: "The database was written by a newer version of Nebulift.",
    action: "Update Nebulift; until then nothing is read from it or written to it.",
  },
  "feature-missing": {
    cause: "Something this needs is not available on this computer.",
    action: "Run `nebulift validate` to see what is missing.",
  },
  internal: { cause: "A fault in Nebulift itself.", action: "Please report it with the text of this message." },
} as const satisfies Record<string, { cause: string; action: string }>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** Plain form of an error: what crosses threads, IPC and JSON. */
export interface ErrorEnvelope {
  code: ErrorCode;
  /** One sentence for people: cause, and the case at hand. */
  message: string;
  /** One next action. */
  action: string;
  detail: string;
}

/** Every error a user can meet. `detail` names the case at hand; never put secrets or stack traces into it. */
export class NebuliftError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail: string, cause?: unknown) {
    super(detail ? `${ERROR_CATALOGUE[code].cause} (${detail})` : ERROR_CATALOGUE[code].cause, cause === undefined ? undefined : { cause });
    this.name = "NebuliftError";
    this.code = code;
    this.detail = detail;
  }

  get action(): string {
    return ERROR_CATALOGUE[this.code].action;
  }

  toEnvelope(): ErrorEnvelope {
    return { code: this.code, message: this.message, action: this.action, detail: this.detail };
  }

  static fromEnvelope(envelope: ErrorEnvelope): NebuliftError {
    return new NebuliftError(envelope.code, envelope.detail);
  }
}

/** Maps an operating-system error code to ours; anything unknown is `fallback`. */
export function codeOfSystemError(error: unknown, fallback: ErrorCode = "internal"): ErrorCode {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "file-missing";
    case "EACCES":
    case "EPERM":
      return "file-permission";
    case "EIO":
    case "ENXIO":
    case "EBUSY":
    case "ESTALE":
    case "ETIMEDOUT":
      return "file-io";
    case "ENOSPC":
    case "EDQUOT":
      return "disk-full";
    case "EROFS":
      return "output-unwritable";
    case "ERR_WORKER_OUT_OF_MEMORY":
      return "out-of-memory";
    default:
      return fallback;
  }
}

/** Turns anything thrown into a NebuliftError without losing its cause. */
export function toNebuliftError(error: unknown, fallback: ErrorCode = "internal"): NebuliftError {
  if (error instanceof NebuliftError) return error;
  if (error instanceof RangeError && /memory|allocation|array buffer/i.test(error.message)) {
    return new NebuliftError("out-of-memory", error.message, error);
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOfSystemError(error, fallback);
  return new NebuliftError(code, code === fallback ? message : (pathOfSystemError(error) ?? message), error);
}

/** What a system's error says beyond its code and the place is for programmers. */
function pathOfSystemError(error: unknown): string | null {
  return typeof error === "object" && error !== null && "path" in error && typeof error.path === "string" ? error.path : null;
}
