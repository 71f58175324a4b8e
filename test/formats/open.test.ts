import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { isFrameContent, isFrameName, openFrame, waitUntilSettled } from "../../src/main/formats/index.ts";
import { toNebuliftError } from "../../src/shared/errors.ts";
import { encodeDng } from "../fixtures/dng-writer.ts";
import { samplePixels } from "../fixtures/sample-pixels.ts";
import { encodeTiff } from "../fixtures/tiff-writer.ts";
import { codeOf, openBytes, readBytes, scratchFolder } from "../fixtures/written-frame.ts";
import { encodeXisf } from "../fixtures/xisf-writer.ts";

const folder = scratchFolder();
afterAll(() => folder[Symbol.dispose]());

const pixels = samplePixels(32 * 24, 2);
const FILES: Record<string, Uint8Array> = {
  xisf: encodeXisf({ width: 32, height: 24, sampleFormat: "UInt16", sampleBytes: 2, pixels, codec: "lz4", shuffle: 2 }),
  zlib: encodeXisf({ width: 32, height: 24, sampleFormat: "UInt16", sampleBytes: 2, pixels, codec: "zlib", parts: 3 }),
  tiff: encodeTiff({ width: 32, height: 24, samples: 1, bytes: 2, pixels, compression: "lzw", rowsPerStrip: 7 }),
  deflated: encodeTiff({
    width: 32,
    height: 24,
    samples: 1,
    bytes: 2,
    pixels,
    compression: "deflate",
    predictor: 2,
    tile: [16, 16],
    bigTiff: true,
  }),
  dng: encodeDng({ width: 32, height: 24, pixels, cfa: "RGGB", white: 65535 }),
};

async function failure(path: string): Promise<string> {
  return openFrame(path).then(
    () => "opened",
    (error: unknown) => toNebuliftError(error).code,
  );
}

