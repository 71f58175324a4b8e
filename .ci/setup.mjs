#!/usr/bin/env node
// Makes a checkout ready and then runs something on it. Plain JavaScript for Node >= 20, because nothing is installed yet
// when it starts: it installs the locked packages (Node 24 among them), builds the kernels, and hands over to Node 24.
//
//   node .ci/setup.mjs                    make ready, nothing else
//   node .ci/setup.mjs run FILE ARGS...   make ready, then run FILE on Node 24
//   node .ci/setup.mjs app ARGS...        make ready, build what is stale, then open the window
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === "win32";
const bin = join(root, "node_modules", ".bin");
export const node24 = join(bin, windows ? "node.cmd" : "node");

/**
 * Installs the locked packages unless exactly these are installed already. `npm install --no-save` and not `npm ci`: some
 * packages have one binary per platform, and a lockfile made where the other platforms' binaries cannot be had is refused
 * by `npm ci` but completed by `npm install`, at the versions the packages themselves pin.
 */
function ensurePackages() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".nebulift-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock && existsSync(node24)) return;
  process.stderr.write("Installing packages (first run only) ...\n");
  const done = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: windows,
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  if (done.status !== 0) {
    process.stderr.write("npm install failed: check the network connection, then run the same command again.\n");
    process.exit(4);
  }
  writeFileSync(stamp, lock);
}

/** Debian packages that tests use. As root on Debian they are installed; elsewhere the user is told what is missing. */
export function ensureDebianPackages(packages, why) {
  if (!existsSync("/etc/debian_version")) return report(packages, why);
  const missing = packages.filter((name) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a format of dpkg-query, not of ours
    const asked = spawnSync("dpkg-query", ["-W", "-f=${Status}", name], { encoding: "utf8" });
    return !(asked.stdout ?? "").includes("install ok installed");
  });
  if (missing.length === 0) return true;
  if (process.getuid?.() !== 0) return report(missing, why);
  process.stderr.write(`Installing ${missing.join(", ")} (${why}) ...\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", "ignore", "inherit"], env }).status === 0;
  if (apt("install", "-y", "--no-install-recommends", ...missing)) return true;
  if (apt("update") && apt("install", "-y", "--no-install-recommends", ...missing)) return true;
  return report(missing, why);
}

function report(packages, why) {
  process.stderr.write(`Not here: ${packages.join(", ")} (${why}). On Debian: apt-get install ${packages.join(" ")}\n`);
  return false;
}

function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) time = Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return time;
}

/** Builds the window's bundles when any source is newer than they are. */
export function ensureBuilt() {
  const built = join(root, "out", "main", "index.js");
  const sources = Math.max(newest(join(root, "src")), statSync(join(root, "electron.vite.config.ts")).mtimeMs);
  if (existsSync(built) && statSync(built).mtimeMs > sources) return;
  process.stderr.write("Building ...\n");
  const done = spawnSync(node24, [join(root, "node_modules", "electron-vite", "bin", "electron-vite.js"), "build"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: windows,
  });
  if (done.status !== 0) process.exit(4);
}

export async function makeReady() {
  ensurePackages();
  const { buildKernels } = await import(pathToFileURL(join(root, ".ci", "build-kernels.mjs")).href);
  await buildKernels();
}

/** Runs a program in the foreground: signals reach both, the exit code is the program's. */
function handOver(command, args) {
  // Compiled code is kept between runs: measuring threads then start in a third of the time.
  const env = { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compile"), ...process.env };
  const child = spawn(command, args, { stdio: "inherit", shell: windows, env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => signal !== "SIGINT" && child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 128 + ({ SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1) : (code ?? 1)));
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  await makeReady();
  const [what, ...rest] = process.argv.slice(2);
  if (what === "run")
    handOver(node24, ["--disable-warning=ExperimentalWarning", ...rest.map((value, i) => (i === 0 ? join(root, value) : value))]);
  if (what === "app") {
    ensureBuilt();
    const electron = join(root, "node_modules", "electron", "cli.js");
    mkdirSync(join(root, "out"), { recursive: true });
    handOver(node24, [electron, root, ...rest]);
  }
}
