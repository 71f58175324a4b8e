import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Helper, outputOf, useOf } from "./command.ts";
import type { Positions } from "./matching.ts";

/** Time and memory for one frame. */
export interface Use {
  /** User plus system, seconds. */
  cpu: number;
  wall: number;
  peakMiB: number;
}

/** What a tool says about a frame's stars; null where it does not. */
export interface Found {
  detections: Positions | null;
  /** Those whose centroids it measured, where they are fewer. */
  measured: Positions | null;
  fwhm: number | null;
  hfr: number | null;
}

/** A program of the bench. */
export interface BenchTool {
  name: string;
  version: string;
  /** How it was called, for the report. */
  how: string;
  use: (path: string) => Promise<Use>;
  find: (path: string) => Promise<Found>;
  end: () => void;
}

const HERE = dirname(fileURLToPath(import.meta.url));
const NOTHING: Found = { detections: null, measured: null, fwhm: null, hfr: null };

/** Nebulift at one of its depths; all share a process. */
export function nebulift(what: "floor" | "core" | "measure", helper: Helper): BenchTool {
  return {
    name: what === "floor" ? "floor" : `nebulift ${what}`,
    version: "this checkout",
    how: { floor: "read, swap, bin 2x2", core: "background, stars, Moffat fits", measure: "and trails, sensor, noise, weights, stretch" }[
      what
    ],
    use: (path) => helper.ask<Use>({ path, what }),
    find: (path) => (what === "measure" ? helper.ask<Found>({ path, what: "list" }) : Promise.resolve(NOTHING)),
    end: () => {},
  };
}

export const nebuliftHelper = (cwd: string): Helper =>
  new Helper([process.execPath, "--disable-warning=ExperimentalWarning", join(HERE, "nebulift-side.ts")], cwd);

/** sep of PyPI in a virtual environment of its own; null when there is no Python or no network. */
export async function sepTool(cache: string): Promise<BenchTool | null> {
  const venv = join(cache, "venv");
  const python = process.env["NEBULIFT_BENCH_PYTHON"] ?? join(venv, "bin", "python");
  if (!runs(python, ["-c", "import sep, numpy"])) {
    process.stderr.write("Installing sep into a virtual environment ...\n");
    if (!runs("python3", ["-m", "venv", venv]) || !runs(join(venv, "bin", "pip"), ["install", "-q", "numpy", "sep"])) return null;
  }
  const version = (await outputOf([python, "-c", "import sep; print(sep.__version__)"], cache)).trim();
  const helper = new Helper([python, join(HERE, "sep_side.py")], cache);
  return {
    name: "sep",
    version,
    how: "read, Background, extract at 2 sigma; imports not counted",
    use: (path) => helper.ask<Use>({ path, threshold: 2 }),
    find: async (path) => {
      const found = await helper.ask<Positions & { fwhm: number | null }>({ path, threshold: 2, list: true });
      return { ...NOTHING, detections: found, fwhm: found.fwhm };
    },
    end: () => helper.end(),
  };
}

export async function sourceExtractorTool(cache: string): Promise<BenchTool | null> {
  const program = ["source-extractor", "sex", "sextractor"].find((name) => runs(name, ["--version"]));
  if (program === undefined) return null;
  const version = /version ([\d.]+)/.exec(await outputOf([program, "--version"], cache))?.[1] ?? "?";
  const parameters = join(cache, "bench.param");
  const filter = join(cache, "bench.conv");
  const catalogue = join(cache, "bench.cat");
  await writeFile(parameters, "X_IMAGE\nY_IMAGE\nFLUX_ISO\nFWHM_IMAGE\nFLUX_RADIUS\nFLAGS\n");
  // Its own default filter, written out so that no installed file is needed.
  await writeFile(filter, "CONV NORM\n1 2 1\n2 4 2\n1 2 1\n");
  const settings = { DETECT_THRESH: "2", ANALYSIS_THRESH: "2", PARAMETERS_NAME: parameters, FILTER_NAME: filter, CATALOG_NAME: catalogue };
  const common = {
    ...settings,
    PHOT_FLUXFRAC: "0.5",
    MEMORY_PIXSTACK: "2000000",
    MEMORY_OBJSTACK: "50000",
    VERBOSE_TYPE: "QUIET",
    WRITE_XML: "N",
  };
  const options = Object.entries(common).flatMap(([key, value]) => [`-${key}`, value]);
  const configuration = join(cache, "bench.sex");
  await writeFile(configuration, "");
  const command = (path: string) => [program, path, "-c", configuration, ...options];
  return {
    name: "source-extractor",
    version,
    how: "thresholds 2, default filter and deblending, positions, flux, FWHM",
    use: (path) => useOf(command(path), { cwd: cache }),
    find: async (path) => {
      await useOf(command(path), { cwd: cache });
      const rows = (await readFile(catalogue, "utf8"))
        .split("\n")
        .filter((line) => line.trim() !== "" && !line.startsWith("#"))
        .map((line) => line.trim().split(/\s+/).map(Number));
      const bright = rows.filter(([, , , , , flags]) => flags === 0).sort((a, b) => b[2] - a[2]);
      const measured = bright.slice(0, Math.max(10, Math.floor(0.3 * bright.length)));
      return {
        detections: { x: rows.map((row) => row[0]), y: rows.map((row) => row[1]) },
        measured: null,
        fwhm: medianOf(measured.map((row) => row[3])),
        hfr: null,
      };
    },
    end: () => {},
  };
}

