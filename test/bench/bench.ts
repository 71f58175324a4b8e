import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CHROMIUM } from "../host/launch.ts";
import { outputOf } from "./command.ts";
import { judgeGoals, type Throughput, type ToolResult } from "./goals.ts";
import { paceOfJudging } from "./judging.ts";
import { scoreDetections } from "./matching.ts";
import { astapTool, type BenchTool, ensurePeers, nebulift, nebuliftHelper, sepTool, sirilTool, sourceExtractorTool } from "./peers.ts";
import { goalLines, judgingLine, ratioTable, resultTable, throughputLine } from "./report.ts";
import { type BenchFrame, makeFrame, SKIES } from "./skies.ts";
import { type WindowPace, windowGoals } from "./window-goals.ts";

const HELP = `npm run bench -- [--quick] [--soak] [--no-window] [--frames A,B] [--tools a,b] [--repeats N] [--out FILE]

Nebulift against sep, source-extractor, Siril and ASTAP on simulated 26-megapixel frames whose stars are known, in one run.
  --quick        three frames, two repeats, a short throughput run
  --soak         1000 frames through the engine, memory watched
  --no-window    without the window on Chromium (test/bench/window.ts alone measures only that)
  --frames       only frames whose name holds one of these, e.g. dense,trail
  --tools        only these of the peers: sep, source-extractor, siril, astap, none
  --repeats      interleaved repeats per frame and tool (5)
  --out          where the JSON report goes
Exit code 1 when a goal is missed.`;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean" },
    soak: { type: "boolean" },
    "no-window": { type: "boolean" },
    frames: { type: "string" },
    tools: { type: "string" },
    repeats: { type: "string" },
    out: { type: "string" },
    help: { type: "boolean" },
  },
});
const HERE = dirname(fileURLToPath(import.meta.url));
const CACHE = join(HERE, "..", "..", "node_modules", ".cache", "nebulift-bench");

async function bench(): Promise<number> {
  await mkdir(CACHE, { recursive: true });
  const frames = await makeFrames();
  const tools = await findTools();
  const names = tools.map((tool) => tool.name);
  for (const tool of tools) say(`${tool.name} ${tool.version}: ${tool.how}`);
  try {
    const results = await compare(frames, tools, Number(options.repeats ?? (options.quick ? 2 : 5)));
    const throughput = await fullGrading(frames, options.quick ? 60 : 300);
    const soak = options.soak ? await fullGrading(frames, 1000) : null;
    say("judging 1000 measured frames ...");
    const judging = paceOfJudging(1000);
    const window = options["no-window"] ? null : await paceOfWindow();
    const goals = [...judgeGoals(results, throughput, soak, judging), ...windowGoals(window)];
    const report = {
      date: new Date().toISOString(),
      machine: { cpu: cpus()[0]?.model ?? "?", cores: cpus().length, node: process.version },
      tools: tools.map(({ name, version, how }) => ({ name, version, how })),
      results,
      throughput,
      soak,
      judging,
      window,
      goals,
    };
    const out = options.out ?? join(CACHE, "report.json");
    await writeFile(out, `${JSON.stringify(report, null, 1)}\n`);
    process.stdout.write(
      [
        "",
        `${report.machine.cpu}, ${report.machine.cores} cores, Node ${report.machine.node}; CPU time is user plus system of one thread of work`,
        "SNR of true stars: F / sqrt(F + A (sky + read noise^2)), A the image's noise-equivalent area; matched one to one within 2 px or 0.4 FWHM",
        "",
        resultTable(results),
        "",
        ratioTable(results, names),
        "",
        throughputLine("full grading", throughput),
        ...(soak ? [throughputLine("soak", soak)] : []),
        judgingLine(judging),
        "",
        goalLines(goals),
        "",
        `report: ${out}`,
        "",
      ].join("\n"),
    );
    return goals.some((goal) => goal.met === false) ? 1 : 0;
  } finally {
    for (const tool of tools) tool.end();
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function makeFrames(): Promise<BenchFrame[]> {
  const wanted = options.frames?.split(",") ?? (options.quick ? ["medium 3", "dense 2.5", "trail"] : [""]);
  const frames: BenchFrame[] = [];
  for (const sky of SKIES.filter(({ name }) => wanted.some((part) => name.includes(part)))) {
    const frame = await makeFrame(sky, join(CACHE, "frames"));
    const above = (snr: number) => frame.truth.stars.snr.filter((value) => value >= snr).length;
    say(
      `frame ${sky.name}: seed ${sky.seed}, FWHM ${frame.truth.fwhm.toFixed(2)} px, ${above(5)} stars above SNR 5, ${above(10)} above 10`,
    );
    frames.push(frame);
  }
  if (frames.length === 0) throw new Error(`no frame named like ${wanted.join(", ")}`);
  return frames;
}

async function findTools(): Promise<BenchTool[]> {
  const wanted = options.tools?.split(",") ?? ["sep", "source-extractor", "siril", "astap"];
  if (wanted.some((name) => name !== "none")) ensurePeers();
  const helper = nebuliftHelper(CACHE);
  const own = [nebulift("floor", helper), nebulift("core", helper), { ...nebulift("measure", helper), end: () => helper.end() }];
  const peers: BenchTool[] = [];
  const makers = { sep: sepTool, "source-extractor": sourceExtractorTool, siril: sirilTool, astap: astapTool };
  for (const [name, make] of Object.entries(makers)) {
    if (!wanted.includes(name)) continue;
    const tool = await make(CACHE);
    if (tool === null) say(`NOT RUN: ${name} is not on this machine`);
    else peers.push(tool);
  }
  return [...own, ...peers];
}

/** Every tool on every frame, in turn, again and again: what slows the machine down slows all of them. */
async function compare(frames: readonly BenchFrame[], tools: readonly BenchTool[], repeats: number): Promise<ToolResult[]> {
  const results: ToolResult[] = [];
  for (const frame of frames) {
    const row = new Map(tools.map((tool) => [tool.name, blank(tool, frame)]));
    // One round unwatched: file cache, and kernels compiled as they are after the first frames of a night.
    for (const tool of tools.filter(({ name }) => name.startsWith("nebulift"))) for (let i = 0; i < 3; i++) await attempt(tool, frame);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const tool of tools) {
        const use = await attempt(tool, frame);
        const result = row.get(tool.name);
        if (use === null || result === undefined) continue;
        result.cpu.push(use.cpu);
        result.wall.push(use.wall);
        result.peakMiB = Math.max(result.peakMiB, use.peakMiB);
      }
    }
    for (const tool of tools) {
      const result = row.get(tool.name);
      if (result) results.push(await withFindings(result, tool, frame));
    }
    say(`measured ${frame.sky.name}`);
  }
  return results;
}

