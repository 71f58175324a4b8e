import { describe, expect, it } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { openFitsBytes } from "./fits.ts";
import { readHeader } from "./fits-header.ts";
import { MemoryBytes } from "./fits-source.ts";
import { encodeCard, encodeFits, type FitsCard } from "./fits-write.ts";

function readBack(card: FitsCard): unknown {
  const file = encodeFits({ width: 1, height: 1, bitpix: 16, data: new Uint16Array(1), keywords: [card] });
  return readHeader(new MemoryBytes(file), 0)?.keywords.get(card[0]);
}

describe("writing FITS", () => {
  it("stores unsigned samples so that reading gives them back, also from an odd offset and of odd number", () => {
    const room = new Uint16Array(1 + 5 * 7);
    const data = room.subarray(1);
    for (let i = 0; i < data.length; i++) data[i] = (i * 1877) % 65536;
    data[3] = 65535;
    const frame = openFitsBytes(encodeFits({ width: 7, height: 5, bitpix: 16, data }));
    expect([frame.width, frame.height, frame.planes, frame.coding]).toEqual([
      7,
      5,
      1,
      { type: "i16", littleEndian: false, zero: 32768, scale: 1, blank: null },
    ]);
    const bytes = new Uint8Array(70);
    frame.readRows(0, 0, 5, bytes);
    const view = new DataView(bytes.buffer);
    expect(Array.from(data, (_, i) => view.getInt16(i * 2) + 32768)).toEqual(Array.from(data));
  });

  it("stores floats and colour planes as they are", () => {
    const data = Float32Array.from({ length: 2 * 3 * 3 }, (_, i) => i / 7 - 1);
    const frame = openFitsBytes(encodeFits({ width: 2, height: 3, planes: 3, bitpix: -32, data }));
    expect([frame.planes, frame.coding.type]).toEqual([3, "f32"]);
    const bytes = new Uint8Array(24);
    frame.readRows(2, 0, 3, bytes);
    const view = new DataView(bytes.buffer);
    expect(Array.from({ length: 6 }, (_, i) => view.getFloat32(i * 4))).toEqual(Array.from(data.subarray(12)));
  });

  const cards: FitsCard[] = [
    ["OBJECT", "M 31"],
    ["OBJECT", ""],
    ["OBJECT", "it's", "with a comment"],
    ["OBJECT", "x".repeat(68)],
    ["OBJECT", "y".repeat(69)],
    ["OBJECT", "''".repeat(60)],
    ["OBJECT", `${"z".repeat(66)}'${"w".repeat(200)}`],
    ["EXPTIME", 0.1, "s"],
    ["TINY", 1.25e-300],
    ["FLAG", false],
    ["NOTHING", null],
    ["NEBULIFT TRUTH", 12.5],
    ["NEBULIFT REASON", "long ".repeat(40).trim()],
  ];
  it.each(cards.map((card) => ({ card })))("writes $card so that reading gives it back", ({ card }) => {
    expect(readBack(card)).toBe(card[1]);
  });

  it("writes whole cards of ASCII, numbers where the standard wants them", () => {
    expect(encodeCard(["EXPTIME", 120, "seconds"])).toBe("EXPTIME =                  120 / seconds".padEnd(80));
    expect(encodeCard(["OBJECT", "M\u00fcller"])).toBe("OBJECT  = 'M?ller  '".padEnd(80));
    expect(encodeCard(["HISTORY", "h".repeat(100)])).toHaveLength(160);
  });

  it("pads to whole blocks and refuses data of another size", () => {
    const file = encodeFits({ width: 3, height: 3, bitpix: 16, data: new Uint16Array(9) });
    expect(file.length).toBe(5760);
    expect(() => encodeFits({ width: 3, height: 3, bitpix: 16, data: new Uint16Array(8) })).toThrow(NebuliftError);
    expect(() => encodeFits({ width: 3, height: 3, bitpix: -32, data: new Uint16Array(9) })).toThrow(NebuliftError);
  });
});
