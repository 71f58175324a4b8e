import type { FrameSummary, Measurement } from "../../shared/domain.ts";
import type { ErrorEnvelope } from "../../shared/errors.ts";
import type { DeliveredPreview, PackedMeasurement, StepTimes } from "./protocol.ts";

export interface FrameResult {
  path: string;
  /** Null when the file could not be read at all. */
  identity: string | null;
  /** As identity, but the same for every copy of the file. */
  content: string | null;
  bytes: number | null;
  summary: FrameSummary | null;
  /** Null for frames that were skipped or failed. */
  measurement: Measurement | null;
  /** True when the skip rule spared the pixels (a bias, a dark, a stack). */
  skipped: boolean;
  /** A preview that failed has its own error in here; the frame is graded all the same. */
  preview: DeliveredPreview;
  error: ErrorEnvelope | null;
  /** From the moment the frame was taken up to its result, ms. */
  milliseconds: number;
  /** Where a measured frame's time went inside its thread; null for one from the cache. */
  times: StepTimes | null;
  fromCache: boolean;
}

export interface EngineSummary {
  /** Results delivered; the sum of the four below. */
  frames: number;
  measured: number;
  fromCache: number;
  skipped: number;
  failed: number;
  /** True when the signal ended it: frames not delivered were not finished and are not counted. */
  cancelled: boolean;
  milliseconds: number;
}

export interface CachedFrame {
  /** JSON of the FrameSummary. */
  summary: string;
  measurement: PackedMeasurement;
}

/** What the engine needs of a cache of measurements; storage's MeasurementCache is one. Neither method throws. */
export interface MeasurementMemory {
  find(identity: string, version: string): CachedFrame | null;
  keep(identity: string, version: string, frame: CachedFrame): void;
}
