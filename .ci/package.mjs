#!/usr/bin/env node
// `npm run package [electron-builder's arguments]`: packs the built app for this platform, or for the one named. For Linux
// it first fetches sharp's WebAssembly build, which npm installs nowhere by itself (see electron-builder.yml).
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);

function run(command, ...rest) {
  const { status, error } = spawnSync(command, rest, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const forLinux = args.includes("--linux") || (process.platform === "linux" && !args.includes("--win") && !args.includes("--mac"));
if (forLinux) {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules", "sharp", "package.json"), "utf8"));
  const flags = ["--force", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", "install", "--prefix", join(".cache", "sharp-wasm"), ...flags, `@img/sharp-wasm32@${version}`);
}
run(process.execPath, join(root, "node_modules", "electron-builder", "cli.js"), ...args);
