import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServices, type Services, simulateNight } from "../../src/main/services.ts";

const program = (...names: string[]) => pathToFileURL(join(import.meta.dirname, "..", "..", "src", "main", ...names));
let folder: string;
let services: Services;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-night-"));
  await simulateNight(join(folder, "a"), { frames: "12", size: "900x700", seed: "9", defects: "cloud=0.9" });
  services = createServices({
    workerUrl: program("engine", "worker.ts"),
    judgeUrl: program("night", "live", "judge-worker.ts"),
    environment: { NEBULIFT_HOME: join(folder, "home") },
    threads: 2,
    onTrouble: (error) => expect.fail(error.message),
  });
});

afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a second run of the same folder reads no pixels and says the same", async () => {
  const first = await services.grade([join(folder, "a")]);
  expect([...first.results.values()].every((result) => !result.fromCache)).toBe(true);
  const second = await services.grade([join(folder, "a")]);
  expect([...second.results.values()].every((result) => result.fromCache)).toBe(true);
  expect(services.report(second)).toEqual(services.report(first));
  const third = await services.grade([join(folder, "a")], { lookUp: false });
  expect([...third.results.values()].some((result) => result.fromCache)).toBe(false);
  expect(services.report(third)).toEqual(services.report(first));
});

test("clouds are found and named, and the rest is kept", async () => {
  const report = services.report(await services.grade([join(folder, "a")]));
  const bad = report.frames.filter((frame) => frame.verdict === "contaminated");
  expect(bad.length).toBeGreaterThan(0);
  for (const frame of bad) expect(["clouds", "veil"]).toContain(frame.reasons[0].code);
  expect(report.summary.clean).toBeGreaterThan(4);
});

test("a night that is looked at tells every frame, and ends as the report does", async () => {
  const rows = new Map<string, string>();
  const states: string[] = [];
  await new Promise<void>((resolve) => {
    services.night.open([join(folder, "a")], { watch: false }, (update) => {
      states.push(update.state);
      for (const frame of update.frames) rows.set(frame.path, frame.verdict);
      if (update.state === "done") resolve();
    });
  });
  const report = services.report(await services.grade([join(folder, "a")]));
  expect(states[0]).toBe("scanning");
  expect(states.at(-1)).toBe("done");
  expect(rows).toEqual(new Map(report.frames.map((frame) => [frame.path, frame.verdict])));
});

test("cancelling a night that is looked at ends it", async () => {
  const states: string[] = [];
  const night = services.night.open([join(folder, "a")], { watch: false }, (update) => void states.push(update.state));
  await night.cancel();
  expect(states.at(-1)).toBe("cancelled");
});
