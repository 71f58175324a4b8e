import type { Judging } from "./judging.ts";
import type { Score } from "./matching.ts";
import { median } from "./matching.ts";

/** Everything one tool showed on one frame. */
export interface ToolResult {
  tool: string;
  frame: string;
  judged: boolean;
  /** Of the true stars, px. */
  fwhm: number;
  /** Seconds of the interleaved repeats. */
  cpu: number[];
  wall: number[];
  peakMiB: number;
  score: Score | null;
  /** Measured over true. */
  fwhmRatio: number | null;
  hfrRatio: number | null;
}

export interface Throughput {
  frames: number;
  failed: number;
  wall: number;
  cpuPerFrame: number;
  perMinute: number;
  firstResult: number;
  peakMiB: number;
  early: number;
  late: number;
}

export interface Goal {
  name: string;
  /** What was measured, in words; null when it could not be. */
  measured: string | null;
  met: boolean | null;
}

const NEBULIFT = "nebulift core";
const WHOLE = "nebulift measure";

/** The project's goals of speed and quality, each against what this run measured. */
export function judgeGoals(
  results: readonly ToolResult[],
  throughput: Throughput | null,
  soak: Throughput | null,
  judging: Judging | null,
): Goal[] {
  const goals: Goal[] = [];
  for (const [peer, least] of [
    ["sep", 15],
    ["source-extractor", 15],
    ["siril", 15],
    ["astap", 25],
  ] as const) {
    const ratio = ratioTo(results, peer, NEBULIFT);
    const whole = ratioTo(results, peer, WHOLE);
    const measured = ratio === null || whole === null ? null : `${ratio.toFixed(1)}x core, ${whole.toFixed(1)}x with trails and all`;
    goals.push({ name: `at least ${least}x faster than ${peer}`, measured, met: ratio === null ? null : ratio >= least });
  }
  goals.push(completenessGoal(results), falseGoal(results), ...shapeGoals(results), ...judgingGoals(judging));
  goals.push(
    goal(
      "at least 900 full grades a minute on 2 workers",
      throughput,
      (t) => `${t.perMinute.toFixed(0)}/min`,
      (t) => t.perMinute >= 900 && t.failed === 0,
    ),
    goal(
      "in at most 450 MB",
      throughput,
      (t) => `${t.peakMiB.toFixed(0)} MiB at the peak`,
      (t) => t.peakMiB * 1.048576 <= 450,
    ),
    goal(
      "first result within 0.5 s of the start",
      throughput,
      (t) => `${t.firstResult.toFixed(2)} s`,
      (t) => t.firstResult < 0.5,
    ),
    goal(
      "memory flat over the soak",
      soak,
      (t) => `${t.early.toFixed(0)} MiB early, ${t.late.toFixed(0)} MiB at the end of ${t.frames}`,
      (t) => t.late <= 1.05 * t.early + 8 && t.failed === 0,
    ),
  );
  return goals;
}

/** Against JSON, because a second of one machine is not a second of another. */
function judgingGoals(judging: Judging | null): Goal[] {
  return (
    [
      ["first", "judging a night takes no longer than writing and reading its measurements as JSON", 1],
      ["again", "judging it again takes a quarter of that at most", 0.25],
    ] as const
  ).map(([which, name, most]) => {
    const ratio = judging === null ? null : judging[which] / judging.json;
    return { name, measured: ratio === null ? null : `${ratio.toFixed(2)} of it`, met: ratio === null ? null : ratio <= most };
  });
}

function goal(name: string, found: Throughput | null, say: (t: Throughput) => string, test: (t: Throughput) => boolean): Goal {
  return { name, measured: found === null ? null : say(found), met: found === null ? null : test(found) };
}

/** px; noise alone moves a star's centroid by FWHM / (2.35 SNR), 0.04 px for SNR 100 at 9 px: that is no tool's fault. */
const SHARP = 4.5;

const ofTool = (results: readonly ToolResult[], tool: string) => results.filter((result) => result.tool === tool);

/** Median over the frames of the ratio of the fastest repeats' CPU times. */
export function ratioTo(results: readonly ToolResult[], peer: string, own: string): number | null {
  const ratios: number[] = [];
  for (const theirs of ofTool(results, peer)) {
    const ours = results.find((result) => result.tool === own && result.frame === theirs.frame);
    if (ours && ours.cpu.length > 0 && theirs.cpu.length > 0) ratios.push(Math.min(...theirs.cpu) / Math.min(...ours.cpu));
  }
  return ratios.length > 0 ? median(ratios) : null;
}

/** Share of all stars above SNR 10 over the judged frames, every frame weighing the same. */
function completenessOf(results: readonly ToolResult[], tool: string): number | null {
  const shares = ofTool(results, tool)
    .filter((result) => result.judged)
    .flatMap((result) => result.score?.completenessAbove10 ?? []);
  return shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : null;
}

function falseOf(results: readonly ToolResult[], tool: string): { all: number; elsewhere: number } | null {
  const counts = ofTool(results, tool)
    .filter((result) => result.judged)
    .flatMap((result) => (result.score ? [{ all: result.score.falseDetections, hot: result.score.falseOnHotPixels }] : []));
  if (counts.length === 0) return null;
  const all = counts.reduce((sum, count) => sum + count.all, 0);
  return { all, elsewhere: all - counts.reduce((sum, count) => sum + count.hot, 0) };
}

function completenessGoal(results: readonly ToolResult[]): Goal {
  const own = completenessOf(results, WHOLE);
  const theirs = completenessOf(results, "source-extractor");
  const known = own !== null && theirs !== null;
  return {
    name: "completeness above SNR 10 within 0.5 point of source-extractor at threshold 2",
    measured: known ? `${(100 * own).toFixed(2)} % against ${(100 * theirs).toFixed(2)} %` : null,
    met: known ? own >= theirs - 0.005 : null,
  };
}

function falseGoal(results: readonly ToolResult[]): Goal {
  const own = falseOf(results, WHOLE);
  const theirs = falseOf(results, "source-extractor");
  const known = own !== null && theirs !== null;
  return {
    name: "at most a fifth of source-extractor's false detections",
    measured: known ? `${own.all} against ${theirs.all}, hot pixels left out ${own.elsewhere} against ${theirs.elsewhere}` : null,
    met: known ? own.all <= theirs.all / 5 : null,
  };
}

function shapeGoals(results: readonly ToolResult[]): Goal[] {
  const judged = ofTool(results, WHOLE).filter((result) => result.judged);
  const ratios = judged.flatMap((result) => result.fwhmRatio ?? []);
  const centroids = judged.filter((result) => result.fwhm <= SHARP).flatMap((result) => result.score?.centroid ?? []);
  const bias = ratios.length > 0 ? median(ratios) - 1 : null;
  const spread = ratios.length > 1 ? Math.sqrt(ratios.reduce((sum, r) => sum + (r - 1 - (bias ?? 0)) ** 2, 0) / ratios.length) : null;
  const worst = centroids.length > 0 ? Math.max(...centroids) : null;
  const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
  return [
    { name: "FWHM bias at most 2 %", measured: bias === null ? null : percent(bias), met: bias === null ? null : Math.abs(bias) <= 0.02 },
    {
      name: "FWHM scatter from frame to frame at most 1.5 %",
      measured: spread === null ? null : percent(spread),
      met: spread === null ? null : spread <= 0.015,
    },
    {
      name: `centroids above SNR 50 within 0.03 px in every frame sharper than ${SHARP} px`,
      measured: worst === null ? null : `${worst.toFixed(4)} px`,
      met: worst === null ? null : worst <= 0.03,
    },
  ];
}
