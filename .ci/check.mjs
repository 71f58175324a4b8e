#!/usr/bin/env node
// Types of every runtime, lint and format, the arrows between rooms, dead code: each step must pass.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { makeReady, node24, root } from "./setup.mjs";

await makeReady();
const modules = (...parts) => join(root, "node_modules", ...parts);
const steps = [
  ...["shared", "main", "preload", "renderer", "test"].map((name) => [
    `types of ${name}`,
    modules("typescript", "bin", "tsc"),
    "-p",
    `tsconfig.${name}.json`,
  ]),
  ["lint and format", modules("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."],
  ["arrows between rooms", modules("dependency-cruiser", "bin", "dependency-cruiser.mjs"), "--config", ".dependency-cruiser.cjs", "src"],
  ["dead code", modules("knip", "bin", "knip.js"), "--no-progress"],
];
let failed = 0;
for (const [name, ...args] of steps) {
  const done = spawnSync(node24, args, { cwd: root, encoding: "utf8" });
  const ok = done.status === 0;
  if (!ok) failed++;
  console.log(`${ok ? "ok    " : "FAILED"} ${name}`);
  if (!ok) console.log(done.stdout + done.stderr);
}
process.exit(failed > 0 ? 1 : 0);
