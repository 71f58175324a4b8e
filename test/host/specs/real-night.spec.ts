import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { finalVerdict } from "../../../src/shared/final-verdict.ts";
import { seeTree } from "../../faults/trees.ts";
import { launchApp } from "../launch.ts";
import { Walk } from "../pages/walk.ts";

const frames = process.env["NEBULIFT_FRAMES"] ?? fileURLToPath(new URL("../../../../shared/frames/", import.meta.url));
const night = join(frames, "mit-wallace-asteroid2713", "Uncalibrated");
const here = existsSync(night);
const why = "NOT RUN: no folder of real frames here (NEBULIFT_FRAMES names another place)";
if (!here) console.error(`# ${why}`);

test("a real night is dropped, reviewed by keys, moved into folders and put back", { skip: here ? false : why }, async () => {
  const place = mkdtempSync(join(tmpdir(), "real-night-"));
  const folder = join(place, "asteroid 2713");
  cpSync(night, folder, { recursive: true });
  const untouched = seeTree(folder);
  const output = join(place, "sorted");
  mkdirSync(output);
  const app = await launchApp();
  try {
    const walk = new Walk(app);
    await app.drop([folder]);
    await walk.night.until("done", 300_000);
    const { rows } = await walk.night.snapshot();
    const lights = rows.filter(({ frame }) => ["clean", "contaminated", "review"].includes(frame.verdict));
    assert.ok(lights.length >= 20, `${lights.length} lights`);
    assert.ok(lights.filter(({ frame }) => frame.verdict === "clean").length > lights.length / 2, "most of this night is good");
    assert.ok(
      lights.some(({ frame }) => frame.verdict === "contaminated"),
      "and some of it is not",
    );

    await walk.press("2");
    await walk.queue("Flagged");
    const kept = await walk.decide("k", "clean");

    const places = await walk.places();
    assert.match(places.get(kept.frame.path) ?? "", /^clean\//);
    await walk.sortInto(output);
    await walk.sort.way("Move");
    await walk.sort.plan();
    await walk.press("Enter");
    await walk.sort.headline(120_000);
    const sorted = seeTree(output);
    for (const { frame } of lights) {
      const content = untouched.get(frame.path)?.sha256;
      const now = [...sorted].filter(([, file]) => file.sha256 === content).map(([path]) => path.split("/")[0]);
      const verdict = finalVerdict(
        frame.path === kept.frame.path ? { ...frame, decided: { verdict: "clean", cause: null, when: 0 } } : frame,
      );
      assert.ok(now.includes(verdict), `${frame.path} in ${now}`);
    }
    await walk.sort.takeBack();
    await walk.sort.headlineOf(/Taken back/);
    assert.deepEqual(seeTree(folder), untouched);
    assert.deepEqual([...seeTree(output).keys()], []);
    assert.deepEqual(app.host.complaints, []);
  } finally {
    await app.close();
    rmSync(place, { recursive: true, force: true });
  }
});
