import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identifyFile } from "./identity.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-identity-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function identityOf(path: string): Promise<string> {
  return (await identifyFile(path)).identity;
}

describe("the identity of a file", () => {
  it("stays with the file when it is renamed and is the same for a true copy", async () => {
    const path = join(folder, "a.fits");
    writeFileSync(path, Buffer.alloc(500_000, 7));
    utimesSync(path, 1e9, 1e9);
    const before = await identifyFile(path);
    expect(before.identity).toMatch(/^[0-9a-f]{64}$/);
    expect(before.bytes).toBe(500_000);
    expect(before.modified).toBe(1e12);
    renameSync(path, join(folder, "b.fits"));
    expect(await identityOf(join(folder, "b.fits"))).toBe(before.identity);
    copyFileSync(join(folder, "b.fits"), join(folder, "c.fits"));
    utimesSync(join(folder, "c.fits"), 1e9, 1e9);
    expect(await identityOf(join(folder, "c.fits"))).toBe(before.identity);
  });

  it("has a part that no copying changes, but every change of the content does", async () => {
    const path = join(folder, "content.fits");
    const bytes = Buffer.alloc(300_000, 7);
    writeFileSync(path, bytes);
    const { content, identity } = await identifyFile(path);
    utimesSync(path, 2e9, 2e9);
    const touched = await identifyFile(path);
    expect([touched.content, touched.identity === identity]).toEqual([content, false]);
    for (const at of [0, 150_000, 299_999]) {
      const other = Buffer.from(bytes);
      other[at] = 8;
      writeFileSync(path, other);
      expect((await identifyFile(path)).content).not.toBe(content);
    }
    writeFileSync(path, bytes.subarray(1));
    expect((await identifyFile(path)).content).not.toBe(content);
  });

  it("changes with time, size, header, middle and end", async () => {
    const path = join(folder, "d.fits");
    const size = 1_000_000;
    const write = (at: number | null, bytes = size) => {
      const content = Buffer.alloc(bytes, 1);
      if (at !== null) content[at] = 2;
      writeFileSync(path, content);
      utimesSync(path, 1e9, 1e9);
    };
    const seen = new Set<string>();
    for (const at of [null, 0, 65_535, size / 2, size - 65_536, size - 1]) {
      write(at);
      seen.add(await identityOf(path));
    }
    write(null, size - 1);
    seen.add(await identityOf(path));
    write(null);
    utimesSync(path, 1e9, 1e9 + 1);
    seen.add(await identityOf(path));
    expect(seen.size).toBe(8);
  });

  it("covers every byte of a small file", async () => {
    const path = join(folder, "small.fits");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 * 65_536 }), fc.nat(), async (size, pick) => {
        const content = Buffer.alloc(size, 1);
        writeFileSync(path, content);
        utimesSync(path, 1e9, 1e9);
        const before = await identityOf(path);
        content[pick % size] = 2;
        writeFileSync(path, content);
        utimesSync(path, 1e9, 1e9);
        expect(statSync(path).size).toBe(size);
        expect(await identityOf(path)).not.toBe(before);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("names what is no frame", async () => {
    writeFileSync(join(folder, "empty"), "");
    await expect(identifyFile(join(folder, "gone"))).rejects.toMatchObject({ code: "file-missing" });
    await expect(identifyFile(join(folder, "empty"))).rejects.toMatchObject({ code: "file-empty" });
    await expect(identifyFile(folder)).rejects.toMatchObject({ code: "not-an-image" });
  });
});
