import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { scratchFolder } from "../../../test/fixtures/written-frame.ts";
import { encodeXisf } from "../../../test/fixtures/xisf-writer.ts";
import { toNebuliftError } from "../../shared/errors.ts";
import { sumOf } from "./fits-checksum.ts";
import { encodeFits, type FitsCard } from "./fits-write.ts";
import { keywordEdit, keywordValue } from "./header-edit.ts";
import type { HeaderKeyword } from "./header-keyword.ts";
import { decodeImage, openFrame } from "./index.ts";

const KEYWORD: HeaderKeyword = { name: "SSWEIGHT", value: 0.9312, comment: "weight for stacking" };

const folder = scratchFolder();
afterAll(() => folder[Symbol.dispose]());

async function pixels(path: string): Promise<Uint8Array> {
  const frame = await openFrame(path);
  try {
    await frame.prepare();
    const { data } = decodeImage(frame);
    return Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  } finally {
    frame.close();
  }
}

/** Edits `bytes` twice as a file; gives the file after each edit. */
async function edited(bytes: Uint8Array, name: string): Promise<{ once: Buffer; twice: Buffer; edit: ReturnType<typeof keywordEdit> }> {
  const path = join(folder.path, name);
  writeFileSync(path, bytes);
  const before = await pixels(path);
  const apply = async (value: number): Promise<{ file: Buffer; edit: ReturnType<typeof keywordEdit> }> => {
    const old = readFileSync(path);
    const edit = keywordEdit(path, { ...KEYWORD, value });
    const file = Buffer.concat([old.subarray(0, edit.start), edit.bytes, old.subarray(edit.start + edit.oldLength)]);
    writeFileSync(path, file);
    expect(keywordValue(path, "SSWEIGHT")).toBe(value);
    expect(Buffer.compare(await pixels(path), before)).toBe(0);
    return { file, edit };
  };
  expect(keywordValue(path, "SSWEIGHT")).toBeNull();
  const { file: once, edit } = await apply(0.5);
  const { file: twice } = await apply(1.25e-3);
  return { once, twice, edit };
}

function fits(cards: number, keywords: FitsCard[] = []): Uint8Array {
  const more = Array.from({ length: cards }, (_, i): FitsCard => [`KEY${i}`, i, "of many"]);
  const data = Uint16Array.from({ length: 64 * 48 }, (_, i) => (i * 2654435761) >>> 16);
  return encodeFits({ width: 64, height: 48, bitpix: 16, data, keywords: [...more, ...keywords] });
}

describe("a keyword in a FITS header", () => {
  it("takes a free card, or a block more, and keeps all others as they are", async () => {
    for (const cards of [0, 27, 28, 29, 64, 65]) {
      const bytes = fits(cards);
      const { once, twice } = await edited(bytes, "a.fits");
      // Seven cards are mandatory here, then END: a header with room stays as long as it is.
      const blocks = (n: number): number => Math.ceil((n + 7 + 1) / 36);
      expect(once.length - bytes.length).toBe(2880 * (blocks(cards + 1) - blocks(cards)));
      expect(twice.length).toBe(once.length);
      const kept = (file: Uint8Array): string[] =>
        (
          Buffer.from(file)
            .subarray(0, 2880 * blocks(cards + 1))
            .toString("latin1")
            .match(/.{80}/gs) ?? []
        ).filter((card) => /^(KEY|NAXIS|BITPIX|BZERO)/.test(card));
      expect(kept(once)).toEqual(kept(bytes));
    }
  });

  it("brings the checksum of the HDU back to zero", async () => {
    const zero = "0".repeat(16);
    for (const datasum of [[], [["DATASUM", String(sumOf(fits(3).subarray(2880)))] as FitsCard]]) {
      const { once, twice } = await edited(fits(3, [["CHECKSUM", zero], ...datasum]), "a.fits");
      for (const file of [once, twice]) {
        expect(sumOf(file)).toBe(0xffffffff);
        expect(/CHECKSUM= '([0-9A-Za-z]{16})'/.test(file.toString("latin1"))).toBe(true);
      }
    }
  });

  it.skipIf(!hasFrames())("agrees with cfitsio's and astropy's checksums", () => {
    const bytes = readFileSync(join(frames(), "debian-astropy/io-fits/checksum.fits"));
    // One sum for each HDU; all of them end at minus zero, and so does their sum.
    expect(sumOf(bytes)).toBe(0xffffffff);
  });

  it.skipIf(!hasFrames())("goes into real files of every make without touching a pixel", async () => {
    const files = readdirSync(frames(), { recursive: true, encoding: "utf8" }).filter((name) => /\.(fits?|fz|xisf)$/i.test(name));
    let done = 0;
    for (const name of files) {
      const bytes = readFileSync(join(frames(), name));
      if (bytes.length > 3_000_000) continue;
      try {
        await edited(bytes, name.split("/").at(-1) ?? name);
        done++;
      } catch (error) {
        // Tables, broken files and foreign content: readable or not is others' to test, but never a crash of ours.
        expect(toNebuliftError(error).code, `${name}: ${String(error)}`).toMatch(
          /^(no-image-data|unsupported|bad-|truncated|not-an-image|file-empty|too-large)/,
        );
      }
    }
    expect(done).toBeGreaterThan(20);
  });
});

