import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameKey } from "./names.ts";
import { type FrameToSort, type PlanInput, planFiles } from "./plan.ts";
import { namesByKey, sidecarsOf } from "./sidecars.ts";
import type { FileFacts } from "./sort-files.ts";

const facts: FileFacts = {
  kind: "file",
  size: 10,
  mtimeNs: 1n,
  ctimeNs: 1n,
  atimeNs: 1n,
  device: 1n,
  inode: 1n,
  names: 1,
  mode: 0o644,
  owner: 0,
  group: 0,
};

function frame(path: string, ...sidecars: string[]): FrameToSort {
  return { path, verdict: "clean", facts, sidecars: sidecars.map((beside) => ({ path: beside, facts })) };
}

function plan(frames: FrameToSort[], more: Partial<PlanInput> = {}): string[] {
  const input: PlanInput = { action: "copy", keepFolders: false, frames, earlier: new Map(), taken: new Map(), ...more };
  return planFiles(input).files.map(({ from, to }) => `${from} > ${to}`);
}

const HASHED = /-[0-9a-f]{6}(?=\.)/;

describe("names in the output", () => {
  it("are the frames' own, side by side", () => {
    expect(plan([frame("Ha/b.fits"), frame("a.fits")])).toEqual(["Ha/b.fits > clean/b.fits", "a.fits > clean/a.fits"]);
  });

  it("never collide, whatever a disk takes for one name", () => {
    // Case, and an accent written in one or in two characters.
    const frames = [frame("1/a.FITS"), frame("2/A.fits"), frame("3/\u00e9.fits"), frame("4/e\u0301.fits")];
    const names = plan(frames).map((line) => line.split("clean/")[1]);
    expect(new Set(names.map(nameKey)).size).toBe(4);
    expect(names.filter((name) => HASHED.test(name))).toHaveLength(2);
  });

  it("of equal frames depend on the path alone", () => {
    const both = plan([frame("1/a.fits"), frame("2/a.fits")])[1];
    const alone = plan([frame("2/a.fits")], { taken: new Map([["clean", ["a.fits"]]]) })[0];
    expect(alone).toBe(both);
    expect(both).toMatch(/^2\/a\.fits > clean\/a-[0-9a-f]{6}\.fits$/);
  });

  it("take their sidecars with them, under the name that the frame gets", () => {
    const lines = plan([frame("1/a.fits"), frame("2/a.fits", "2/a.wcs", "2/a.fits.xmp")]);
    const stem = /clean\/(a-[0-9a-f]{6})\.fits/.exec(lines[1])?.[1];
    expect(lines.slice(2)).toEqual([`2/a.wcs > clean/${stem}.wcs`, `2/a.fits.xmp > clean/${stem}.fits.xmp`]);
  });

  it("give way together: a sidecar's taken name moves the frame too", () => {
    const lines = plan([frame("a.fits", "a.wcs")], { taken: new Map([["clean", ["A.WCS"]]]) });
    for (const line of lines) expect(line).toMatch(HASHED);
  });

  it("stay within 255 bytes", () => {
    const long = `${"夜".repeat(82)}_.fits`;
    const lines = plan([frame(`1/${long}`), frame(`2/${long}`)]);
    const name = lines[1].split("clean/")[1];
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/夜-[0-9a-f]{6}\.fits$/);
  });

  it("keep their folders on request", () => {
    expect(plan([frame("Ha/b.fits"), frame("OIII/b.fits")], { keepFolders: true })).toEqual([
      "Ha/b.fits > clean/Ha/b.fits",
      "OIII/b.fits > clean/OIII/b.fits",
    ]);
  });

  it("are all different for any night", () => {
    const part = fc.constantFrom("a", "A", "b", "é", "e\u0301", "Ha", "x y", "ß", "SS");
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join("/")}.fits`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), fc.boolean(), (paths, keepFolders) => {
        const lines = plan(
          paths.map((one) => frame(one)),
          { keepFolders },
        );
        expect(lines).toHaveLength(paths.length);
        if (!keepFolders) expect(new Set(lines.map((line) => nameKey(line.split(" > ")[1]))).size).toBe(paths.length);
        expect(new Set(lines.map((line) => line.split(" > ")[1])).size).toBe(paths.length);
      }),
    );
  });
});

describe("a night that was sorted before", () => {
  const earlier = new Map([["a.fits", { to: "clean/a.fits", facts }]]);

  it("has nothing done to what is in its place", () => {
    const planned = planFiles({
      action: "copy",
      keepFolders: false,
      frames: [frame("a.fits")],
      earlier,
      taken: new Map([["clean", ["a.fits"]]]),
    });
    expect(planned.files).toEqual([]);
    expect(planned.settled).toEqual(new Map([["a.fits", "clean/a.fits"]]));
  });

  it("has the copy moved, not a second one made, where the verdict is another now", () => {
    const now: FrameToSort = { ...frame("a.fits"), verdict: "review" };
    expect(planFiles({ action: "copy", keepFolders: false, frames: [now], earlier, taken: new Map() }).files).toMatchObject([
      { how: "move", base: "out", from: "clean/a.fits", to: "review/a.fits", frame: "a.fits" },
    ]);
  });
});

describe("sidecars", () => {
  const beside = (frameName: string, ...names: string[]): string[] => sidecarsOf(frameName, namesByKey(names)).sort();

  it("have the frame's stem, or its whole name, and a known ending, in any case", () => {
    const names = ["m31.fits", "M31.WCS", "m31.json", "m31.fits.xmp", "m31.txt", "m31.png", "m311.txt", "m31"];
    expect(beside("m31.fits", ...names)).toEqual(["M31.WCS", "m31.fits.xmp", "m31.json", "m31.txt"]);
  });

  it("of a packed frame have the stem without both endings", () => {
    expect(beside("m31.fits.fz", "m31.wcs", "m31.fits.wcs")).toEqual(["m31.wcs"]);
  });
});
