import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeFits, type FitsCard } from "../formats/fits-write.ts";
import { openStore } from "../storage/index.ts";
import { Engine } from "./engine.ts";
import type { FrameResult } from "./result.ts";
import { SKIP_NOT_LIGHTS } from "./skip.ts";
import { RESULT_VERSION } from "./version.ts";

/** The real measuring thread on real files: what goes in as stars must come out as stars. */

const WIDTH = 640;
const HEIGHT = 480;
const FWHM = 3.4;
const SKY = 1200;
const NOISE = 15;

let folder: string;
let engine: Engine;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-worker-"));
  engine = new Engine({ workerUrl: new URL("./worker.ts", import.meta.url), version: RESULT_VERSION, threads: 2 });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** 60 round Moffat stars (beta 4), none near another, on a flat sky. */
function stars(seed: number): Uint16Array {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const adu = Float32Array.from({ length: WIDTH * HEIGHT }, () => SKY + NOISE * normal());
  const alpha = FWHM / (2 * Math.sqrt(2 ** (1 / 4) - 1));
  for (let i = 0; i < 60; i++) {
    const cx = 30 + (i % 10) * 60 + 40 * next();
    const cy = 25 + Math.floor(i / 10) * 78 + 50 * next();
    const peak = 800 + 8000 * next();
    for (let y = Math.max(0, Math.floor(cy) - 24); y <= Math.min(HEIGHT - 1, cy + 24); y++) {
      for (let x = Math.max(0, Math.floor(cx) - 24); x <= Math.min(WIDTH - 1, cx + 24); x++) {
        adu[y * WIDTH + x] += peak / (1 + ((x - cx) ** 2 + (y - cy) ** 2) / alpha ** 2) ** 4;
      }
    }
  }
  return Uint16Array.from(adu, Math.round);
}

function fits(name: string, data: Uint16Array, keywords: FitsCard[] = []): string {
  const path = join(folder, name);
  writeFileSync(path, encodeFits({ width: WIDTH, height: HEIGHT, bitpix: 16, data, keywords }));
  return path;
}

async function measureAll(paths: string[], options = {}, target = engine): Promise<Map<string, FrameResult>> {
  const results = new Map<string, FrameResult>();
  await target.measure(paths, { onResult: (result) => void results.set(result.path, result), ...options });
  return results;
}

describe("a measuring thread", () => {
  it("finds the sky and the stars that are in the file", async () => {
    const path = fits("light.fits", stars(1), [
      ["IMAGETYP", "LIGHT"],
      ["FILTER", "Ha"],
    ]);
    const result = (await measureAll([path])).get(path);
    expect(result?.error).toBeNull();
    expect(result?.summary).toMatchObject({ format: "fits", width: WIDTH, height: HEIGHT });
    expect(result?.summary?.metadata).toMatchObject({ imageType: "light", filter: "Ha" });
    const found = result?.measurement;
    expect(found?.background.level).toBeGreaterThan(SKY - 5);
    expect(found?.background.level).toBeLessThan(SKY + 5);
    expect(found?.stars.count).toBeGreaterThanOrEqual(58);
    expect(found?.stars.count).toBeLessThanOrEqual(63);
    expect(found?.shape.fwhm ?? 0).toBeGreaterThan(FWHM * 0.95);
    expect(found?.shape.fwhm ?? 0).toBeLessThan(FWHM * 1.05);
    expect(found?.list.x.length).toBe(found?.list.flags.length);
    expect(result?.times?.measure).toBeGreaterThan(0);
  });

  it("names what is no frame, or only half of one, and goes on", async () => {
    const good = fits("good.fits", stars(2));
    const half = fits("half.fits", stars(3));
    truncateSync(half, 200_000);
    const text = join(folder, "notes.fits");
    writeFileSync(text, "cloudy after midnight");
    const results = await measureAll([half, text, good]);
    expect(results.get(half)?.error?.code).toBe("truncated");
    expect(results.get(text)?.error?.code).toBe("not-an-image");
    expect(results.get(good)?.error).toBeNull();
  });

  it("reads the headers of calibration frames and stacks, and no more", async () => {
    const dark = fits("dark.fits", stars(4), [["IMAGETYP", "Dark Frame"]]);
    const stack = fits("stack.fits", stars(5), [["STACKCNT", 40]]);
    const results = await measureAll([dark, stack], { skip: SKIP_NOT_LIGHTS });
    expect(results.get(dark)).toMatchObject({ skipped: true, measurement: null, error: null });
    expect(results.get(dark)?.summary?.metadata.imageType).toBe("dark");
    expect(results.get(stack)).toMatchObject({ skipped: true, summary: { metadata: { stackCount: 40 } } });
    expect((await engine.header(dark)).metadata.imageType).toBe("dark");
  });

  it("remembers exactly what it measured", async () => {
    const home = join(folder, "home");
    const path = fits("kept.fits", stars(6));
    const run = async () => {
      const store = openStore(
        { data: home, cache: home },
        {
          onTrouble: (trouble) => {
            throw trouble;
          },
        },
      );
      const own = new Engine({
        workerUrl: new URL("./worker.ts", import.meta.url),
        version: RESULT_VERSION,
        threads: 1,
        memory: store.measurements,
      });
      const results = await measureAll([path], {}, own);
      await own.close();
      store.close();
      return results.get(path);
    };
    const [first, second] = [await run(), await run()];
    expect(first?.fromCache).toBe(false);
    expect(second?.fromCache).toBe(true);
    expect(second?.measurement).toEqual(first?.measurement);
    expect(second?.summary).toEqual(first?.summary);
  });
});

