import { describe, expect, it } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { isFits, readHeader } from "./fits-header.ts";
import { MemoryBytes } from "./fits-source.ts";
import type { Keywords } from "./keywords.ts";

function block(cards: string[], pad = " "): Uint8Array {
  const text = cards.map((card) => card.padEnd(80).slice(0, 80)).join("");
  return Buffer.from(text.padEnd(Math.ceil(text.length / 2880) * 2880, pad), "latin1");
}

function keywords(...cards: string[]): Keywords {
  const header = readHeader(new MemoryBytes(block(["SIMPLE  =                    T", ...cards, "END"])), 0);
  if (header === null) throw new Error("no header");
  return header.keywords;
}

function code(bytes: Uint8Array): string {
  try {
    readHeader(new MemoryBytes(bytes), 0);
    return "read";
  } catch (error) {
    return error instanceof NebuliftError ? error.code : String(error);
  }
}

describe("FITS cards", () => {
  it.each([
    ["EXPTIME =                120.0 / seconds", "EXPTIME", 120],
    ["EXPTIME = 060.00 / seconds", "EXPTIME", 60],
    ["BZERO   =  32768", "BZERO", 32768],
    ["BSCALE  =               1.5D-3", "BSCALE", 0.0015],
    ["BIG     = -1.0e+05", "BIG", -1e5],
    ["TELALT  = +74.733 / Altitude", "TELALT", 74.733],
    ["HALF    = .5", "HALF", 0.5],
    ["FLAG    =                    F", "FLAG", false],
    ["NOTHING =                      / undefined", "NOTHING", null],
    ["OBJECT  = 'M 31    '           / target", "OBJECT", "M 31"],
    ["OBJECT  = 'a / b'              / slash inside", "OBJECT", "a / b"],
    ["OBJECT  = 'O''Hara''s'", "OBJECT", "O'Hara's"],
    ["OBJECT  = ''", "OBJECT", ""],
    ["OBJECT  = 'never closed", "OBJECT", "never closed"],
    ["OBJECT  = bare words / not a string", "OBJECT", "bare words"],
    ["object  = 'lower case'", "OBJECT", "lower case"],
    ["OBJECT  ='no blank'", "OBJECT", "no blank"],
    ["HIERARCH ESO DET CHIP1 GAIN = 0.8 / hierarchical", "ESO DET CHIP1 GAIN", 0.8],
    ["HIERARCH Red White Balance = 128", "RED WHITE BALANCE", 128],
    ["LONGKEYWORDNAME = 'x'", "LONGKEYWORDNAME", "x"],
    ["OBJECT  = 'caf\u00e9'", "OBJECT", "caf\u00e9"],
  ])("%s", (card, name, value) => {
    expect(keywords(card).get(name)).toBe(value);
  });

  it("keeps the comment, also after a string with slashes", () => {
    expect(keywords("XPIXSZ  =  3.76 / Pixel width in microns (after binning)").comment("XPIXSZ")).toBe(
      "Pixel width in microns (after binning)",
    );
    expect(keywords("OBJECT  = 'a / b' / note / more").comment("OBJECT")).toBe("note / more");
  });

  it("joins CONTINUE cards, and takes a stray one for a comment", () => {
    const long = keywords("LONG    = 'one &'", "CONTINUE  'two &'", "CONTINUE  'three' / said", "NEXT    = 1");
    expect(long.get("LONG")).toBe("one two three");
    expect(long.comment("LONG")).toBe("said");
    expect(long.get("NEXT")).toBe(1);
    expect(keywords("OBJECT  = 'x'", "CONTINUE  'y'", "NEXT    = 2").get("OBJECT")).toBe("x");
    expect(keywords("OBJECT  = 'ends in &'", "NEXT    = 2").get("OBJECT")).toBe("ends in &");
  });

  it("lets the first of two values win, but not over one that says nothing", () => {
    expect(keywords("GAIN    = 100", "GAIN    = 200").get("GAIN")).toBe(100);
    expect(keywords("GAIN    =", "GAIN    = 200").get("GAIN")).toBe(200);
  });

  it("keeps history in order", () => {
    expect(keywords("HISTORY first", "COMMENT second", "HISTORY third").history).toEqual(["first", "second", "third"]);
  });

  it("does not mind NULs, control characters and blank cards", () => {
    const bytes = block(["SIMPLE  =                    T", "", "OBJECT  = 'M\t31'", "END"], "\0");
    expect(readHeader(new MemoryBytes(bytes), 0)?.keywords.get("OBJECT")).toBe("M 31");
  });
});

describe("FITS headers", () => {
  it("are recognised by content, in any case", () => {
    expect(isFits(block(["SIMPLE  =                    T"]))).toBe(true);
    expect(isFits(block(["simple  =                    T"]))).toBe(true);
    expect(isFits(Buffer.from("SIMPLE text that only begins so, and goes on"))).toBe(false);
    expect(isFits(Buffer.from("SIMP"))).toBe(false);
  });

  it("end where the block of END does", () => {
    const cards = ["SIMPLE  =                    T", ...Array.from({ length: 40 }, (_, i) => `KEY${i}`.padEnd(8).concat("= 1")), "END"];
    expect(readHeader(new MemoryBytes(block(cards)), 0)?.end).toBe(5760);
  });

  it("that stop are truncated, that never end are bad, and other bytes are none", () => {
    expect(code(block(["SIMPLE  =                    T"]).subarray(0, 1000))).toBe("truncated");
    expect(code(block(["SIMPLE  =                    T"]))).toBe("truncated");
    expect(code(new Uint8Array(2880 * 2001).fill(0x20).map((byte, i) => (i < 10 ? "SIMPLE  = ".charCodeAt(i) : byte)))).toBe("bad-header");
    expect(readHeader(new MemoryBytes(Buffer.from("anything else".padEnd(2880))), 0)).toBeNull();
    expect(readHeader(new MemoryBytes(new Uint8Array(0)), 0)).toBeNull();
  });
});
