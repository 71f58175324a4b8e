import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFits } from "../../src/main/formats/fits.ts";
import { announce, cfitsioTools, type FitsReference, fitsReferences } from "../fixtures/references.ts";
import { firstDifference, physicalDifference, storedPixels } from "../fixtures/stored-pixels.ts";

const references = fitsReferences();
const skipped = announce("FITS decoding against astropy and funpack", references.missing);
if (!skipped) announce("FITS decoding against funpack", cfitsioTools().missing);

/** The planes that are read of an array with more of them. */
function read(pixels: Uint8Array, reference: Uint8Array): Uint8Array {
  return reference.subarray(0, pixels.length);
}

describe.skipIf(skipped)("FITS of every kind, bit by bit", () => {
  const { folder, manifest } = references.value ?? { folder: "", manifest: [] };

  it("finds the references", () => {
    expect(manifest.length).toBeGreaterThan(200);
  });

  it.each(manifest.map((entry) => [entry.name, entry] as const))("%s", async (_name, entry: FitsReference) => {
    const frame = await openFits(join(folder, entry.file));
    try {
      await frame.prepare();
      const pixels = storedPixels(frame);
      const sides = entry.shape.filter((side) => side > 1);
      if (entry.name === "plain-interleaved") {
        expect([frame.height, frame.width, frame.planes]).toEqual(sides);
      } else {
        expect([frame.width, frame.height]).toEqual([sides.at(-1), sides.at(-2)]);
        for (const program of [entry.astropy, entry.funpack]) {
          if (program !== undefined) {
            const reference = readFileSync(join(folder, program));
            expect(firstDifference(pixels, read(pixels, reference), frame.coding.type), program).toBeNull();
          }
        }
      }
      if (entry.truth !== undefined && entry.truthType !== undefined) {
        const truth = readFileSync(join(folder, entry.truth));
        const planes = entry.name === "plain-interleaved" ? "together" : "apart";
        expect(physicalDifference(pixels, frame, truth, entry.truthType, planes), "what was written").toBeNull();
      }
      if (entry.blank !== null && frame.coding.type.startsWith("i")) expect(frame.coding.blank).toBe(entry.blank);
    } finally {
      frame.close();
    }
  });
});
