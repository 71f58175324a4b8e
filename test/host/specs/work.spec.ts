import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { MethodName } from "../../../src/shared/channels.ts";
import type { MethodInput, MethodOutput, NightSnapshot } from "../../../src/shared/contract.ts";
import { MOSAIC_GAP, type PictureRequest, pictureAddress } from "../../../src/shared/picture-address.ts";
import { launchApp, type RunningApp } from "../launch.ts";
import { simulatedNight } from "../nights.ts";

const FRAMES = 8;
const [WIDTH, HEIGHT] = [800, 600];

describe("pictures, sorting and handing over, from the page to the disk", () => {
  let app: RunningApp;
  let folder = "";
  let out = "";
  let night: NightSnapshot;

  const call = async <M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>> => {
    const reply = await app.page.evaluate(
      async ([name, given]) => {
        const ask = window.nebulift.call[name] as (
          input: unknown,
          call: string,
        ) => Promise<{ ok: boolean; value: unknown; error: unknown }>;
        return ask(given, crypto.randomUUID());
      },
      [method, input] as const,
    );
    assert.ok(reply.ok, JSON.stringify(reply.error));
    return reply.value as MethodOutput<M>;
  };
  const refusal = async (method: MethodName, input: unknown): Promise<string> =>
    app.page.evaluate(
      async ([name, given]) => {
        const ask = window.nebulift.call[name] as (input: unknown, call: null) => Promise<{ error?: { code: string } }>;
        return (await ask(given, null)).error?.code ?? "done";
      },
      [method, input] as const,
    );
  const frameAt = (place: number) => {
    const row = night.rows[place];
    assert.ok(row);
    return row;
  };
  /** As the page would show it. */
  const sizeOf = (what: PictureRequest["what"], id = frameAt(3).id): Promise<number[]> =>
    app.page.evaluate(
      async (address) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      },
      pictureAddress({ id, what, stretch: "night", version: night.head?.pictures ?? 0 }),
    );

  before(async () => {
    folder = await realpath(await simulatedNight("M31", { frames: FRAMES, width: WIDTH, height: HEIGHT, seed: 3 }));
    out = await realpath(await mkdtemp(join(tmpdir(), "sorted-")));
    app = await launchApp();
    await app.drop([folder]);
    do {
      await new Promise((done) => setTimeout(done, 100));
      night = await call("night.snapshot", undefined);
    } while (night.head?.state !== "done");
    assert.equal(night.rows.length, FRAMES);
  });
  after(() => app.close());

  test("every kind of picture has the size that was asked for", async () => {
    assert.deepEqual(await sizeOf({ kind: "whole", width: 400 }), [400, 300]);
    assert.deepEqual(await sizeOf({ kind: "whole", width: 100 }), [240, 180]);
    assert.deepEqual(await sizeOf({ kind: "crop", x: 10, y: 20, width: 300, height: 200 }), [300, 200]);
    assert.deepEqual(await sizeOf({ kind: "crop", x: 700, y: 500, width: 300, height: 200 }), [100, 100]);
    assert.deepEqual(await sizeOf({ kind: "corners", side: 128 }), [3 * 128 + 2 * MOSAIC_GAP, 3 * 128 + 2 * MOSAIC_GAP]);
    await assert.rejects(sizeOf({ kind: "whole", width: 400 }, "nobody-1"));
  });

  test("frames are moved where the user chose, their pictures with them, and come back", async () => {
    const wish = { output: out, action: "move" as const, keepFolders: false };
    assert.equal(await refusal("sort.plan", { ...wish, output: tmpdir() }), "folder-unreadable");
    app.host.dialogAnswers.push([out]);
    assert.equal(await call("sort.chooseFolder", undefined), out);
    const plan = await call("sort.plan", wish);
    assert.deepEqual([plan.total, plan.moves.length, plan.missing], [FRAMES, FRAMES, []]);
    assert.deepEqual(await readdir(out), []);
    const sorted = await call("sort.start", wish);
    assert.deepEqual([sorted.what, sorted.files, sorted.failures], ["sorted", FRAMES, 0]);
    const { head, rows } = await call("night.snapshot", undefined);
    assert.deepEqual(head?.sorted, { session: sorted.session, output: out, action: "move", files: FRAMES, failed: 0 });
    for (const { frame } of rows) {
      assert.ok(existsSync(join(out, frame.sortedTo ?? "nowhere")));
      assert.ok(!existsSync(join(folder, frame.path)));
    }
    assert.deepEqual(await sizeOf({ kind: "whole", width: 500 }), [500, 375]);
    await call("app.reveal", { what: "frame", id: frameAt(3).id });
    assert.equal(app.host.revealed.at(-1), join(out, rows[3]?.frame.sortedTo ?? ""));
    const undone = await call("sort.undo", { session: sorted.session ?? "" });
    assert.deepEqual([undone.what, undone.files, undone.failures], ["undone", FRAMES, 0]);
    for (const { frame } of rows) assert.ok(existsSync(join(folder, frame.path)));
    assert.equal((await call("night.snapshot", undefined)).head?.sorted, null);
  });

  test("a list is written where the user said, named beside the night, and can be shown", async () => {
    const list = join(out, "approved.txt");
    app.host.dialogAnswers.push([list]);
    const done = await call("export.run", { kind: "app", includeReview: true });
    assert.equal(done?.place, list);
    assert.equal((app.host.dialogsShown.at(-1) as { defaultPath: string }).defaultPath, `${folder} approved.txt`);
    assert.equal((await readFile(list, "utf8")).trim().split("\n").length, done?.approved);
    await call("app.reveal", { what: "place", path: list });
    assert.equal(app.host.revealed.at(-1), list);
    assert.equal(await refusal("app.reveal", { what: "place", path: "/etc/passwd" }), "folder-unreadable");
    app.host.dialogAnswers.push(null);
    assert.equal(await call("export.run", { kind: "html", includeReview: true }), null);
  });

  test("nothing of it troubled the page", () => {
    assert.deepEqual(
      app.host.complaints.filter((complaint) => !complaint.includes("404")),
      [],
    );
  });
});
