/**
 * Runs what needs the built app, test/host, test/security and test/packaging: `node test/host/run.ts [words of a spec's name]`. Each spec is a process of its own,
 * because an app is started once per process. Ends with one line of counts; the exit code is 1 when anything failed.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const folders = ["specs/", "../security/", "../packaging/"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
if (!existsSync(fileURLToPath(new URL("../../out/main/index.js", import.meta.url)))) {
  console.error("The app is not built: npm run build");
  process.exit(1);
}
const words = process.argv.slice(2);
const wanted = (name: string) => name.endsWith(".spec.ts") && (words.length === 0 || words.some((word) => name.includes(word)));
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter(wanted)
    .map((name) => join(folder, name)),
);

const counts = { passed: 0, failed: 0, skipped: 0 };
// Two at a time fit two cores and a small build machine's memory; the specs wait for what they see, not for the clock.
const stream = run({ files, concurrency: 2, timeout: 600_000 });
// Suites pass and fail by their tests, so only tests are counted; a file that dies counts as one failure.
stream.on("test:pass", (test) => {
  if (test.details.type === "suite") return;
  if (test.skip !== undefined) counts.skipped += 1;
  else counts.passed += 1;
});
stream.on("test:fail", (test) => {
  if (test.details.type !== "suite") counts.failed += 1;
});
stream.compose(new spec()).pipe(process.stdout);
stream.on("close", () => {});
await new Promise((done) => stream.on("end", done));
await new Promise((done) => setTimeout(done, 50));
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
