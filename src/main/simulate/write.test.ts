import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFits } from "../formats/fits.ts";
import { simulateOptions } from "./options.ts";
import { planNight } from "./plan.ts";
import { parseTrails, parseTruth, truthCsv } from "./truth.ts";
import { writeNight } from "./write.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "night-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const small = (more: object = {}) => {
  const { spec, seed } = simulateOptions({ frames: "4", size: "128x96", seed: "6", ...more });
  return planNight(spec, seed);
};

describe("writeNight", () => {
  it("writes frames whose headers and pixels can be read back, and their truth", async () => {
    const plan = small({ bayer: true });
    const progress: number[] = [];
    await writeNight(plan, join(folder, "night"), { onProgress: (written) => progress.push(written) });
    expect(progress).toEqual([1, 2, 3, 4]);
    const names = (await readdir(join(folder, "night"))).sort();
    expect(names).toEqual(["truth.csv", ...plan.frames.map((frame) => frame.name)].sort());
    const frame = await openFits(join(folder, "night", plan.frames[2].name));
    try {
      expect([frame.width, frame.height]).toEqual([128, 96]);
      expect(frame.metadata).toMatchObject({
        imageType: "light",
        exposure: 300,
        filter: "L",
        object: "NGC 1514",
        pierSide: plan.frames[2].pierSide,
      });
      expect(frame.metadata.time).toBe(Math.floor(plan.frames[2].time));
      expect(frame.cfa?.colours).toBe("RGGB");
      expect(frame.rowOrder).toBe("top-down");
    } finally {
      frame.close();
    }
    const rows = parseTruth(await readFile(join(folder, "night", "truth.csv"), "utf8"));
    expect(rows.map((row) => row.path)).toEqual(plan.frames.map((f) => f.name));
  });

  it("refuses a folder that holds anything, and touches nothing in it", async () => {
    await writeFile(join(folder, "mine.txt"), "precious");
    await expect(writeNight(small(), folder)).rejects.toMatchObject({ code: "output-exists" });
    expect(await readdir(folder)).toEqual(["mine.txt"]);
  });

  it("refuses a place where nothing can be made", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(writeNight(small(), join(folder, "file", "night"))).rejects.toMatchObject({ code: "output-unwritable" });
  });

  it("stops when told to, leaving only whole frames", async () => {
    const stop = new AbortController();
    const plan = small();
    const run = writeNight(plan, join(folder, "night"), { signal: stop.signal, onProgress: (n) => n === 2 && stop.abort() });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect((await readdir(join(folder, "night"))).sort()).toEqual([plan.frames[0].name, plan.frames[1].name, "truth.csv"].sort());
  });
});

describe("truth.csv", () => {
  it("says what the plan says", () => {
    const plan = planNight(simulateOptions({ frames: "28", size: "200x150" }).spec, 1);
    plan.spec.targets[0].name = 'NGC 1514, "Crystal Ball"';
    const rows = parseTruth(truthCsv(plan));
    expect(rows).toHaveLength(28);
    rows.forEach((row, i) => {
      const { truth, trails } = plan.frames[i];
      expect(row.target).toBe('NGC 1514, "Crystal Ball"');
      expect(row.label).toBe(truth.label);
      expect(row.cause).toBe(truth.cause ?? "");
      expect(Number(row.fwhm)).toBeCloseTo(truth.fwhm, 2);
      expect(row.cells.split(" ").map(Number)).toHaveLength(48);
      const read = parseTrails(row.trails);
      expect(read).toHaveLength(trails.length);
      read.forEach((trail, k) => {
        expect(Math.abs(trail.from[0] - trails[k].from[0])).toBeLessThan(0.06);
        expect(trail.pattern).toBe(trails[k].pattern);
        expect(Math.abs(trail.to[1] - trails[k].to[1])).toBeLessThan(0.06);
      });
    });
  });

  it("is refused without its columns or with an unknown label", () => {
    expect(() => parseTruth("path,label\na.fits,clean\n")).toThrow(expect.objectContaining({ code: "bad-data" }));
    expect(() => parseTruth("path,label,cause\na.fits,good,\n")).toThrow(expect.objectContaining({ code: "bad-data" }));
  });
});

describe("simulateOptions", () => {
  it("takes frames, size, seed, mosaic and faults", () => {
    const { spec, seed } = simulateOptions({ frames: "12", size: "800x600", seed: "99", bayer: true, defects: "clouds=0.5,focus,trail" });
    expect(seed).toBe(99);
    expect(spec.sequence.reduce((sum, block) => sum + block.count, 0)).toBe(12);
    expect([spec.sensor.width, spec.sensor.height, spec.sensor.cfa]).toEqual([800, 600, "RGGB"]);
    expect(spec.defects.map((defect) => defect.kind).sort()).toEqual(["cloud", "focus", "satellite"]);
    expect(spec.defects.find((defect) => defect.kind === "cloud")?.strength).toBe(0.5);
    expect(simulateOptions({ defects: "none" }).spec.defects).toEqual([]);
  });

  it.each([
    { frames: "0" },
    { frames: "ten" },
    { size: "800" },
    { size: "10x10" },
    { size: "99999x99999" },
    { seed: "-3" },
    { defects: "gremlins" },
    { defects: "cloud=2" },
    { preset: "winter" },
  ])("refuses %o by name", (given) => {
    expect(() => simulateOptions(given)).toThrow(expect.objectContaining({ code: "bad-usage" }));
  });

  it("makes moonrise and daybreak happen when asked", () => {
    for (const kind of ["moonrise", "dawn"]) {
      const { spec, seed } = simulateOptions({ frames: "30", size: "200x150", defects: kind });
      const frames = planNight(spec, seed).frames;
      expect(frames[0].defects.some((d) => d.kind === kind)).toBe(false);
      expect(frames[29].defects.some((d) => d.kind === kind)).toBe(true);
      expect(frames[29].truth.sky).toBeGreaterThan(1.15 * frames[0].truth.sky);
    }
  });
});