const blank = (tool: BenchTool, frame: BenchFrame): ToolResult => ({
  tool: tool.name,
  frame: frame.sky.name,
  judged: frame.sky.judged,
  fwhm: frame.truth.fwhm,
  cpu: [],
  wall: [],
  peakMiB: 0,
  score: null,
  fwhmRatio: null,
  hfrRatio: null,
});

/** A peer that cannot cope with a frame is said so and left out there. */
async function attempt(tool: BenchTool, frame: BenchFrame): Promise<Awaited<ReturnType<BenchTool["use"]>> | null> {
  try {
    return await tool.use(frame.path);
  } catch (error) {
    if (tool.name.startsWith("nebulift") || tool.name === "floor") throw error;
    say(`${tool.name} failed on ${frame.sky.name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    return null;
  }
}

async function withFindings(result: ToolResult, tool: BenchTool, frame: BenchFrame): Promise<ToolResult> {
  const found = await tool.find(frame.path);
  const { fwhm, hfr } = frame.truth;
  const score = found.detections === null ? null : scoreDetections(found.detections, frame.truth, frame.width, frame.height);
  if (score !== null && found.measured !== null)
    score.centroid = scoreDetections(found.measured, frame.truth, frame.width, frame.height).centroid;
  return {
    ...result,
    score,
    fwhmRatio: found.fwhm === null ? null : found.fwhm / fwhm,
    hfrRatio: found.hfr === null ? null : found.hfr / hfr,
  };
}

async function fullGrading(frames: readonly BenchFrame[], count: number): Promise<Throughput> {
  say(`grading ${count} frames on two workers ...`);
  const side = join(HERE, "throughput-side.ts");
  const text = await outputOf(
    [process.execPath, "--disable-warning=ExperimentalWarning", side, String(count), ...frames.map((frame) => frame.path)],
    HERE,
  );
  return JSON.parse(text) as Throughput;
}

/** Null, and said so, where the app is not built or there is no Chromium. */
async function paceOfWindow(): Promise<WindowPace | null> {
  if (CHROMIUM === undefined || !existsSync(join(HERE, "..", "..", "out", "main", "index.js"))) {
    say("NOT RUN: the window (it needs Chromium, and npm run build)");
    return null;
  }
  say("measuring the window ...");
  const side = join(HERE, "window.ts");
  return JSON.parse(await outputOf([process.execPath, "--disable-warning=ExperimentalWarning", side, "--json"], HERE)) as WindowPace;
}

if (options.help) process.stdout.write(`${HELP}\n`);
else process.exitCode = await bench();
