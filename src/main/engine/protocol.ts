import type { FrameSummary, ImageType, Measurement, Stretch } from "../../shared/domain.ts";
import type { ErrorEnvelope } from "../../shared/errors.ts";

/**
 * What the engine and its measuring threads say to one another. Everything here crosses threads by structured clone:
 * plain values and typed arrays only. A thread has one job at a time.
 */

/** Frames whose pixels need not be read, decided from the header alone. */
export interface SkipRule {
  imageTypes: ImageType[];
  /** Skip files that hold more than one exposure. */
  stacks: boolean;
}

/** A rectangle in sensor pixels. */
export interface Crop {
  x: number;
  y: number;
  width: number;
  height: number;
  /**
   * True: rows are counted from the top of the upright picture, what reaches beyond the frame is cut off, and a square of
   * colour filters is one pixel. By default rows are counted as stored, and a crop is moved inside the frame.
   */
  upright?: boolean | undefined;
}

export interface PreviewSettings {
  /** Largest width of the picture, pixels. A frame that is narrower is not enlarged. */
  width: number;
  /** JPEG quality 1..100. */
  quality: number;
  /** Colour for frames that have it (Bayer, X-Trans, RGB); grey otherwise. */
  colour: boolean;
  /** The frame's own stretch when null. */
  stretch: Stretch | null;
  /** The whole frame when null. */
  crop: Crop | null;
  /** Nine square parts of this side at 100 % in place of the frame: see renderMosaic. */
  mosaic: number | null;
  /** A whole frame comes with a second, small picture of this width: a strip of films need not read the file again. */
  thumb: number | null;
}

export interface MeasureJob {
  kind: "measure";
  path: string;
  skip: SkipRule;
  preview: PreviewSettings | null;
  /** Where the JPEG goes instead of into the answer. */
  previewFile: string | null;
  /** Whether the packed form for the cache is wanted too. */
  pack: boolean;
}

export interface PreviewJob {
  kind: "preview";
  path: string;
  preview: PreviewSettings;
  previewFile: string | null;
}

interface HeaderJob {
  kind: "header";
  path: string;
}

/** Measures a made-up sky, so that the first frame of a night finds the thread warm (rehearsal.ts). */
interface RehearseJob {
  kind: "rehearse";
}

export type Job = MeasureJob | PreviewJob | HeaderJob | RehearseJob;

/** A measurement as the cache keeps it (measure/measurement-codec.ts). */
export interface PackedMeasurement {
  json: string;
  list: Uint8Array;
}

/** Milliseconds of each step inside the thread. */
export interface StepTimes {
  open: number;
  measure: number;
  preview: number;
}

export interface MeasureOutcome {
  summary: FrameSummary;
  /** Null when the skip rule spared the pixels. */
  measurement: Measurement | null;
  packed: PackedMeasurement | null;
  preview: DeliveredPreview;
  times: StepTimes;
}

/** A picture that could not be made or saved never costs the measurement: `error` says why, and the rest stands. */
export interface DeliveredPreview {
  /** JPEG; null when none was asked for, when it went into `file`, or when the frame was skipped. */
  jpeg: Uint8Array | null;
  file: string | null;
  error: ErrorEnvelope | null;
}

export interface PreviewOutcome {
  /** JPEG, upright; null when it went into `file`. */
  jpeg: Uint8Array | null;
  file: string | null;
  /** The small picture, where one was asked for. */
  thumb: Uint8Array | null;
  width: number;
  height: number;
  /** Preview pixels per sensor pixel. */
  scale: number;
  stretch: Stretch;
  summary: FrameSummary;
}

export interface Outcomes {
  measure: MeasureOutcome;
  preview: PreviewOutcome;
  header: FrameSummary;
  rehearse: null;
}

export type JobOf<K extends Job["kind"]> = Extract<Job, { kind: K }>;

export type Request = { type: "job"; id: number; job: Job } | { type: "cancel"; id: number };

export type Reply =
  | { type: "ready" }
  /** `memory`: bytes that the thread holds outside the JavaScript heap after this job. */
  | { type: "done"; id: number; outcome: Outcomes[keyof Outcomes]; memory: number }
  /** `unsound`: the thread's state may be broken (a kernel trapped); it must not take another job. */
  | { type: "failed"; id: number; error: ErrorEnvelope; memory: number; unsound: boolean };

/** What a thread is given when it starts. `cancelled[0]` holds the id of the job to give up, readable in the middle of it. */
export interface ThreadSetup {
  cancelled: Int32Array<SharedArrayBuffer>;
}
