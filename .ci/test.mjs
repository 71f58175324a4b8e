#!/usr/bin/env node
// All tests that can run on this machine, each suite once, and one line that adds them up. A suite that cannot run says
// so and counts as skipped; nothing is silently left out.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt, ensureDebianPackages, makeReady, node24, root } from "./setup.mjs";

await makeReady();
const total = { passed: 0, failed: 0, skipped: 0 };
const add = (name, counts) => {
  for (const key of Object.keys(total)) total[key] += counts[key] ?? 0;
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
};

if (!existsSync(process.env.NEBULIFT_FRAMES ?? join(root, "..", "shared", "frames"))) {
  console.log("NOT RUN: the tests on real frames (no folder ../shared/frames; NEBULIFT_FRAMES names another place)");
}
const references = ensureDebianPackages(["libcfitsio-bin", "python3-venv", "lz4"], "reference programs the decoders are compared with");
if (!references) console.log("NOT RUN: comparisons with cfitsio");

await unitTests();
await hostTests();
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

async function unitTests() {
  const scratch = mkdtempSync(join(tmpdir(), "nebulift-test-"));
  const out = join(scratch, "unit.json");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const status = await run(node24, [
    vitest,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${out}`,
    ...process.argv.slice(2),
  ]);
  if (!existsSync(out)) {
    add("unit", { passed: 0, failed: 1, skipped: 0 });
    return;
  }
  const result = JSON.parse(readFileSync(out, "utf8"));
  rmSync(scratch, { recursive: true });
  // A file that fails to load has no failed test in it: the runner's status still counts.
  const failed = Math.max(result.numFailedTests, status === 0 ? 0 : 1);
  add("unit", { passed: result.numPassedTests, failed, skipped: result.numPendingTests + result.numTodoTests });
}

/** Everything that needs the built app: what the window does on Chromium, what it keeps out, and what the packages hold. */
async function hostTests() {
  if (process.argv.length > 2) return;
  const entry = join(root, "test", "host", "run.ts");
  if (!ensureDebianPackages(["chromium"], "the built window is tested on it") && !process.env.CHROMIUM) {
    console.log("NOT RUN: the built window on Chromium");
    add("host", { passed: 0, failed: 0, skipped: 1 });
    return;
  }
  ensureBuilt();
  let text = "";
  const status = await run(node24, ["--disable-warning=ExperimentalWarning", entry], (chunk) => {
    text += chunk;
  });
  const line = [...text.matchAll(/(\d+) passed, (\d+) failed, (\d+) skipped/g)].at(-1);
  if (!line) {
    add("host", { passed: 0, failed: 1, skipped: 0 });
    return;
  }
  const failed = Math.max(Number(line[2]), status === 0 ? 0 : 1);
  add("host", { passed: Number(line[1]), failed, skipped: Number(line[3]) });
}

function run(command, args, onText) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", onText ? "pipe" : "inherit", "inherit"] });
    child.stdout?.on("data", (chunk) => {
      process.stdout.write(chunk);
      onText(chunk.toString());
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
