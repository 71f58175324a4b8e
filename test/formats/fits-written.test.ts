import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { encodeFits, type FitsCard } from "../../src/main/formats/fits-write.ts";
import { announce, pythonWithAstropy, runPython } from "../fixtures/references.ts";

const script = join(dirname(fileURLToPath(import.meta.url)), "..", "fixtures", "fits_cards.py");
const python = pythonWithAstropy();
const skipped = announce("written FITS files read by astropy", python.missing);

describe.skipIf(skipped)("FITS files that are written", () => {
  it("pass astropy's strict checks, with the same cards and pixels", () => {
    const keywords: FitsCard[] = [
      ["OBJECT", "it's M 31", "the target"],
      ["EXPTIME", 120.5, "seconds"],
      ["GAIN", 100],
      ["SOLVED", false],
      ["LONGTEXT", `${"a long text with 'quotes' ".repeat(12)}end`],
      ["NEBULIFT TRUTH FWHM", 3.25, "px"],
      ["HISTORY", "first line"],
    ];
    const counts = Uint16Array.from({ length: 31 * 17 }, (_, i) => (i * 4099) % 65536);
    const values = Float32Array.from({ length: 3 * 8 * 5 }, (_, i) => Math.sin(i) * 1e5);
    const folder = mkdtempSync(join(tmpdir(), "nebulift-written-"));
    const files = ["counts.fits", "values.fits"].map((name) => join(folder, name));
    writeFileSync(files[0], encodeFits({ width: 31, height: 17, bitpix: 16, data: counts, keywords }));
    writeFileSync(files[1], encodeFits({ width: 8, height: 5, planes: 3, bitpix: -32, data: values }));
    expect(runPython(python.value ?? "", script, [join(folder, "out.json"), ...files])).toBeNull();
    const [first, second] = JSON.parse(readFileSync(join(folder, "out.json"), "utf8"));
    rmSync(folder, { recursive: true });

    for (const [name, value] of keywords) if (name !== "HISTORY") expect(first.cards[name], name).toBe(value);
    expect(first.history).toEqual(["first line"]);
    expect(first.size % 2880).toBe(0);
    expect([first.shape, first.type, first.sha256]).toEqual([[17, 31], "uint16", createHash("sha256").update(counts).digest("hex")]);
    expect([second.shape, second.type, second.sha256]).toEqual([[3, 5, 8], "float32", createHash("sha256").update(values).digest("hex")]);
  });
});
