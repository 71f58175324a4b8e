import { createInterface } from "node:readline";
import { type FrameFile, openFrame } from "../../src/main/formats/index.ts";
import { Kernels } from "../../src/main/measure/kernels/kernels.ts";
import { loadFrame } from "../../src/main/measure/load.ts";
import { measureField, measurePrepared } from "../../src/main/measure/measure.ts";
import { prepareFrame } from "../../src/main/measure/prepare.ts";
import { findTrails } from "../../src/main/measure/trails.ts";
import { trailMask } from "../../src/shared/trail-mask.ts";

/**
 * Nebulift's share of the bench, on one thread, one JSON line per question:
 * `floor` reads, swaps bytes and bins 2x2, and nothing else; `core` adds what the peers do as well, background and stars
 * found, measured and fitted; `measure` adds trails, sensor, noise, weights and stretch, all that a verdict needs;
 * `list` gives the detections for matching and is not timed.
 */
interface Question {
  path: string;
  what: "floor" | "core" | "measure" | "list";
}

const kernels = Kernels.load();

async function answer(question: Question): Promise<object> {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  const frame = await openFrame(question.path);
  try {
    await frame.prepare();
    const found = question.what === "list" ? listOf(frame) : work(frame, question.what);
    const spent = process.cpuUsage(cpu);
    return {
      ...found,
      cpu: (spent.user + spent.system) / 1e6,
      wall: (performance.now() - wall) / 1e3,
      peakMiB: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    frame.close();
  }
}

function work(frame: FrameFile, what: "floor" | "core" | "measure"): object {
  kernels.reset();
  if (what === "floor") {
    loadFrame(kernels, frame, frame.metadata);
    return {};
  }
  const prepared = prepareFrame(kernels, frame, frame.metadata);
  if (what === "core") {
    const { detections } = measureField(prepared, frame.metadata, null);
    return { stars: detections.count };
  }
  const measured = measurePrepared(prepared, frame, frame.metadata);
  return { stars: measured.stars.count };
}

function listOf(frame: FrameFile): object {
  kernels.reset();
  const prepared = prepareFrame(kernels, frame, frame.metadata);
  const trails = findTrails(prepared);
  const { detections, stars } = measureField(prepared, frame.metadata, trails.length > 0 ? trailMask(trails) : null);
  kernels.reset();
  const { shape } = measurePrepared(prepareFrame(kernels, frame, frame.metadata), frame, frame.metadata);
  const columns = (x: Float32Array, y: Float32Array, count: number) => ({
    x: Array.from(x.subarray(0, count)),
    y: Array.from(y.subarray(0, count)),
  });
  return {
    detections: columns(detections.x, detections.y, detections.count),
    measured: columns(stars.x, stars.y, stars.count),
    fwhm: shape.fwhm,
    hfr: shape.hfr,
    trails: trails.length,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Question))}\n`);
}
