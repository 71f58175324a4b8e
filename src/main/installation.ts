import { mkdir, mkdtemp, readdir, rm, statfs, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NebuliftError, toNebuliftError } from "../shared/errors.ts";
import { encodeJpeg } from "./engine/jpeg.ts";
import { formatKernelsDiffer, readerMissing } from "./formats/self-check.ts";
import { measuringKernelsDiffer } from "./measure/self-check.ts";
import { createServices, simulateNight } from "./services.ts";
import { databaseSoundness, placesOf } from "./storage/index.ts";

/** One thing that was looked at. */
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  /** What to do where it is not ok. */
  action: string | null;
}

export interface InstallationOptions {
  workerUrl: URL;
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

const REINSTALL = "Install Nebulift again; if it stays so, report it with this line.";

/** Looks at everything that grading rests on, needs no network, and leaves nothing behind. Throws `cancelled`. */
export async function* checkInstallation(options: InstallationOptions): AsyncGenerator<Check> {
  const scratch = await mkdtemp(join(tmpdir(), "nebulift-validate-"));
  try {
    for (const check of [runtime, simd, kernels, readers, databases, places, model, cluster, night]) {
      if (options.signal.aborted) throw new NebuliftError("cancelled", "validate");
      yield* await check(options, scratch);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Look = (options: InstallationOptions, scratch: string) => Check[] | Promise<Check[]>;

const fine = (name: string, detail: string): Check => ({ name, ok: true, detail, action: null });
const wrong = (name: string, detail: string, action: string): Check => ({ name, ok: false, detail, action });

const runtime: Look = () => {
  const { node, electron } = process.versions;
  const detail = `Node ${node}${electron ? ` in Electron ${electron}` : ""}, ${process.platform} ${process.arch}`;
  const sqlite = process.getBuiltinModule("node:sqlite") !== undefined;
  return [
    fine("runtime", detail),
    sqlite
      ? fine("node:sqlite", "there: measurements, decisions and settings are kept")
      : wrong("node:sqlite", "not in this Node", "Use Node 22.13 or newer; until then nothing is remembered."),
  ];
};

/** A function of one SIMD instruction (the module that wasm-feature-detect asks with). */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

const simd: Look = () => [
  WebAssembly.validate(SIMD_MODULE)
    ? fine("SIMD", "there: the kernels run as WebAssembly")
    : wrong(
        "SIMD",
        "this processor has none for WebAssembly",
        "Grading works, some five times slower. A processor of 2013 or later has it.",
      ),
];

const kernels: Look = () => {
  const told = (name: string, differs: string | null): Check =>
    differs === null
      ? fine(name, "same results as their plain reference")
      : wrong(name, `other than their reference: ${differs}`, REINSTALL);
  return [told("decoding kernels", formatKernelsDiffer()), told("measuring kernels", measuringKernelsDiffer())];
};

const readers: Look = async (_, scratch) => {
  const picture = encodeJpeg({ width: 16, height: 16, channels: 1, data: new Uint8Array(256).fill(90) }, 90);
  const raw = Buffer.concat([Buffer.from("FUJIFILMCCD-RAW 0201"), Buffer.alloc(500)]);
  const told = (name: string, missing: string | null): Check =>
    missing === null ? fine(name, "starts") : wrong(name, missing, `${REINSTALL} Other formats are read all the same.`);
  return [
    told("reader of JPEG (sharp)", await readerMissing(scratch, picture)),
    told("reader of camera RAW (LibRaw)", await readerMissing(scratch, raw)),
  ];
};

const databases: Look = ({ environment }) =>
  databaseSoundness(placesOf(environment)).map(({ file, bytes, fault }) => {
    const name = file.endsWith("measurements.db") ? "measurements kept" : "decisions and settings";
    if (fault !== null)
      return wrong(name, `${file}: ${fault}`, "Grade any folder: the file is then set aside and made again from what lies beside it.");
    return fine(name, bytes === null ? "none yet" : `sound, ${megabytes(bytes)}`);
  });

/** A night of simulated frames takes some, and so do pictures of a few hundred real ones. */
const LEAST_FREE = 500e6;

const places: Look = async ({ environment }) => {
  const { data, cache } = placesOf(environment);
  const found = new Map<string, string>([
    [data, "data folder"],
    [cache, "cache folder"],
    [tmpdir(), "temporary folder"],
  ]);
  return Promise.all([...found].map(([folder, name]) => roomIn(name, folder)));
};

async function roomIn(name: string, folder: string): Promise<Check> {
  const probe = join(folder, `.nebulift-validate-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, "x", { flag: "wx" });
    await rm(probe);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < LEAST_FREE)
      return wrong(name, `${folder}: ${megabytes(free)} free`, `Free some space: ${megabytes(LEAST_FREE)} are needed.`);
    return fine(name, `${folder}: ${megabytes(free)} free`);
  } catch (error) {
    const { detail } = toNebuliftError(error, "output-unwritable");
    return wrong(name, `${folder}: ${detail}`, "Give yourself write permission, or name another place in NEBULIFT_HOME.");
  }
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}

const model: Look = () => [fine("model", "none installed: verdicts rest on measurements and need none")];

const cluster: Look = () => [fine("cluster", "not configured")];

const FRAMES = 10;
/** Of a frame cut short, this much is left. */
const STUMP_BYTES = 100_000;

/** A clear night with one frame cut short: all but that one must come out clean, and that one with its code. */
const night: Look = async ({ workerUrl, signal }, scratch) => {
  const folder = join(scratch, "night");
  const name = "simulated night";
  const services = createServices({
    workerUrl,
    environment: { NEBULIFT_HOME: join(scratch, "home") },
    threads: 2,
    onTrouble: () => undefined,
  });
  try {
    await simulateNight(folder, { frames: `${FRAMES}`, size: "640x480", seed: "1", defects: "none" }, { signal });
    const frames = (await readdir(folder)).filter((file) => file.endsWith(".fits")).sort();
    await truncate(join(folder, frames[frames.length - 1]), STUMP_BYTES);
    // Frames of this minute might still be growing, and would be waited for.
    for (const file of frames) await utimes(join(folder, file), 1, 1);
    const { summary, frames: rows } = services.report(await services.grade([folder], { signal }));
    const cut = rows.find((row) => row.verdict === "unreadable")?.error?.code ?? "not noticed";
    const as = `${summary.clean} of ${FRAMES - 1} good frames clean, the one cut short ${cut}`;
    return [summary.clean === FRAMES - 1 && cut === "truncated" ? fine(name, as) : wrong(name, as, REINSTALL)];
  } catch (error) {
    const { code, message, action } = toNebuliftError(error);
    if (code === "cancelled") throw error;
    return [wrong(name, message, action)];
  } finally {
    await services.close();
  }
};
