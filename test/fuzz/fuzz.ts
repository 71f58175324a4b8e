import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Errand, runErrand, type Tally } from "./watch.ts";
import { enter, furnish } from "./workshop.ts";

export interface FuzzOptions {
  files: number;
  seed: number;
  /** Number of the first mutant. */
  from?: number;
  jobs: number;
  /** Where copies of what was found go. */
  keep: string;
}

/** Grades that many damaged files in child processes under watch. */
export async function fuzz({ files, seed, from = 0, jobs, keep }: FuzzOptions): Promise<Tally & { missing: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "nebulift-fuzz-"));
  const tally: Tally = { families: new Map(), findings: [], peak: { bytes: 0, of: "" }, slowest: { cpuMs: 0, of: "" } };
  try {
    mkdirSync(keep, { recursive: true });
    const missing = await furnish(folder);
    const workshop = enter(folder);
    const errand = (job: number): Errand => ({ folder, workshop, seed, from: from + job, to: from + files, step: jobs, keep, tally });
    await Promise.all(Array.from({ length: jobs }, (_, job) => runErrand(errand(job))));
    return { ...tally, missing };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tally as lines. */
export function tallyLines({ families, findings, peak, slowest, missing }: Tally & { missing: string[] }): string[] {
  const total = (results: Map<string, number>) => [...results.values()].reduce((sum, count) => sum + count, 0);
  const lines = [...families].map(([family, results]) => {
    const each = [...results].sort((a, b) => b[1] - a[1]).map(([result, count]) => `${result} ${count}`);
    return `${family.padEnd(8)} ${`${total(results)}`.padStart(6)}  ${each.join(", ")}`;
  });
  const all = [...families.values()].reduce((sum, results) => sum + total(results), 0);
  return [
    ...missing.map((what) => `NOT FUZZED: ${what}`),
    ...lines,
    `${all} files; most memory ${Math.round(peak.bytes / 1e6)} MB (${peak.of}), most time ${Math.round(slowest.cpuMs)} ms (${slowest.of})`,
    ...findings.map(({ index, name, what, file }) => `FOUND #${index} ${name}: ${what}\n  ${file}`),
    `${findings.length} findings`,
  ];
}

const KEEP = fileURLToPath(new URL("../../node_modules/.cache/nebulift-fuzz", import.meta.url));

/** `npm run fuzz -- [--files 20000] [--seed 1] [--only INDEX]` */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { files: { type: "string" }, seed: { type: "string" }, only: { type: "string" }, jobs: { type: "string" } },
  });
  const only = values.only === undefined ? null : Number(values.only);
  const tally = await fuzz({
    files: only === null ? Number(values.files ?? 20_000) : 1,
    from: only ?? 0,
    seed: Number(values.seed ?? 1),
    jobs: only === null ? Number(values.jobs ?? 2) : 1,
    keep: KEEP,
  });
  for (const line of tallyLines(tally)) process.stdout.write(`${line}\n`);
  process.exitCode = tally.findings.length === 0 ? 0 : 1;
}