/**
 * Siril registers a sequence of three links to the frame (star detection in each, matching, no images written); an empty
 * script's time is taken off and the rest divided by three.
 */
export async function sirilTool(cache: string): Promise<BenchTool | null> {
  if (!runs("siril-cli", ["--version"])) return null;
  const version = /(\d+\.\d+\.\d+)/.exec(await outputOf(["siril-cli", "--version"], cache))?.[1] ?? "?";
  const home = join(cache, "siril");
  await mkdir(home, { recursive: true });
  const empty = join(home, "empty.ssf");
  const script = join(home, "register.ssf");
  await writeFile(empty, "requires 1.0.0\nsetcpu 1\n");
  await writeFile(script, "requires 1.0.0\nsetcpu 1\ncd sequence\nregister f_ -norot\n");
  const register = async (path: string) => {
    const folder = join(home, "sequence");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    for (let i = 1; i <= 3; i++) await symlink(path, join(folder, `f_0000${i}.fit`));
    return useOf(["siril-cli", "-d", home, "-s", script], { cwd: home, mayFail: true });
  };
  let idle: { cpu: number; wall: number } | null = null;
  return {
    name: "siril",
    version,
    how: "register -norot of three links on one CPU, per frame, start-up taken off",
    use: async (path) => {
      idle ??= await useOf(["siril-cli", "-d", home, "-s", empty], { cwd: home });
      const use = await register(path);
      if (!/Total: 0 failed/.test(use.output)) throw new Error(`siril could not register ${path}`);
      return { cpu: (use.cpu - idle.cpu) / 3, wall: (use.wall - idle.wall) / 3, peakMiB: use.peakMiB };
    },
    find: async (path) => {
      const { output } = await register(path);
      const [x, y] = ["FWHMx", "FWHMy"].map((name) => Number(new RegExp(`${name}:\\s+([\\d.]+)`).exec(output)?.[1] ?? Number.NaN));
      const fwhm = Math.sqrt(x * y);
      return { ...NOTHING, fwhm: Number.isFinite(fwhm) ? fwhm : null };
    },
    end: () => {},
  };
}

export async function astapTool(cache: string): Promise<BenchTool | null> {
  const program = ["astap_cli", "astap"].find((name) => onPath(name));
  if (program === undefined) return null;
  const banner = spawnSync(program, ["-h"], { encoding: "utf8", timeout: 20_000 });
  const version = /(\d{4}\.\d{2}\.\d{2})/.exec(`${banner.stdout}${banner.stderr}`)?.[1] ?? "?";
  const link = join(cache, "astap.fits");
  return {
    name: "astap",
    version,
    how: "-analyse at SNR 10; detections by -extract",
    // Its exit code is the number of stars or the HFD; it means nothing here.
    use: (path) => useOf([program, "-f", path, "-analyse", "10"], { cwd: cache, mayFail: true }),
    find: async (path) => {
      await rm(link, { force: true });
      await symlink(path, link);
      await useOf([program, "-f", link, "-extract", "10"], { cwd: cache, mayFail: true });
      const rows = (await readFile(join(cache, "astap.csv"), "utf8"))
        .split("\n")
        .slice(1)
        .filter((line) => line.includes(","))
        .map((line) => line.split(",").map(Number));
      const hfd = medianOf(rows.map((row) => row[2]));
      return {
        detections: { x: rows.map((row) => row[0]), y: rows.map((row) => row[1]) },
        measured: null,
        fwhm: null,
        hfr: hfd === null ? null : hfd / 2,
      };
    },
    end: () => {},
  };
}

/** Installs what is missing of the Debian packages when that is possible; says what is not. */
export function ensurePeers(): void {
  const wanted = [
    { package: "source-extractor", here: onPath("source-extractor") || onPath("sex") },
    { package: "siril", here: onPath("siril-cli") },
    { package: "astap-cli", here: onPath("astap_cli") || onPath("astap") },
    { package: "python3-venv", here: runs("python3", ["-c", "import ensurepip, venv"]) },
  ];
  const missing = wanted.filter((peer) => !peer.here).map((peer) => peer.package);
  if (missing.length === 0) return;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    process.stderr.write(`NOT HERE, and only root on Debian installs them: ${missing.join(", ")}. Those comparisons are not run.\n`);
    return;
  }
  process.stderr.write(`Installing ${missing.join(", ")} ...\n`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = () =>
    spawnSync("apt-get", ["-qq", "install", "-y", "--no-install-recommends", ...missing], { stdio: "ignore", env: environment }).status ===
    0;
  if (install()) return;
  spawnSync("apt-get", ["-qq", "update"], { stdio: "ignore", env: environment });
  if (!install()) process.stderr.write(`apt-get could not install ${missing.join(", ")}.\n`);
}

/** Whether a command can be run and ends well. */
function runs(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore", timeout: 300_000 }).status === 0;
}

const onPath = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(":").some((folder) => folder !== "" && existsSync(join(folder, program)));

function medianOf(values: readonly number[]): number | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}
