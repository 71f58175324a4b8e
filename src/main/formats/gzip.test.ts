import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { encodeFits } from "./fits-write.ts";
import { isGzip, openGzip } from "./gzip.ts";

const folder = mkdtempSync(join(tmpdir(), "nebulift-gzip-"));
afterAll(() => rmSync(folder, { recursive: true }));

const data = Uint16Array.from({ length: 300 * 200 }, (_, i) => (i * 7919) % 65536);
const fits = encodeFits({ width: 300, height: 200, bitpix: 16, data, keywords: [["OBJECT", "M 31"]] });

function file(bytes: Uint8Array): string {
  const path = join(folder, `${Math.random()}.gz`);
  writeFileSync(path, bytes);
  return path;
}

async function code(bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
  try {
    const frame = await openGzip(file(bytes), signal === undefined ? {} : { signal });
    try {
      await frame.prepare();
      return "read";
    } finally {
      frame.close();
    }
  } catch (error) {
    return error instanceof NebuliftError ? error.code : String(error);
  }
}

describe("gzipped FITS", () => {
  it("says what it is before it is inflated, and has the same pixels after", async () => {
    const frame = await openGzip(file(gzipSync(fits)));
    expect([frame.width, frame.height, frame.metadata.object, frame.coding.zero]).toEqual([300, 200, "M 31", 32768]);
    expect(() => frame.readRows(0, 0, 1, new Uint8Array(600))).toThrow(NebuliftError);
    await frame.prepare();
    await frame.prepare();
    const pixels = Buffer.alloc(300 * 200 * 2);
    frame.readRows(0, 0, 120, pixels);
    frame.readRows(0, 120, 80, pixels.subarray(72_000));
    expect(pixels.equals(Buffer.from(fits.buffer, 2880, pixels.length))).toBe(true);
    frame.close();
    frame.close();
  });

  it("stops after the image, however much follows", async () => {
    const long = Buffer.concat([fits, Buffer.alloc(100 << 20)]);
    expect(await code(gzipSync(long))).toBe("read");
  });

  it("refuses what is cut, changed, promised but not there, and what is not FITS", async () => {
    const packed = gzipSync(fits);
    expect(await code(packed.subarray(0, packed.length >> 1))).toBe("truncated");
    const wrong = Buffer.from(packed);
    wrong[wrong.length - 6] ^= 0xff;
    expect(await code(wrong)).toBe("bad-checksum");
    expect(await code(gzipSync(Buffer.from("hello ".repeat(5000))))).toBe("not-an-image");
    expect(await code(gzipSync(Buffer.alloc(200 << 20)))).toBe("not-an-image");
    expect(await code(gzipSync(fits.subarray(0, 2880)))).toBe("truncated");
    expect(await code(gzipSync(encodeFits({ width: 300, height: 1, bitpix: 16, data: new Uint16Array(300) })))).toBe("no-image-data");
    expect(await code(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255, 255, 1, 2, 3, 4, 5, 6, 7, 8]))).toBe("bad-data");
    expect(await code(Buffer.alloc(0))).toBe("file-empty");
  });

  it("can be cancelled", async () => {
    expect(await code(gzipSync(fits), AbortSignal.abort())).toBe("cancelled");
  });

  it("is known by its first bytes", () => {
    expect(isGzip(gzipSync(fits))).toBe(true);
    expect(isGzip(fits)).toBe(false);
  });
});
