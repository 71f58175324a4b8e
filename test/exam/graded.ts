import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createServices, type NightState, type Services } from "../../src/main/services.ts";
import { parseTrails, parseTruth, type TruthRow, type TruthTrail } from "../../src/main/simulate/truth.ts";
import type { ReasonCode, Report, ReportFrame, Trail } from "../../src/shared/domain.ts";
import type { ExamNight } from "./nights.ts";

/** One frame: what it is, and what Nebulift made of it. */
export interface ExamFrame {
  truth: TruthRow;
  label: "clean" | "borderline" | "contaminated";
  causes: ReasonCode[];
  trueTrails: TruthTrail[];
  /** Share of starlight that passes, per cell of the 8 x 6 grid. */
  cells: number[];
  frame: ReportFrame;
  found: Trail[];
  width: number;
  height: number;
}

export interface GradedNight {
  night: ExamNight;
  frames: ExamFrame[];
  /** As graded: what judging it again starts from. */
  state: NightState;
  groups: Report["groups"];
}

export function openExamServices(home: string, threads: number | undefined): Services {
  return createServices({
    workerUrl: new URL("../../src/main/engine/worker.ts", import.meta.url),
    environment: { ...process.env, NEBULIFT_HOME: home },
    threads,
    onTrouble: (error) => process.stderr.write(`exam: ${error.message} ${error.detail}\n`),
  });
}

/** Grades a rendered night as `batch` does and puts truth and verdict side by side. Throws when a frame is missing. */
export async function gradeNight(services: Services, night: ExamNight, folder: string): Promise<GradedNight> {
  const truth = parseTruth(await readFile(join(folder, "truth.csv"), "utf8"));
  const state = await services.grade([folder]);
  const report = services.report(state);
  const byPath = new Map(report.frames.map((frame) => [frame.path, frame]));
  const frames = truth.map((row): ExamFrame => {
    const frame = byPath.get(row.path);
    const result = state.results.get(join(folder, row.path));
    if (!frame || !result?.measurement) throw new Error(`${night.name}: ${row.path} was not graded`);
    return {
      truth: row,
      label: row.label as ExamFrame["label"],
      causes: row.causes === "" ? [] : (row.causes.split(";") as ReasonCode[]),
      trueTrails: parseTrails(row.trails),
      cells: row.cells.split(" ").map(Number),
      frame,
      found: result.measurement.trails,
      width: result.measurement.width,
      height: result.measurement.height,
    };
  });
  return { night, frames, state, groups: report.groups };
}
