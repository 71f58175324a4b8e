import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { finalVerdict } from "../../../src/shared/final-verdict.ts";
import { seeTree } from "../../faults/trees.ts";
import { launchApp } from "../launch.ts";
import { simulatedNight } from "../nights.ts";
import { untilAsync, Walk } from "../pages/walk.ts";

/**
 * What the app is for, from the drop to the sorted folders and back, as a user does it: the folder is dropped, everything
 * else is done by keys. What lies on the disk is looked at, not only what the window says.
 */
describe("the whole way, by keys", () => {
  let walk: Walk;
  let folder = "";
  let untouched: ReturnType<typeof seeTree>;
  before(async () => {
    folder = await simulatedNight("NGC 7000", { frames: 20, width: 800, height: 600, seed: 8 });
    untouched = seeTree(folder);
    walk = new Walk(await launchApp());
    await walk.app.drop([folder]);
    await walk.night.until("done");
  });
  after(() => walk.app.close());

  test("gives every frame a verdict and touches none", async () => {
    const { head, rows } = await walk.night.snapshot();
    assert.equal(rows.length, 20);
    assert.equal(head?.state, "done");
    assert.ok(rows.every(({ frame }) => ["clean", "contaminated", "review"].includes(frame.verdict)));
    assert.ok(
      rows.some(({ frame }) => frame.verdict === "contaminated"),
      "a night with trouble",
    );
    assert.deepEqual(seeTree(folder), untouched);
  });

  test("goes through the flagged frames, one key a decision, each kept at once", async () => {
    await walk.press("2");
    await walk.app.page.getByRole("main", { name: "Review" }).waitFor();
    await walk.queue("Flagged");
    const first = await walk.decide("k", "clean");
    const second = await walk.decide("x", "contaminated");
    const third = await walk.decide("r", "review");
    assert.equal(new Set([first.id, second.id, third.id]).size, 3, "each key went on to another frame");
    const { head } = await walk.night.snapshot();
    assert.equal(head?.undo, 3);
  });

  test("takes decisions back with U and makes them again", async () => {
    const before = await walk.night.snapshot();
    await walk.press("u");
    await untilAsync(async () => (await walk.night.snapshot()).head?.undo === 2);
    const undone = await walk.night.snapshot();
    const changed = undone.rows.filter(({ id, frame }) => {
      const then = before.rows.find((row) => row.id === id)?.frame;
      return then?.decided?.verdict !== frame.decided?.verdict;
    });
    assert.equal(changed.length, 1);
    assert.equal(changed[0]?.frame.decided ?? null, null);
    await walk.press("Shift+U");
    await untilAsync(async () => (await walk.night.snapshot()).head?.undo === 3);
    assert.deepEqual(
      (await walk.night.snapshot()).rows.map(({ frame }) => finalVerdict(frame)),
      before.rows.map(({ frame }) => finalVerdict(frame)),
    );
  });

  for (const { way, left } of [
    { way: "Copy", left: true },
    { way: "Move", left: false },
  ] as const) {
    test(`${way}: each frame goes into the folder of what holds for it, and back`, async () => {
      const output = join(dirname(folder), `sorted by ${way}`);
      mkdirSync(output);
      const places = await walk.places();
      await walk.press("1");
      await walk.sortInto(output);
      await walk.sort.way(way);
      await walk.sort.plan();
      assert.deepEqual([...seeTree(output).keys()], [], "a dry run writes nothing");
      await walk.press("Enter");
      assert.match((await walk.sort.headline()) ?? "", /20 files/);

      const sorted = seeTree(output);
      assert.equal(sorted.size, places.size);
      for (const [from, to] of places) assert.equal(sorted.get(to)?.sha256, untouched.get(from)?.sha256, `${from} -> ${to}`);
      const here = seeTree(folder);
      for (const from of places.keys()) assert.equal(here.has(from), left, from);

      // Pictures follow the frames to where they went.
      await walk.press("Escape");
      await walk.press("2");
      await walk.app.page.waitForSelector(".why-panel h2");
      const { rows, head } = await walk.night.snapshot();
      const picture = await walk.app.page.evaluate(
        async ([id, version]) => (await fetch(`/picture/whole/${id}?w=240&s=night&v=${version}`)).status,
        [rows[0]?.id, head?.pictures] as const,
      );
      assert.equal(picture, 200);

      await walk.press("1");
      await walk.app.page.getByRole("region", { name: "Sorted" }).getByRole("button", { name: "Take back" }).press("Enter");
      await walk.sort.dialog.waitFor();
      await walk.press("Enter");
      await walk.sort.headline();
      assert.deepEqual(seeTree(folder), untouched);
      assert.deepEqual([...seeTree(output).keys()], []);
      await walk.press("Escape");
      await walk.sort.dialog.waitFor({ state: "detached" });
    });
  }

  test("wrote nothing to the page's console and asked nobody outside", () => {
    assert.deepEqual(walk.app.host.complaints, []);
    assert.deepEqual(walk.app.host.outside, []);
  });
});
