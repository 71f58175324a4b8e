import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { mutantOf, type Workshop } from "./workshop.ts";

const CHILD = fileURLToPath(new URL("./child.ts", import.meta.url));

/** A file longer at work than this hangs; processor time where it is known, so that a busy machine is no hang. */
const MOST_CPU_MS = 5000;
const MOST_WALL_MS = 300_000;
const MOST_BYTES = 1e9;
const TICKS_PER_SECOND = 100;

export interface Finding {
  index: number;
  name: string;
  what: string;
  /** A copy of the file. */
  file: string;
}

export interface Tally {
  /** Files by family and by what became of them. */
  families: Map<string, Map<string, number>>;
  findings: Finding[];
  /** Most memory and time that one file took. */
  peak: { bytes: number; of: string };
  slowest: { cpuMs: number; of: string };
}

export interface Errand {
  folder: string;
  workshop: Workshop;
  seed: number;
  from: number;
  to: number;
  step: number;
  /** Where copies of what was found go. */
  keep: string;
  tally: Tally;
}

interface Ended {
  index: number;
  family: string;
  name: string;
  result: string;
  fault: string | null;
  cpuMs: number;
  peak: number;
}

/** Has children grade every `step`-th mutant; a child that dies or has to be ended is followed by another behind its last file. */
export async function runErrand(errand: Errand): Promise<void> {
  for (let from = errand.from; from < errand.to; ) from = await runChild({ ...errand, from });
}

interface Begun {
  index: number;
  family: string;
  name: string;
  at: number;
  cpuMs: number | null;
}

/** One child until it is done or gone; returns where the next has to go on. */
async function runChild(errand: Errand): Promise<number> {
  const { folder, seed, from, to, step } = errand;
  const args = ["--disable-warning=ExperimentalWarning", "--max-old-space-size=512", CHILD, folder, ...[seed, from, to, step].map(String)];
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let begun: Begun | null = null;
  let next = from;
  let ready = false;
  let verdict: string | null = null;
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-2000);
  });
  const watch = setInterval(() => {
    if (!begun || verdict !== null) return;
    verdict = overrun(child.pid ?? 0, begun);
    if (verdict !== null) child.kill("SIGKILL");
  }, 100);
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "ready") ready = true;
      const start = /^begin (\d+) (\S+) (.*)$/.exec(line);
      if (start) begun = { index: Number(start[1]), family: start[2], name: start[3], at: Date.now(), cpuMs: cpuOf(child.pid ?? 0) };
      // What follows is not the program's: whether the picture is still there.
      if (line === "graded" && begun) begun.cpuMs = null;
      if (!line.startsWith("end ")) continue;
      const ended = JSON.parse(line.slice(4)) as Ended;
      if (begun) note(errand, ended, begun);
      begun = null;
      next = ended.index + step;
    }
  });
  const code = await new Promise<string>((resolve) => child.on("close", (status, signal) => resolve(signal ?? `exit ${status}`)));
  clearInterval(watch);
  if (begun !== null) {
    const dead: Begun = begun;
    const what = verdict ?? `crash: ${code} ${stderr.trim()}`;
    count(errand.tally, dead.family, what.split(":")[0]);
    found(errand, dead, what);
    return dead.index + step;
  }
  if (!ready || code !== "exit 0" || next === from) throw new Error(`a fuzzing child ended with ${code}: ${stderr}`);
  return next;
}

function note(errand: Errand, ended: Ended, begun: Begun): void {
  const { tally } = errand;
  count(tally, ended.family, ended.result);
  const of = `${ended.name} #${ended.index}`;
  if (ended.peak > tally.peak.bytes) tally.peak = { bytes: ended.peak, of };
  if (ended.cpuMs > tally.slowest.cpuMs) tally.slowest = { cpuMs: ended.cpuMs, of };
  if (ended.fault !== null) found(errand, begun, ended.fault);
  else if (ended.peak > MOST_BYTES) found(errand, begun, `memory: ${Math.round(ended.peak / 1e6)} MB`);
  else if (ended.cpuMs > MOST_CPU_MS) found(errand, begun, `hang: ${Math.round(ended.cpuMs)} ms`);
}

function count({ families }: Tally, family: string, result: string): void {
  const results = families.get(family) ?? new Map<string, number>();
  families.set(family, results.set(result, (results.get(result) ?? 0) + 1));
}

function found({ tally, keep, seed, workshop }: Errand, { index, name }: Begun, what: string): void {
  const file = join(keep, `${seed}-${index}.bin`);
  writeFileSync(file, mutantOf(workshop, seed, index).bytes);
  tally.findings.push({ index, name, what, file });
}

/** Why a child must be ended now, or null. */
function overrun(pid: number, { at, cpuMs }: Begun): string | null {
  const bytes = residentBytes(pid);
  if (bytes > 1.5 * MOST_BYTES) return `memory: ${Math.round(bytes / 1e6)} MB and growing`;
  const now = cpuOf(pid);
  if (now !== null && cpuMs !== null && now - cpuMs > MOST_CPU_MS + 1000) return `hang: ${Math.round(now - cpuMs)} ms of processor time`;
  return Date.now() - at > MOST_WALL_MS ? `hang: ${MOST_WALL_MS} ms` : null;
}

function proc(pid: number, name: string): string | null {
  try {
    return process.platform === "linux" ? readFileSync(`/proc/${pid}/${name}`, "utf8") : null;
  } catch {
    // It has ended just now.
    return null;
  }
}

/** Processor time of a process and its threads, ms. */
function cpuOf(pid: number): number | null {
  const fields = proc(pid, "stat")
    ?.replace(/^.*\) /, "")
    .split(" ");
  return fields ? ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND : null;
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s*(\d+) kB/.exec(proc(pid, "status") ?? "")?.[1] ?? 0) * 1024;
}