describe("openFrame", () => {
  it("goes by content: names and their case have no part in it", async () => {
    for (const [kind, bytes] of Object.entries(FILES)) {
      for (const name of ["a.fits", "A.JPG", "noname", "x.CR2", "y.xisf"]) {
        const frame = await openBytes(folder.path, bytes, {}, name);
        frame.close();
        expect([frame.width, frame.height]).toEqual([32, 24]);
        expect(frame.format).toBe(kind === "zlib" ? "xisf" : kind === "deflated" ? "tiff" : kind === "dng" ? "raw" : kind);
      }
    }
  });

  it("names what is no image, and never waits for a pipe, a socket or a device", async () => {
    mkdirSync(join(folder.path, "night.fits"));
    expect(await failure(join(folder.path, "night.fits"))).toBe("not-an-image");
    expect(await failure(join(folder.path, "nowhere.fits"))).toBe("file-missing");
    expect(await codeOf(folder.path, new Uint8Array(0))).toBe("file-empty");
    expect(await codeOf(folder.path, Buffer.from("hello, this is a log\n"))).toBe("not-an-image");
    expect(await codeOf(folder.path, gzipSync("not a frame either"))).toBe("not-an-image");
    expect(await codeOf(folder.path, Uint8Array.of(0x49))).toBe("not-an-image");
    if (process.platform === "win32") return;
    execFileSync("mkfifo", [join(folder.path, "pipe.fits")]);
    expect(await failure(join(folder.path, "pipe.fits"))).toBe("not-an-image");
    expect(await failure("/dev/zero")).toBe("not-an-image");
    const server = createServer().listen(join(folder.path, "socket.fits"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await failure(join(folder.path, "socket.fits"))).toBe("not-an-image");
    server.close();
  });

  it("stops when cancelled", async () => {
    const path = join(folder.path, "cancel.xisf");
    writeFileSync(path, FILES["xisf"]);
    await expect(openFrame(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "cancelled" });
  });

  it("files may be closed at any time, more than once, and several be open at once", async () => {
    const frames = await Promise.all(Object.entries(FILES).map(([name, bytes]) => openBytes(folder.path, bytes, {}, `many-${name}`)));
    await Promise.all(frames.map((frame) => frame.prepare()));
    for (const frame of frames) {
      const into = new Uint8Array(32 * 24 * 2);
      frame.readRows(0, 0, 24, into);
      expect(Buffer.compare(into, pixels)).toBe(0);
    }
    for (const frame of [...frames, ...frames]) frame.close();
    for (const frame of frames) await expect(frame.prepare()).rejects.toMatchObject({ code: "internal" });
  });
});

describe("damaged bytes, a thousand ways", () => {
  for (const [kind, bytes] of Object.entries(FILES)) {
    it(`${kind}: either read or refused with a code for the file, never anything else`, async () => {
      let state = 99;
      const next = (below: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      const kinds = new Map<string, number>();
      for (let round = 0; round < 200; round++) {
        const damaged = Buffer.from(round % 5 === 0 ? bytes.subarray(0, 1 + next(bytes.length)) : bytes);
        const xml = kind === "xisf" || kind === "zlib";
        for (let i = next(6); i >= 0; i--) {
          const at = xml && next(3) > 0 ? next(Math.min(600, damaged.length)) : next(damaged.length);
          damaged[at] = next(4) === 0 ? [0, 255, 0x3c, 0x39, 0x7f][next(5)] : next(256);
        }
        const code = await codeOf(folder.path, damaged, { maxSamples: 1_000_000 });
        kinds.set(code, (kinds.get(code) ?? 0) + 1);
      }
      for (const code of kinds.keys()) {
        expect([
          "readable",
          "truncated",
          "bad-header",
          "bad-data",
          "unsupported",
          "not-an-image",
          "no-image-data",
          "too-large",
          "file-empty",
        ]).toContain(code);
      }
      expect(kinds.size).toBeGreaterThan(2);
    });
  }
});

describe("isFrameName and isFrameContent", () => {
  it("know frames by name in any case, and leave the rest", () => {
    for (const name of [
      "a.fit",
      "A.FITS",
      "x.fts",
      "b.fits.fz",
      "c.FITS.GZ",
      "d.fit.gz",
      "e.xisf",
      "f.TIF",
      "g.png",
      "h.jpeg",
      "i.CR2",
      "j.cr3",
      "k.NEF",
      "l.arw",
      "m.raf",
      "n.orf",
      "o.rw2",
      "p.DNG",
      "q.pef",
      "/deep/er/r.fits",
    ]) {
      expect(isFrameName(name), name).toBe(true);
    }
    for (const name of ["a.txt", "fits", "b.gz", "c.fits.txt", "d.xmp", "._a.fits", ".hidden.fits", "e.tar.gz", "f.fits.part", ""]) {
      expect(isFrameName(name), name).toBe(false);
    }
  });

  it("know frames by their first bytes", () => {
    for (const bytes of Object.values(FILES)) expect(isFrameContent(bytes.subarray(0, 4096))).toBe(true);
    expect(isFrameContent(Buffer.from("SIMPLE  =                    T / FITS"))).toBe(true);
    for (const text of ["", "hello", "%PDF-1.7", "PK\x03\x04", "<html><body>", "\x1f\x8b\x08"])
      expect(isFrameContent(Buffer.from(text, "latin1"))).toBe(false);
  });
});

describe("waitUntilSettled", () => {
  /** A clock that stands still but for sleeping, during which `during` happens. */
  function clock(during: (time: number) => void) {
    let time = Date.now();
    return {
      now: () => time,
      sleep: async (ms: number) => {
        time += ms;
        during(time);
      },
      get slept() {
        return time;
      },
    };
  }

  it("does not wait for a file that has been left alone", async () => {
    const path = join(folder.path, "old.fits");
    writeFileSync(path, "x");
    utimesSync(path, new Date(1e12), new Date(1e12));
    let slept = false;
    await waitUntilSettled(path, {
      quietMs: 2000,
      timeoutMs: 60_000,
      now: Date.now,
      sleep: async () => {
        slept = true;
      },
    });
    expect(slept).toBe(false);
  });

  it("waits while the file grows, then until it has been quiet", async () => {
    const path = join(folder.path, "growing.fits");
    writeFileSync(path, "x");
    let writes = 0;
    const time = clock((now) => {
      if (writes++ >= 5) return;
      appendFileSync(path, "y".repeat(1000));
      utimesSync(path, new Date(now), new Date(now));
    });
    const began = time.now();
    await waitUntilSettled(path, { quietMs: 1000, timeoutMs: 60_000, ...time });
    expect(statSync(path).size).toBe(5001);
    expect(time.now() - began).toBeGreaterThanOrEqual(5000);
  });

  it("gives up on one that never ends, says when it is gone, and stops when cancelled", async () => {
    const path = join(folder.path, "endless.fits");
    writeFileSync(path, "x");
    const endless = clock((now) => {
      appendFileSync(path, "y");
      utimesSync(path, new Date(now), new Date(now));
    });
    await expect(waitUntilSettled(path, { quietMs: 1000, timeoutMs: 10_000, ...endless })).rejects.toMatchObject({ code: "file-growing" });
    await expect(waitUntilSettled(join(folder.path, "gone"), { quietMs: 1, timeoutMs: 1, ...endless })).rejects.toMatchObject({
      code: "file-missing",
    });
    await expect(waitUntilSettled(path, { quietMs: 1, timeoutMs: 1, signal: AbortSignal.abort(), ...endless })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("a clock ahead of this computer's only has to stand still", async () => {
    const path = join(folder.path, "future.fits");
    writeFileSync(path, "x");
    utimesSync(path, new Date(4e12), new Date(4e12));
    const time = clock(() => {});
    const began = time.now();
    await waitUntilSettled(path, { quietMs: 1500, timeoutMs: 60_000, ...time });
    expect(time.now() - began).toBe(1500);
  });
});

const FRAMES = process.env["NEBULIFT_FRAMES"] ?? "../shared/frames";
const CORRUPT = join(FRAMES, "derived/corrupt");

describe.skipIf(!existsSync(CORRUPT))(`real damage${existsSync(CORRUPT) ? "" : " (no folder of real frames)"}`, () => {
  it("ends with the code that says what is wrong", async () => {
    const codes: Record<string, string> = {
      "bad_magic.xisf": "not-an-image",
      "header_len_huge.xisf": "bad-header",
      "empty.fits": "file-empty",
      "jpeg_as.fits": "bad-header",
      "not_fits_text.fits": "not-an-image",
      "random.fits": "not-an-image",
      "trunc.tif": "truncated",
    };
    for (const [name, code] of Object.entries(codes)) expect(await failure(join(CORRUPT, name)), name).toBe(code);
  });

  it("reads the same pixels however often a file is opened", async () => {
    const first = await readBytes(folder.path, FILES["xisf"]);
    const second = await readBytes(folder.path, FILES["xisf"]);
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
  });
});
