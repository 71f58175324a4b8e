import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { FrameSummary, Measurement, StarList } from "../../shared/domain.ts";
import { toNebuliftError } from "../../shared/errors.ts";
import type { PixelSource } from "../../shared/pixels.ts";
import { type FrameFile, openFrame } from "../formats/index.ts";
import { type Kernels, measurePrepared, type PreparedFrame, prepareFrame } from "../measure/index.ts";
import { encodeMeasurement } from "../measure/measurement-codec.ts";
import { encodeJpeg } from "./jpeg.ts";
import type { DeliveredPreview, Job, MeasureJob, MeasureOutcome, PreviewJob, PreviewOutcome } from "./protocol.ts";
import { rehearse } from "./rehearsal.ts";
import { ownStretch, renderFrame } from "./render.ts";
import { isSkipped } from "./skip.ts";
import type { Finished, Giveup, Perform } from "./thread-host.ts";

/** What a measuring thread does with its jobs. One Kernels serves one frame at a time, and so does a thread. */
export function frameWork(kernels: Kernels, now: () => number): Perform {
  return async (job: Job, giveup: Giveup) => {
    if (job.kind === "rehearse") {
      rehearse(kernels, giveup.check);
      return { outcome: null, transfer: [] };
    }
    return withFrame(job.path, giveup, async (frame): Promise<Finished> => {
      switch (job.kind) {
        case "header":
          return { outcome: summaryOf(frame), transfer: [] };
        case "preview":
          return previewed(await previewJob(kernels, frame, job, giveup));
        case "measure":
          return measured(await measureJob(kernels, frame, job, giveup, now));
      }
    });
  };
}

async function withFrame<T>(path: string, giveup: Giveup, work: (frame: FrameFile) => Promise<T>): Promise<T> {
  const frame = await openFrame(path, { signal: giveup.signal });
  try {
    return await work(frame);
  } finally {
    frame.close();
  }
}

async function measureJob(kernels: Kernels, frame: FrameFile, job: MeasureJob, giveup: Giveup, now: () => number): Promise<MeasureOutcome> {
  const began = now();
  const summary = summaryOf(frame);
  const outcome: MeasureOutcome = {
    summary,
    measurement: null,
    packed: null,
    preview: { jpeg: null, file: null, error: null },
    times: { open: 0, measure: 0, preview: 0 },
  };
  if (isSkipped(summary, job.skip)) return outcome;
  const prepared = await prepare(kernels, frame, giveup);
  const opened = now();
  const measurement = compact(measurePrepared(prepared, frame, frame.metadata, giveup.check));
  const finished = now();
  const preview = job.preview === null ? outcome.preview : await batchPreview(frame, prepared, measurement, job, giveup);
  return {
    ...outcome,
    measurement,
    packed: job.pack ? encodeMeasurement(measurement) : null,
    preview,
    times: { open: opened - began, measure: finished - opened, preview: now() - finished },
  };
}

/** A picture that fails (a full disk, most likely) must not cost the measurement. */
async function batchPreview(
  frame: FrameFile,
  prepared: PreparedFrame,
  measurement: Measurement,
  job: MeasureJob,
  giveup: Giveup,
): Promise<DeliveredPreview> {
  const { preview, previewFile } = job;
  if (preview === null) return { jpeg: null, file: null, error: null };
  try {
    giveup.check();
    const { picture } = renderFrame(frame, prepared, preview, preview.stretch ?? measurement.stretch);
    const jpeg = encodeJpeg(picture, preview.quality);
    if (previewFile === null) return { jpeg, file: null, error: null };
    await saveWhole(previewFile, jpeg);
    return { jpeg: null, file: previewFile, error: null };
  } catch (error) {
    const fault = toNebuliftError(error);
    if (fault.code === "cancelled") throw fault;
    return { jpeg: null, file: null, error: fault.toEnvelope() };
  }
}

async function previewJob(kernels: Kernels, frame: FrameFile, job: PreviewJob, giveup: Giveup): Promise<PreviewOutcome> {
  const prepared = await prepare(kernels, frame, giveup);
  const stretch = job.preview.stretch ?? ownStretch(frame, prepared);
  const { picture, scale, thumb } = renderFrame(frame, prepared, job.preview, stretch);
  giveup.check();
  const jpeg = encodeJpeg(picture, job.preview.quality);
  if (job.previewFile !== null) await saveWhole(job.previewFile, jpeg);
  const { width, height } = picture;
  return {
    jpeg: job.previewFile === null ? jpeg : null,
    file: job.previewFile,
    thumb: thumb && encodeJpeg(thumb, job.preview.quality),
    width,
    height,
    scale,
    stretch,
    summary: summaryOf(frame),
  };
}

async function prepare(kernels: Kernels, frame: FrameFile, giveup: Giveup): Promise<PreparedFrame> {
  await frame.prepare();
  giveup.check();
  return prepareFrame(kernels, watched(frame, giveup), frame.metadata);
}

/** The same pixels, which stop being read once nobody wants them: reading takes the longest on slow drives. */
function watched(frame: FrameFile, giveup: Giveup): PixelSource {
  const { width, height, planes, cfa, coding } = frame;
  return {
    width,
    height,
    planes,
    cfa,
    coding,
    readRows: (plane, firstRow, rows, into) => {
      giveup.check();
      frame.readRows(plane, firstRow, rows, into);
    },
  };
}

/** The frame without its file: plain values only. */
function summaryOf({ format, width, height, planes, cfa, rowOrder, metadata, warnings }: FrameFile): FrameSummary {
  return { format, width, height, planes, cfa, rowOrder, metadata, warnings };
}

/** A view into the kernels' memory would be cloned with all of that memory. */
function compact(measurement: Measurement): Measurement {
  const { list } = measurement;
  const own = <T extends Float32Array | Uint8Array>(column: T): T =>
    column.byteLength === column.buffer.byteLength ? column : (column.slice() as T);
  const columns: StarList = {
    x: own(list.x),
    y: own(list.y),
    flux: own(list.flux),
    snr: own(list.snr),
    fwhm: own(list.fwhm),
    hfr: own(list.hfr),
    eccentricity: own(list.eccentricity),
    angle: own(list.angle),
    flags: own(list.flags),
  };
  return { ...measurement, list: columns };
}

function measured(outcome: MeasureOutcome): Finished {
  return { outcome, transfer: buffersOf([outcome.preview.jpeg, outcome.packed?.list ?? null]) };
}

function previewed(outcome: PreviewOutcome): Finished {
  return { outcome, transfer: buffersOf([outcome.jpeg, outcome.thumb]) };
}

/** Handed over instead of copied, where an array has its buffer for itself. */
function buffersOf(arrays: (Uint8Array | null)[]): ArrayBuffer[] {
  return arrays.flatMap((array) =>
    array !== null && array.buffer instanceof ArrayBuffer && array.byteLength === array.buffer.byteLength ? [array.buffer] : [],
  );
}

/** Written under another name first: a picture with this name is whole, also when two processes make it. */
async function saveWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, bytes);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw toNebuliftError(error, "output-unwritable");
  }
}
