import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openFits } from "../../src/main/formats/fits.ts";
import type { FrameFile } from "../../src/main/formats/frame-file.ts";
import { openGzip } from "../../src/main/formats/gzip.ts";
import { NebuliftError } from "../../src/shared/errors.ts";
import { announce, cachedFolder, pythonWithAstropy, realFrames, runPython } from "../fixtures/references.ts";
import { storedPixels } from "../fixtures/stored-pixels.ts";

interface Digest {
  shape?: number[];
  type?: string;
  sha256?: string;
  error?: string;
}

const script = join(dirname(fileURLToPath(import.meta.url)), "..", "fixtures", "fits_digests.py");
const frames = realFrames();
const files = frames.value === null ? [] : fitsBelow(frames.value);
const digests = frames.value === null ? {} : readDigests(files);
const noFrames = announce("FITS decoding of real frames", frames.missing);
const noDigests = announce("real frames against astropy", digests === null ? "no Python with astropy" : null);

function fitsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:fits?|fts|fz|gz)$/i.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

/** What astropy reads from each file; null without a Python. */
function readDigests(paths: string[]): Record<string, Digest> | null {
  const python = pythonWithAstropy();
  if (python.missing !== null) return null;
  const key = [readFileSync(script, "utf8"), ...paths.map((path) => `${path} ${statSync(path).size}`)].join("\n");
  const folder = cachedFolder("fits-digests", key, (target) => {
    writeFileSync(join(target, "list"), paths.join("\n"));
    return runPython(python.value, script, [join(target, "list"), join(target, "digests.json")]);
  });
  return folder.missing === null ? JSON.parse(readFileSync(join(folder.value, "digests.json"), "utf8")) : null;
}

async function open(path: string): Promise<FrameFile> {
  const head = readFileSync(path).subarray(0, 2);
  const frame = await (head[0] === 0x1f && head[1] === 0x8b ? openGzip(path) : openFits(path));
  await frame.prepare();
  return frame;
}

function hash(frame: FrameFile): string {
  const bytes = storedPixels(frame, 144);
  if (frame.coding.type === "f32") canonicalNaN(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
  if (frame.coding.type === "f64") canonicalNaN(new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8));
  return createHash("sha256").update(bytes).digest("hex");
}

function canonicalNaN(values: Float32Array | Float64Array): void {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = Number.NaN;
}

describe.skipIf(noFrames || noDigests)("real FITS files have the pixels that astropy finds", () => {
  it.each(files.map((path) => [relative(frames.value ?? "", path), path]))("%s", async (_name, path) => {
    const expected = digests?.[path] ?? {};
    let frame: FrameFile;
    try {
      frame = await open(path);
    } catch (error) {
      expect(error).toBeInstanceOf(NebuliftError);
      expect(expected.error, `astropy reads it, but: ${String(error)}`).toBeDefined();
      return;
    }
    try {
      const pixels = hash(frame);
      if (expected.error !== undefined) return;
      expect([frame.width, frame.height]).toEqual([expected.shape?.at(-1), expected.shape?.at(-2)]);
      expect(frame.coding.type).toBe(expected.type);
      expect(pixels).toBe(expected.sha256);
    } finally {
      frame.close();
    }
  });
});

/** What must be said about each damaged file; null where it can be read all the same. */
const DAMAGED: Record<string, string | null> = {
  "all_saturated.fits": null,
  "constant.fits": null,
  "empty.fits": "file-empty",
  "header_only.fits": "truncated",
  "jpeg_as.fits": "not-an-image",
  "lowercase_keys_nul_padding.fits": null,
  "not_fits_text.fits": "not-an-image",
  "one_pixel.fits": "no-image-data",
  "random.fits": "not-an-image",
  "trunc.fits.fz": "truncated",
  "trunc.fits.gz": "truncated",
  "trunc_header_1000B.fits": "truncated",
  "trunc_header_no_END.fits": "truncated",
  "trunc_last_block.fits": null,
};

describe.skipIf(noFrames)("damaged FITS files", () => {
  it.each(Object.entries(DAMAGED))("%s: %s", async (name, code) => {
    const path = join(frames.value ?? "", "derived", "corrupt", name);
    const outcome = await open(path).then(
      (frame) => {
        storedPixels(frame);
        const warnings = frame.warnings.map((warning) => warning.code);
        frame.close();
        return { code: null, warnings };
      },
      (error: unknown) => ({ code: error instanceof NebuliftError ? error.code : String(error), warnings: [] }),
    );
    expect(outcome.code).toBe(code);
    if (name === "trunc_last_block.fits") expect(outcome.warnings).toContain("short-last-block");
  });
});

/** Compressed, gzipped and calibrated files beside the ones they were made from. */
describe.skipIf(noFrames)("derived files", () => {
  const originals = new Map(
    files.filter((path) => !path.includes(`${join("", "derived")}`)).map((path) => [path.split(/[\\/]/).at(-1), path]),
  );
  const copies = files.filter((path) => /[\\/]derived[\\/](?:fz|gz)[\\/]/.test(path));

  it.each(copies.map((path) => [relative(frames.value ?? "", path), path]))("%s equals its source", async (name, path) => {
    const copy = await open(path);
    const bare = path.split(/[\\/]/).at(-1) ?? "";
    const stem = bare.replace(/(?:-[rghp]\d?)?\.fits\.fz$|\.gz$/i, "");
    const source = [...originals.entries()].find(
      ([file]) => file === stem || file?.replace(/\.fits?$/i, "").replace(/[ ]/g, "_") === stem.replace(/ /g, "_"),
    );
    if (source === undefined) {
      copy.close();
      process.stderr.write(`\n*** SKIPPED: ${name} has no source here ***\n`);
      return;
    }
    const original = await open(source[1]);
    expect(hash(copy)).toBe(hash(original));
    copy.close();
    original.close();
  });
});
