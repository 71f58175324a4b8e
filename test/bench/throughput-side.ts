import { Engine, RESULT_VERSION } from "../../src/main/engine/index.ts";

/**
 * Full grading by the engine as the program does it: two threads, everything measured, previews encoded. In a process of
 * its own, so that its memory is its own. Arguments: number of frames, then files, which are taken in turn.
 * Prints one JSON document.
 */
const [count, ...files] = process.argv.slice(2);
const total = Number(count);

const engine = new Engine({
  workerUrl: new URL("../../src/main/engine/worker.ts", import.meta.url),
  version: RESULT_VERSION,
  threads: 2,
});

const samples: { frame: number; mib: number }[] = [];
const mebibytes = () => process.memoryUsage.rss() / 2 ** 20;
let done = 0;
let first = 0;
let steadyFrom = 0;
let failed = 0;
const times: number[] = [];
const began = performance.now();
const cpu = process.cpuUsage();
const paths = Array.from({ length: total }, (_, i) => files[i % files.length]);
await engine.measure(paths, {
  lookUp: false,
  preview: { width: 1041 },
  onResult: (result) => {
    done++;
    // Since the process started: importing and starting the threads included.
    if (done === 1) first = performance.now();
    if (done === Math.ceil(total / 10)) steadyFrom = performance.now();
    if (result.error !== null || result.preview.jpeg === null) failed++;
    times.push(result.milliseconds);
    samples.push({ frame: done, mib: mebibytes() });
  },
});
const wall = (performance.now() - began) / 1000;
const steady = (performance.now() - steadyFrom) / 1000;
const spent = process.cpuUsage(cpu);
await engine.close();

const highest = (from: number, to: number) => Math.max(...samples.slice(Math.floor(from * total), Math.ceil(to * total)).map((s) => s.mib));
process.stdout.write(
  `${JSON.stringify({
    frames: total,
    failed,
    wall,
    cpuPerFrame: (spent.user + spent.system) / 1e6 / total,
    // A night has hundreds of frames: the pace once threads and code are warm. The start has a figure of its own.
    perMinute: (60 * (total - Math.ceil(total / 10))) / steady,
    firstResult: first / 1000,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    // Steady memory: after the first tenth, and at the end.
    early: highest(0.1, 0.3),
    late: highest(0.8, 1),
  })}\n`,
);
