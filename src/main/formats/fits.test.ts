import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { openFits, openFitsBytes } from "./fits.ts";
import { encodeCard, encodeFits, type FitsCard } from "./fits-write.ts";
import type { FrameFile } from "./frame-file.ts";

/** A header unit as its cards say, with `bytes` of data. */
function unit(cards: FitsCard[], bytes = 0): Buffer {
  const header = cards.map(encodeCard).join("") + "END".padEnd(80);
  const data = Buffer.alloc(Math.ceil(bytes / 2880) * 2880, 0);
  for (let i = 0; i < bytes; i++) data[i] = (i * 7) % 251;
  return Buffer.concat([Buffer.from(header.padEnd(Math.ceil(header.length / 2880) * 2880), "latin1"), data]);
}

function array(first: FitsCard, axes: number[], ...more: FitsCard[]): Buffer {
  const sides = axes.map((side, i): FitsCard => [`NAXIS${i + 1}`, side]);
  const bytes = axes.length === 0 ? 0 : axes.reduce((product, side) => product * side, 2);
  return unit([first, ["BITPIX", 16], ["NAXIS", axes.length], ...sides, ...more], bytes);
}

const PRIMARY: FitsCard = ["SIMPLE", true];
const IMAGE: FitsCard = ["XTENSION", "IMAGE"];

function code(bytes: Uint8Array, maxSamples = 1e6): string {
  try {
    openFitsBytes(bytes, { maxSamples }).close();
    return "opened";
  } catch (error) {
    return error instanceof NebuliftError ? error.code : String(error);
  }
}

function warnings(frame: FrameFile): string[] {
  return frame.warnings.map((warning) => warning.code);
}

describe("which image of a FITS file is read", () => {
  it("is the first of two dimensions, with what the primary header says of it", () => {
    const file = Buffer.concat([
      array(PRIMARY, [], ["OBJECT", "M 31"], ["FILTER", "R"]),
      array(IMAGE, [50]),
      array(IMAGE, [20, 10], ["FILTER", "G"]),
    ]);
    const frame = openFitsBytes(file);
    expect([frame.width, frame.height, frame.metadata.object, frame.metadata.filter]).toEqual([20, 10, "M 31", "G"]);
    const row = Buffer.alloc(40);
    frame.readRows(0, 9, 1, row);
    expect(row[0]).toBe((9 * 40 * 7) % 251);
  });

  it("does without axes of length 1, takes three planes as colours and of others the first", () => {
    const shape = (...axes: number[]) => {
      const frame = openFitsBytes(array(PRIMARY, axes));
      return [frame.width, frame.height, frame.planes, ...warnings(frame)];
    };
    expect(shape(20, 10, 1, 1)).toEqual([20, 10, 1]);
    expect(shape(1, 20, 10)).toEqual([20, 10, 1]);
    expect(shape(20, 10, 3)).toEqual([20, 10, 3]);
    expect(shape(20, 10, 1, 3)).toEqual([20, 10, 3]);
    expect(shape(3, 20, 10)).toEqual([20, 10, 3]);
    expect(shape(20, 10, 4)).toEqual([20, 10, 1, "odd-header"]);
  });

  it("is none in tables, spectra, points and empty headers", () => {
    for (const axes of [[], [100], [1, 1], [100, 1], [100, 0]]) expect(code(array(PRIMARY, axes)), axes.join(" x ")).toBe("no-image-data");
    const table = array(["XTENSION", "BINTABLE"], [20, 10], ["PCOUNT", 0], ["GCOUNT", 1], ["TFIELDS", 1], ["TFORM1", "20A"]);
    expect(code(Buffer.concat([array(PRIMARY, []), table]))).toBe("no-image-data");
  });
});

describe("FITS files that are not as they should be", () => {
  it("are read when only padding is missing, and truncated when pixels are", () => {
    const whole = array(PRIMARY, [20, 10]);
    const frame = openFitsBytes(whole.subarray(0, 2880 + 400));
    expect(warnings(frame)).toEqual(["short-last-block"]);
    expect(warnings(openFitsBytes(whole))).toEqual([]);
    expect(code(whole.subarray(0, 2880 + 399))).toBe("truncated");
    expect(code(whole.subarray(0, 2880))).toBe("truncated");
  });

  it("are refused with a code", () => {
    expect(code(array(PRIMARY, [1001, 1000]))).toBe("too-large");
    expect(code(unit([PRIMARY, ["BITPIX", 17], ["NAXIS", 2], ["NAXIS1", 9], ["NAXIS2", 9]], 200))).toBe("bad-header");
    expect(code(unit([PRIMARY, ["BITPIX", 16], ["NAXIS", 2], ["NAXIS1", -9], ["NAXIS2", 9]], 200))).toBe("bad-header");
    expect(code(unit([PRIMARY, ["BITPIX", 16], ["NAXIS", 2], ["NAXIS1", 9.5], ["NAXIS2", 9]], 200))).toBe("bad-header");
    expect(code(unit([PRIMARY, ["BITPIX", 16], ["NAXIS", 2], ["NAXIS1", 9]], 200))).toBe("bad-header");
    expect(code(unit([PRIMARY, ["BITPIX", 16]], 200))).toBe("bad-header");
    expect(code(Buffer.from("no FITS at all"))).toBe("not-an-image");
  });

  it("are read without a BSCALE that would make every pixel the same", () => {
    const frame = openFitsBytes(array(PRIMARY, [20, 10], ["BSCALE", 0], ["BZERO", 5]));
    expect([frame.coding.scale, frame.coding.zero, ...warnings(frame)]).toEqual([1, 5, "odd-header"]);
  });

  it("say when the row order of a colour pattern is not known", () => {
    const bayer = (...more: FitsCard[]) => openFitsBytes(array(PRIMARY, [20, 10], ["BAYERPAT", "RGGB"], ...more));
    expect([bayer().cfa?.colours, bayer().rowOrder, ...warnings(bayer())]).toEqual(["RGGB", "bottom-up", "unknown-row-order"]);
    const known = bayer(["ROWORDER", "TOP-DOWN"]);
    expect([known.cfa?.colours, known.rowOrder, ...warnings(known)]).toEqual(["RGGB", "top-down"]);
    expect(bayer(["ROWORDER", "BOTTOM-UP"]).cfa?.colours).toBe("GBRG");
  });
});

describe("files on the disk", () => {
  it("are read, closed, and missed with a code", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nebulift-fits-"));
    const path = join(folder, "frame.fits");
    writeFileSync(path, encodeFits({ width: 3, height: 2, bitpix: 16, data: Uint16Array.of(0, 1, 32768, 40000, 65535, 7) }));
    const frame = await openFits(path);
    const bytes = Buffer.alloc(6);
    frame.readRows(0, 1, 1, bytes);
    expect([0, 2, 4].map((at) => bytes.readInt16BE(at) + frame.coding.zero)).toEqual([40000, 65535, 7]);
    frame.close();
    frame.close();
    expect(() => frame.readRows(0, 0, 1, bytes)).toThrow(NebuliftError);
    rmSync(folder, { recursive: true });
    await expect(openFits(path)).rejects.toMatchObject({ code: "file-missing" });
    await expect(openFits(tmpdir())).rejects.toMatchObject({ code: "not-an-image" });
  });
});
