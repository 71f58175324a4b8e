import { readFile } from "node:fs/promises";
import { codeOfSystemError, NebuliftError } from "../../shared/errors.ts";
import type { Evaluation } from "../../shared/evaluation.ts";
import type { Store } from "../storage/index.ts";
import type { JudgeSettings } from "../verdict/index.ts";
import { type CalibrationProposal, calibrate, type LabelledReport } from "./calibrate.ts";
import { evaluateReport } from "./evaluate.ts";
import { labelsOf, readReport } from "./label-sources.ts";
import type { BandTargets } from "./review-band.ts";
import { parseThresholds, ThresholdStore } from "./thresholds.ts";

/** At most 1 good frame in 200 thrown away unseen, at most 1 bad one in 50 kept unseen. */
export const DEFAULT_TARGETS: BandTargets = { goodLost: 0.005, badKept: 0.02 };

/** What labels say of the judgement, and what is learned from them. */
export class Learning {
  readonly thresholds: ThresholdStore;
  readonly #store: Store | null;
  readonly #app: string;

  constructor(store: Store | null, app: string) {
    this.#store = store;
    this.#app = app;
    this.thresholds = new ThresholdStore(store?.settings ?? null);
  }

  /**
   * Compares a report with the labels of `truth`, or with those found beside the frames and in the store (label-sources.ts).
   * `notUnderstood` tells labels that say nothing of good or bad. Throws `bad-report`, `bad-labels`.
   */
  async evaluate(reportPath: string, truth: string | null): Promise<{ evaluation: Evaluation; notUnderstood: Map<string, number> }> {
    const report = await readReport(reportPath);
    const { labels, sources, notUnderstood } = await labelsOf(report, truth, this.#store?.decisions ?? null);
    const evaluation = evaluateReport(report, labels, sources, this.#app);
    if (evaluation.matched === 0) throw new NebuliftError("bad-labels", `none of ${labels.length} labels fits a frame of the report`);
    return { evaluation, notUnderstood };
  }

  /** Learns thresholds from labelled reports and keeps them as the proposal. Throws `bad-report`, `bad-labels`, `too-few-labels`. */
  async calibrate(paths: readonly string[], truth: string | null, targets: BandTargets, now: number): Promise<CalibrationProposal> {
    const reports: LabelledReport[] = [];
    for (const path of paths) {
      const report = await readReport(path);
      reports.push({ report, labels: (await labelsOf(report, truth, this.#store?.decisions ?? null)).labels });
    }
    const proposal = calibrate(reports, targets, this.thresholds.inForce());
    const { thresholds, labels, nights } = proposal;
    this.thresholds.propose({ thresholds, labels, nights, made: now });
    return proposal;
  }

  /** Puts the proposal, or a file's thresholds, in force. Throws `bad-thresholds`. */
  async promote(file: string | null): Promise<JudgeSettings> {
    if (file === null) return this.thresholds.promoteProposal();
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      const code = codeOfSystemError(error, "file-io");
      throw new NebuliftError(
        code === "file-missing" ? "bad-thresholds" : code,
        code === "file-missing" ? `${file} does not exist` : file,
        error,
      );
    }
    return this.thresholds.promote(parseThresholds(text, file));
  }
}
