import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFitsBytes } from "../../src/main/formats/fits.ts";
import { encodeFits } from "../../src/main/formats/fits-write.ts";
import type { FrameFile } from "../../src/main/formats/frame-file.ts";
import { NebuliftError } from "../../src/shared/errors.ts";
import { BYTES_PER_SAMPLE } from "../../src/shared/pixels.ts";
import { announce, fitsReferences } from "../fixtures/references.ts";

/** Mulberry32: the same damage in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = ["-1", "0", "1", "99999999999", "2147483647", "-2147483648", "1e300", "T", "'x'", "4294967296", "3", "999"];

/** One file with a few bytes, a card, or its end changed. */
function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const times = 1 + Math.floor(random() * 4);
  for (let i = 0; i < times; i++) {
    const kind = random();
    if (kind < 0.35) {
      const cards = Math.min(copy.length, 8640) / 80;
      const at = Math.floor(random() * cards) * 80;
      const word = WORDS[Math.floor(random() * WORDS.length)].padStart(20);
      Buffer.from(copy.buffer).write(word, at + 10, "latin1");
    } else if (kind < 0.85) {
      copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
    } else if (kind < 0.95) {
      const at = Math.floor(random() * copy.length);
      copy.fill(Math.floor(random() * 256), at, at + Math.floor(random() * 200));
    } else {
      return copy.slice(0, Math.floor(random() * copy.length));
    }
  }
  return copy;
}

const LIMIT = 4_000_000;

/** Reads all rows in strips; what is not a NebuliftError comes out. */
function readAll(frame: FrameFile): void {
  const into = new Uint8Array(64 * frame.width * BYTES_PER_SAMPLE[frame.coding.type]);
  for (let plane = 0; plane < frame.planes; plane++) {
    for (let row = 0; row < frame.height; row += 64) frame.readRows(plane, row, Math.min(64, frame.height - row), into);
  }
}

function outcome(bytes: Uint8Array): string {
  try {
    const frame = openFitsBytes(bytes, { maxSamples: LIMIT });
    try {
      readAll(frame);
      return "read";
    } finally {
      frame.close();
    }
  } catch (error) {
    if (error instanceof NebuliftError && error.code !== "internal") return error.code;
    throw error;
  }
}

/** Every mutant is either read or refused with a code, and both happen: the damage is neither fatal nor harmless as a rule. */
function assault(original: Uint8Array, seed: number, mutants: number): Map<string, number> {
  const random = seeded(seed);
  const outcomes = new Map<string, number>();
  for (let i = 0; i < mutants; i++) {
    const result = outcome(damaged(original, random));
    outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
  }
  return outcomes;
}

const references = fitsReferences();
const skipped = announce("damaged compressed FITS", references.missing);
/** One of each codec and table layout. */
const SUBJECTS =
  /^(?:RICE_1-(?:u2|i4|u1|tile-odd|cube-2x5x7|quantised-f4-1-42|heavy-9)|GZIP_[12]-(?:u2|quantised-f8-2-1)|HCOMPRESS_1-(?:u2-16-1|size-33x47-0)|PLIO_1-(?:mask|noise)|NOCOMPRESS-i2|table-.*|fpack-h-i4|plain-(?:rgb|cube|nan))$/;

describe("damaged FITS files are refused with a code", () => {
  it("plain", () => {
    const data = Uint16Array.from({ length: 40 * 30 }, (_, i) => i * 7);
    const file = encodeFits({
      width: 40,
      height: 30,
      bitpix: 16,
      data,
      keywords: [
        ["OBJECT", "M 31"],
        ["EXPTIME", 120],
      ],
    });
    const outcomes = assault(file, 1, 3000);
    expect(outcomes.get("read")).toBeGreaterThan(500);
    expect(outcomes.get("bad-header")).toBeGreaterThan(20);
    expect(outcomes.get("truncated")).toBeGreaterThan(100);
  });

  const subjects = (references.value?.manifest ?? []).filter((entry) => SUBJECTS.test(entry.name));
  it.skipIf(skipped).each(subjects.map((entry) => [entry.name, entry.file]))("%s", (_name, file) => {
    const bytes = readFileSync(join(references.value?.folder ?? "", file));
    const outcomes = assault(bytes, bytes.length, 400);
    expect(outcomes.size).toBeGreaterThan(1);
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(400);
  });

  it("bytes at random after a valid first card", () => {
    const random = seeded(3);
    for (let i = 0; i < 300; i++) {
      const bytes = Uint8Array.from({ length: 5760 }, () => Math.floor(random() * 256));
      Buffer.from(bytes.buffer).write("SIMPLE  =                    T".padEnd(80), 0, "latin1");
      expect(["truncated", "bad-header", "no-image-data"]).toContain(outcome(bytes));
    }
  });

  it("takes no memory for pixels that cannot be there", () => {
    const card = (text: string) => text.padEnd(80);
    const header = (cards: string[]) => Buffer.from(cards.map(card).join("").concat(card("END")).padEnd(2880), "latin1");
    const huge = header(["SIMPLE  = T", "BITPIX  = 16", "NAXIS   = 2", "NAXIS1  = 2000", "NAXIS2  = 2000"]);
    expect(outcome(huge)).toBe("truncated");
    const beyond = header(["SIMPLE  = T", "BITPIX  = 64", "NAXIS   = 3", "NAXIS1  = 2000000000", "NAXIS2  = 2000000000", "NAXIS3  = 3"]);
    expect(["too-large", "bad-header"]).toContain(outcome(beyond));
  });
});