describe("previews", () => {
  it("are pictures of the frame, upright and of the asked width", async () => {
    const data = stars(7);
    // A bright block near the first stored row: FITS rows run from the bottom, so it is seen below.
    for (let y = 20; y < 60; y++) data.fill(40_000, y * WIDTH + 300, y * WIDTH + 340);
    const path = fits("preview.fits", data);
    const preview = await engine.preview(path, { width: 320 });
    expect(preview).toMatchObject({ width: 320, height: 240, scale: 0.5 });
    const { data: pixels, info } = await sharp(preview.jpeg).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 320, height: 240, channels: 1 });
    expect(preview.summary.rowOrder).toBe("bottom-up");
    expect(pixels[(240 - 20) * 320 + 160]).toBeGreaterThan(200);
    expect(pixels[20 * 320 + 160]).toBeLessThan(120);
  });

  it("follow the stretch they are given", async () => {
    const path = fits("stretch.fits", stars(8));
    const own = await engine.preview(path, { width: 64 });
    const dark = await engine.preview(path, { width: 64, stretch: { shadows: 0.5, midtones: 0.5, highlights: 1, range: [0, 65535] } });
    const level = async (jpeg: Uint8Array) => (await sharp(jpeg).stats()).channels[0].mean;
    // The rule brings the sky to a quarter.
    expect(await level(own.jpeg)).toBeGreaterThan(48);
    expect(await level(own.jpeg)).toBeLessThan(90);
    expect(await level(dark.jpeg)).toBeLessThan(5);
    expect(own.stretch.range).toEqual([0, 65535]);
  });

  it("come with the measurements, in their folder, and are made once", async () => {
    const path = fits("thumb.fits", stars(9));
    const pictures = join(folder, "pictures", "deep");
    const first = (await measureAll([path], { preview: { width: 200, folder: pictures } })).get(path);
    expect(first?.preview.error).toBeNull();
    expect(first?.preview.jpeg).toBeNull();
    const file = first?.preview.file ?? "";
    expect(existsSync(file)).toBe(true);
    expect(await sharp(readFileSync(file)).metadata()).toMatchObject({ format: "jpeg", width: 200, height: 150 });
    expect(readdirSync(pictures).length).toBe(1);
    const bytes = (await measureAll([path], { preview: { width: 200 } })).get(path)?.preview.jpeg;
    expect(bytes?.length).toBe(readFileSync(file).length);
  });

  it("that cannot be saved do not cost the measurement", async () => {
    const path = fits("unsaved.fits", stars(10));
    const occupied = join(folder, "occupied");
    writeFileSync(occupied, "");
    const result = (await measureAll([path], { preview: { width: 200, folder: join(occupied, "x") } })).get(path);
    expect(result?.error).toBeNull();
    expect(result?.measurement?.stars.count).toBeGreaterThan(50);
    expect(result?.preview).toMatchObject({ jpeg: null, file: null });
    expect(result?.preview.error).not.toBeNull();
  });
});