describe("a keyword in a XISF header", () => {
  const image = { width: 9, height: 7, sampleFormat: "UInt16", sampleBytes: 2, pixels: Uint8Array.from({ length: 126 }, (_, i) => i * 37) };

  it("moves blocks only when the header needs their room", async () => {
    for (const words of [0, 8192 - 16 - 430, 20_000]) {
      const bytes = encodeXisf({
        ...image,
        after: `<!--${"x".repeat(words)}-->`,
        ...(words > 8000 ? { alter: (xml) => xml.replace(":8192:", ":32768:") } : {}),
      });
      const moved =
        words > 8000
          ? Buffer.concat([bytes.subarray(0, bytes.length - 126), Buffer.alloc(32768 - (bytes.length - 126)), bytes.subarray(-126)])
          : bytes;
      const { once } = await edited(moved, "a.xisf");
      expect((once.length - moved.length) % 4096).toBe(0);
      if (words === 0 || words > 8000) expect(once.length).toBe(moved.length);
      expect(once.toString("latin1")).toContain('<FITSKeyword name="SSWEIGHT" value="0.5"');
    }
  });

  it("holds for inline and embedded pixels, checksums, compression and keywords that are there already", async () => {
    await edited(encodeXisf({ ...image, place: "inline:base64" }), "a.xisf");
    await edited(encodeXisf({ ...image, place: "embedded" }), "a.xisf");
    await edited(encodeXisf({ ...image, codec: "zlib", shuffle: 2, checksum: "sha-256" }), "a.xisf");
    const { once } = await edited(
      encodeXisf({ ...image, inside: `<FITSKeyword name="GAIN" value="100" comment="a > b"/><Thumbnail geometry="1:1:1"/>` }),
      "a.xisf",
    );
    expect(once.toString("latin1")).toContain('name="GAIN" value="100" comment="a > b"');
    const other = encodeXisf({ ...image, before: `<Property comment="<Image geometry='1:1:1'>"/><!-- <Image geometry="1:2:3"> -->` });
    expect((await edited(other, "a.xisf")).once.toString("latin1").match(/SSWEIGHT/g)).toHaveLength(1);
  });

  it("is refused where it would break a seal, or where the header is damaged", () => {
    const path = join(folder.path, "a.xisf");
    const code = (bytes: Uint8Array): string => {
      writeFileSync(path, bytes);
      try {
        keywordEdit(path, KEYWORD);
        return "edited";
      } catch (error) {
        return toNebuliftError(error).code;
      }
    };
    expect(code(encodeXisf({ ...image, after: "<Signature xmlns='x'/>" }))).toBe("unsupported");
    expect(code(encodeXisf({ ...image, alter: (xml) => xml.replace(":8192:", ":10:") }))).toBe("bad-header");
    expect(code(encodeXisf({ ...image, alter: (xml) => xml.slice(0, -20) }))).toMatch(/bad-header|unsupported/);
    expect(code(Buffer.from("XISF0100\xff\xff\xff\xff", "latin1"))).toBe("truncated");
    expect(code(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))).toBe("unsupported");
  });
});

function frames(): string {
  return process.env["NEBULIFT_FRAMES"] ?? join(import.meta.dirname, "../../../../shared/frames");
}

function hasFrames(): boolean {
  try {
    readdirSync(frames());
    return true;
  } catch {
    console.log("NOT RUN: keywords in real frames (no folder ../shared/frames)");
    return false;
  }
}
