import { frameWork } from "../../src/main/engine/frame-work.ts";
import type { MeasureJob, MeasureOutcome } from "../../src/main/engine/protocol.ts";
import { decodeImage, openFrame } from "../../src/main/formats/index.ts";
import { Kernels } from "../../src/main/measure/index.ts";
import { DEFAULT_SETTINGS, judgeNight, type NightFrame, notLightByHeader } from "../../src/main/verdict/index.ts";
import type { Verdict } from "../../src/shared/domain.ts";
import { NebuliftError } from "../../src/shared/errors.ts";
import { flatMeasurements } from "../../src/shared/flat-measurements.ts";
import { destroyedShare, type Picture } from "./likeness.ts";

/** What became of one file. `fault` is what must never happen; null when all is well. */
export interface Outcome {
  /** The error's code, `not-light`, or the verdict. */
  result: string;
  fault: string | null;
}

const MEASURE: Omit<MeasureJob, "path"> = {
  kind: "measure",
  skip: { imageTypes: [], stacks: false },
  preview: { width: 200, quality: 70, colour: true, stretch: null, crop: null, mosaic: null, thumb: null },
  previewFile: null,
  pack: true,
};

const NEVER = { signal: new AbortController().signal, check: () => undefined };

/** More than this of a frame's cells may not show something else than the file they come from when the verdict is clean. */
const MOST_DESTROYED = 0.5;

/** Grades files as a measuring thread does, one after another, and looks for what must not happen. */
export class Grader {
  private readonly perform = frameWork(Kernels.load(), () => performance.now());
  private mono: NightFrame[] = [];
  private bayer: NightFrame[] = [];

  /** Measures the clean frames that others are judged among. */
  async prepare(mono: readonly string[], bayer: readonly string[]): Promise<void> {
    const measured = (paths: readonly string[]): Promise<NightFrame[]> => Promise.all(paths.map((path) => this.companion(path)));
    this.mono = await measured(mono);
    this.bayer = await measured(bayer);
  }

  private async companion(path: string): Promise<NightFrame> {
    const { summary, measurement } = await this.measure(path);
    if (measurement === null) throw new Error(`${path} was not measured`);
    return { id: path, summary, measurement };
  }

  private async measure(path: string): Promise<MeasureOutcome> {
    const { outcome } = await this.perform({ ...MEASURE, path }, NEVER);
    return outcome as MeasureOutcome;
  }

  async grade(path: string): Promise<Outcome> {
    let outcome: MeasureOutcome;
    try {
      outcome = await this.measure(path);
    } catch (error) {
      return { result: error instanceof NebuliftError ? error.code : "thrown", fault: faultOf(error) };
    }
    const { summary, measurement, preview } = outcome;
    if (measurement === null) return { result: "skipped", fault: "not measured" };
    const bad = preview.error ?? null;
    const fault =
      bad !== null ? `preview: ${bad.code} ${bad.detail}` : (notFinite(measurement) ?? notFinite(flatMeasurements(measurement, null)));
    if (fault !== null) return { result: "measured", fault };
    if (notLightByHeader(summary) !== null) return { result: "not-light", fault: null };
    const verdict = this.judge({ id: "mutant", summary, measurement });
    if (verdict.probability !== null && !Number.isFinite(verdict.probability)) return { result: verdict.kind, fault: "P is not finite" };
    return { result: verdict.kind, fault: null };
  }

  judge(frame: NightFrame): Verdict {
    const others = frame.summary.cfa ? this.bayer : this.mono;
    const verdict = judgeNight([frame, ...others], DEFAULT_SETTINGS).frames.get(frame.id)?.verdict;
    if (!verdict) throw new Error("a measured light without a verdict");
    return verdict;
  }
}

/** What is wrong with a clean verdict on a file whose picture may no longer be there; `truths`: what it may show. */
export async function garbageFault(path: string, truths: readonly Picture[]): Promise<string | null> {
  if (truths.length === 0) return "clean, and there never was a sky in it";
  const seen = await pictureOf(path);
  const share = Math.min(...truths.map((truth) => destroyedShare(truth, seen)));
  return share > MOST_DESTROYED ? `clean with ${Math.round(100 * share)} % destroyed` : null;
}

/** The first plane of a file as numbers. */
export async function pictureOf(path: string): Promise<Picture> {
  const frame = await openFrame(path);
  try {
    await frame.prepare();
    const { width, height, data } = decodeImage(frame);
    return { width, height, values: Float64Array.from({ length: width * height }, (_, i) => Number(data[i])) };
  } finally {
    frame.close();
  }
}

/** Codes that say "this file" are answers; these say "this program" or "this computer". */
const NOT_ABOUT_THE_FILE = new Set([
  "internal",
  "out-of-memory",
  "worker-crashed",
  "file-io",
  "file-missing",
  "file-permission",
  "cancelled",
  "feature-missing",
]);

function faultOf(error: unknown): string | null {
  if (!(error instanceof NebuliftError)) return `thrown ${describe(error)}`;
  if (NOT_ABOUT_THE_FILE.has(error.code)) return `${error.code}: ${error.detail} <- ${describe(error.cause)}`;
  // A mistake of ours that was caught further up and named after the file all the same.
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    const ours = cause instanceof TypeError || cause instanceof RangeError || cause instanceof ReferenceError;
    if (ours && !("code" in cause)) return `${error.code}, but it was ${describe(cause)}`;
  }
  return null;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${error.message} ${(error.stack ?? "").split("\n").slice(1, 4).join(" ").replace(/\s+/g, " ")}`;
}

/** The path to the first number in a value that is neither finite nor null. */
function notFinite(value: unknown, path = ""): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : `${path} is ${value}`;
  if (typeof value !== "object" || value === null) return null;
  const entries = ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>).entries() : Object.entries(value);
  for (const [key, inner] of entries) {
    const found = notFinite(inner, `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
