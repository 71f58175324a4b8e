import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { saveReport } from "../report-services.ts";
import { type Services, type SimulateArguments, simulateNight } from "../services.ts";
import { gradeForCli } from "./grading.ts";
import { EXIT } from "./outcome.ts";
import { ProgressLine } from "./progress-line.ts";
import { frameLines, printable, summaryLines } from "./tables.ts";

/** `simulate`: a night of known truth as FITS files. */
export async function simulate(out: string, options: SimulateArguments, signal: AbortSignal): Promise<number> {
  const night = await simulateWithProgress(out, options, signal);
  process.stdout.write(`${night.frames} frames and truth.csv in ${printable(resolve(out))}\n`);
  return EXIT.done;
}

async function simulateWithProgress(out: string, options: SimulateArguments, signal: AbortSignal): Promise<{ frames: number }> {
  const began = performance.now();
  const line = new ProgressLine(false, began);
  try {
    return await simulateNight(out, options, {
      signal,
      onProgress: (done, total) => {
        const now = performance.now();
        const rate = done / ((now - began) / 1000);
        line.tick({ done, total, rate, eta: (total - done) / rate }, now);
      },
    });
  } finally {
    line.end();
  }
}

/** `demo`: simulate, grade, show. Every run has a folder of its own, so nothing is ever in its way. */
export async function demo(services: Services, out: string | undefined, options: { seed?: string }, signal: AbortSignal): Promise<number> {
  const folder = out ?? (await mkdtemp(join(tmpdir(), "nebulift-demo-")));
  const lights = join(folder, "lights");
  await mkdir(folder, { recursive: true });
  process.stderr.write("Simulating a night ...\n");
  await simulateWithProgress(lights, { preset: "demo", seed: options.seed }, signal);
  process.stderr.write("Grading it ...\n");
  const began = performance.now();
  const { night, report, settings } = await gradeForCli(services, [lights], {}, signal);
  const seconds = (performance.now() - began) / 1000;
  const page = join(folder, "night.html");
  await saveReport(page, await services.htmlReport(night, settings, signal));
  process.stdout.write(`${frameLines(report.frames)}\n\n${summaryLines(report)}\n\n`);
  process.stdout.write(`${report.frames.length} frames graded in ${seconds.toFixed(1)} s\n`);
  process.stdout.write(`Night and report: ${printable(folder)}\nReport with pictures: ${pathToFileURL(page).href}\n`);
  return EXIT.done;
}
