import { describe, expect, it } from "vitest";
import { cfaFromKeywords, rowOrderFromKeywords } from "./cfa-keywords.ts";
import { Keywords, type KeywordValue } from "./keywords.ts";

function keywords(entries: Record<string, KeywordValue>): Keywords {
  const all = new Keywords();
  for (const [name, value] of Object.entries(entries)) all.add(name, value);
  return all;
}

function colours(entries: Record<string, KeywordValue>, height = 100): string | undefined {
  const all = keywords(entries);
  return cfaFromKeywords(all, rowOrderFromKeywords(all), height)?.colours;
}

describe("colour filter array", () => {
  it("is the keyword's pattern where the first stored row is the top one, or nothing is said", () => {
    expect(colours({ BAYERPAT: "GRBG" })).toBe("GRBG");
    expect(colours({ BAYERPAT: "rggb", ROWORDER: "TOP-DOWN" })).toBe("RGGB");
    expect(colours({ COLORTYP: "BGGR" })).toBe("BGGR");
    expect(colours({ COLORTYP: "RAW16", BAYERPAT: "RGGB" })).toBe("RGGB");
  });

  // Siril, src/algos/demosaicing.c: an even height swaps RGGB and GBRG, BGGR and GRBG; an odd one changes nothing.
  it.each([
    ["RGGB", "GBRG"],
    ["GBRG", "RGGB"],
    ["BGGR", "GRBG"],
    ["GRBG", "BGGR"],
  ])("stored bottom-up %s begins as %s for an even height, as itself for an odd one", (pattern, turned) => {
    expect(colours({ BAYERPAT: pattern, ROWORDER: "BOTTOM-UP" }, 100)).toBe(turned);
    expect(colours({ BAYERPAT: pattern, ROWORDER: "BOTTOM-UP" }, 101)).toBe(pattern);
  });

  it.each([
    ["RGGB", 1, 0, "GRBG"],
    ["BGGR", 1, 0, "GBRG"],
    ["RGGB", 0, 1, "GBRG"],
    ["BGGR", 0, 1, "GRBG"],
    ["RGGB", 1, 1, "BGGR"],
    ["RGGB", -1, 2, "GRBG"],
  ])("%s moved by XBAYROFF %i, YBAYROFF %i begins as %s", (pattern, x, y, moved) => {
    expect(colours({ BAYERPAT: pattern, XBAYROFF: x, YBAYROFF: y })).toBe(moved);
  });

  it("reads X-Trans' 36 letters, turned over as a whole", () => {
    const pattern = "GGRGGBGGBGGRBRGRBGGGBGGRGGRGGBRBGBRG";
    const all = keywords({ BAYERPAT: pattern });
    expect(cfaFromKeywords(all, null, 60)).toEqual({ side: 6, colours: pattern });
    const rows = pattern.match(/.{6}/g)?.reverse().join("");
    expect(cfaFromKeywords(all, "bottom-up", 60)?.colours).toBe(rows);
  });

  it("is null for mono and for what is no pattern", () => {
    for (const entries of [{}, { BAYERPAT: "" }, { BAYERPAT: "CMYG" }, { BAYERPAT: 1 }, { COLORTYP: "RGB24" }])
      expect(colours(entries)).toBeUndefined();
  });
});
