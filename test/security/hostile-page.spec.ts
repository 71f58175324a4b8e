import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { MethodName } from "../../src/shared/channels.ts";
import type { MethodInput } from "../../src/shared/contract.ts";
import { contentsOf } from "../fixtures/folder-contents.ts";
import { launchApp, type RunningApp } from "../host/launch.ts";
import { simulatedNight } from "../host/nights.ts";
import { NightPage } from "../host/pages/night-page.ts";

/**
 * A page that somebody took over: it has the bridge and calls it as it likes. The user opened one night; beside it lie
 * another night and a letter, and links lead there. Nothing of that may be read, listed, moved, written or shown.
 */
describe("a page gone bad", () => {
  let app: RunningApp;
  let desk = "";
  let night = "";
  let secret = "";
  let home: Record<string, string>;
  let outside: Record<string, string>;

  before(async () => {
    desk = await realpath(await mkdtemp(join(tmpdir(), "hostile-")));
    const [mine, other] = [
      await simulatedNight("mine", { frames: 6, width: 320, height: 240, seed: 5 }),
      await simulatedNight("other", { frames: 3, width: 320, height: 240, seed: 6 }),
    ];
    night = join(desk, "mine");
    secret = join(desk, "secret");
    await rename(mine, night);
    await mkdir(secret);
    await rename(other, join(secret, "night"));
    await writeFile(join(secret, "letter.txt"), "for nobody else");
    await writeFile(join(secret, "rules.json"), '{"trails": "strict"}');
    await symlink(join(secret, "night"), join(night, "way-out"));
    await symlink(join(secret, "night", (await lightsOf(join(secret, "night")))[0] ?? ""), join(night, "linked.fits"));
    await symlink(secret, join(desk, "mine-too"));
    app = await launchApp();
    await app.drop([night]);
    await new NightPage(app.page).until("done");
    outside = await contentsOf(secret);
    home = await contentsOf(app.home);
  });
  after(async () => {
    await app.close();
    await rm(desk, { recursive: true, force: true });
  });

  async function lightsOf(folder: string): Promise<string[]> {
    return Object.keys(await contentsOf(folder)).filter((name) => name.endsWith(".fits"));
  }

  const call = async <M extends MethodName>(method: M, input: MethodInput<M>) => {
    const reply = await app.page.evaluate(
      ([name, what]) => {
        const calls = window.nebulift.call as unknown as Record<string, (input: unknown, call: null) => Promise<unknown>>;
        return calls[name]?.(what, null);
      },
      [method, input] as const,
    );
    return reply as { ok: true; value: unknown } | { ok: false; error: { code: string } };
  };

  const refused = async <M extends MethodName>(method: M, input: MethodInput<M>, code: RegExp) => {
    const reply = await call(method, input);
    assert.match(reply.ok ? "it was done" : reply.error.code, code, `${method} ${JSON.stringify(input)}`);
  };

  const untouched = async () => assert.deepEqual(await contentsOf(secret), outside);

  test("security 7: the night that was dropped shows its own frames, and none that links lead to", async () => {
    const { rows } = await new NightPage(app.page).snapshot();
    assert.equal(rows.length, 6);
    assert.deepEqual(
      rows.filter(({ frame }) => /way-out|linked/.test(frame.path)),
      [],
    );
  });

  test("security 7: no other folder opens, by whatever name", async () => {
    const names = [
      secret,
      join(secret, "night"),
      join(night, "way-out"),
      join(night, "linked.fits"),
      join(desk, "mine-too"),
      desk,
      "/",
      "/etc",
      "/etc/passwd",
    ];
    names.push(
      `${night}/../secret/night`,
      `${night}/./../secret`,
      `${desk}/mine-too/night`,
      `${app.home}`,
      "/proc/self/root",
      "/proc/self/cwd",
    );
    for (const path of names) await refused("night.open", { paths: [path], watch: false }, /^folder-unreadable$/);
    for (const path of names) await refused("night.open", { paths: [night, path], watch: true }, /^folder-unreadable$/);
    for (const path of ["mine", ".", "~", "../secret", "file:///etc", `${desk}/nothing`])
      await refused("night.open", { paths: [path], watch: false }, /^folder-(unreadable|missing)$/);
    assert.equal((await new NightPage(app.page).snapshot()).head?.title, "mine");
    await untouched();
  });

  test("security 7: no night is remembered that the user did not open", async () => {
    await refused("night.openRecent", { id: "0123456789abcdef" }, /^no-night$/);
    await refused("night.resume", undefined, /^no-night$/);
  });

  test("security 3: pictures are made of frames of the open night only", async () => {
    const { rows } = await new NightPage(app.page).snapshot();
    const [first] = rows;
    assert.ok(first);
    const [of = ""] = first.id.split("-");
    const ids = [
      `${of}-6`,
      `${of}-999999999`,
      `${of}-00`,
      "0123456789ab-0",
      "a-0",
      "..%2f..%2fetc%2fpasswd",
      "%2Fetc%2Fpasswd",
      `${of}-0%00`,
      `${of}-0%2f..%2f..`,
      encodeURIComponent(join(secret, "night")),
    ];
    const statuses = await app.page.evaluate(
      (all) =>
        Promise.all(
          all
            .flatMap((id) => [
              `/picture/whole/${id}?w=800&s=night&v=0`,
              `/picture/crop/${id}?x=0&y=0&w=64&h=64&s=frame&v=0`,
              `/picture/corners/${id}?t=64&s=night&v=0`,
            ])
            .map(async (address) => {
              const response = await fetch(address);
              return [address, response.status, response.headers.get("Content-Type")] as const;
            }),
        ),
      ids,
    );
    for (const [address, status, type] of statuses) assert.deepEqual([status, type], [404, "text/plain; charset=utf-8"], address);
    const own = await app.page.evaluate(async (id) => (await fetch(`/picture/whole/${id}?w=800&s=night&v=0`)).status, first.id);
    assert.equal(own, 200);
  });

  test("security 6: frames of other nights are decided by nobody, and known by nobody", async () => {
    const id = "0123456789ab-0";
    const reply = await call("decisions.decide", { ids: [id], verdict: "clean", cause: null });
    assert.equal(reply.ok ? (reply.value as { decided: number }).decided : 0, 0);
    await refused("frame.detail", { id }, /./);
    await refused("app.reveal", { what: "frame", id }, /^file-missing$/);
    assert.deepEqual(await call("decisions.undo", undefined), { ok: true, value: null });
  });

  test("security 5: the file manager is shown no place that Nebulift did not write to", async () => {
    for (const path of [
      "/etc/passwd",
      secret,
      join(secret, "letter.txt"),
      join(night, "way-out"),
      join(desk, "mine-too"),
      `${night}/../secret`,
      "/proc/self/environ",
    ])
      await refused("app.reveal", { what: "place", path }, /^folder-(unreadable|missing)$/);
    assert.deepEqual(app.host.revealed, []);
  });

  test("security 7: nothing is sorted to where the user did not say", async () => {
    for (const output of [
      secret,
      join(secret, "new"),
      join(night, "way-out"),
      join(night, "way-out", "new"),
      join(desk, "mine-too"),
      `${night}/../secret/x`,
      "/tmp",
      "/etc",
      join(app.home, "x"),
      "relative",
      "/proc/self/cwd/x",
    ]) {
      const wish = { output, action: "move" as const, keepFolders: false };
      await refused("sort.plan", wish, /^folder-(unreadable|missing)$/);
      await refused("sort.start", wish, /^folder-(unreadable|missing)$/);
    }
    for (const session of ["", "../../x", "0".repeat(100), secret]) {
      await refused("sort.undo", { session }, /./);
      await refused("sort.finish", { session }, /./);
    }
    assert.equal((await lightsOf(night)).length, 7);
    await untouched();
  });

  test("security 7: nothing is read or written without a dialog that the user answered", async () => {
    app.host.dialogsShown.length = 0;
    // The user closes every dialog that the page brings up.
    for (const [method, input] of [
      ["rules.load", undefined],
      ["rules.save", undefined],
      ["sort.chooseFolder", undefined],
      ["night.chooseFolder", undefined],
      ["night.chooseFiles", undefined],
      ["export.run", { kind: "siril", includeReview: true }],
      ["export.run", { kind: "weights-sidecars", includeReview: false }],
      ["export.run", { kind: "json", includeReview: false }],
    ] as const) {
      const reply = await call(method, input as never);
      assert.deepEqual(reply, { ok: true, value: null }, method);
    }
    assert.equal(app.host.dialogsShown.length, 8);
    await untouched();
  });

  test("security 7: a folder that was swapped for a link after it was picked stays shut", async () => {
    const swapped = join(desk, "swapped");
    await mkdir(swapped);
    app.host.dialogAnswers.push([swapped]);
    assert.deepEqual(await call("night.chooseFolder", undefined), { ok: true, value: [swapped] });
    await rm(swapped, { recursive: true });
    await symlink(join(secret, "night"), swapped);
    await refused("night.open", { paths: [swapped], watch: false }, /^folder-unreadable$/);
    await refused("sort.plan", { output: join(swapped, "sorted"), action: "move", keepFolders: false }, /^folder-unreadable$/);
    await untouched();
  });

  test("security 6: floods of calls and cancellations leave main answering", async () => {
    const answered = await app.page.evaluate(async () => {
      const all = Array.from({ length: 300 }, (_, index) => {
        const asked = window.nebulift.call["night.snapshot"](undefined, `flood-${index}`);
        window.nebulift.abort(`flood-${index % 7}`);
        window.nebulift.abort("x".repeat(100_000));
        for (const odd of [7, null, ["flood-1"], { call: "flood-1" }]) window.nebulift.abort(odd as never);
        return asked;
      });
      return (await Promise.all(all)).filter(({ ok }) => ok).length;
    });
    assert.equal(answered, 300);
    const { ok } = await call("app.info", undefined);
    assert.equal(ok, true);
  });

  test("in the end nothing lies anywhere that was not there before", async () => {
    await untouched();
    assert.deepEqual(
      Object.keys(await contentsOf(desk)).filter((name) => !/^(mine|secret|mine-too|swapped)(\/|$)/.test(name)),
      [],
    );
    const grown = Object.keys(await contentsOf(app.home)).filter((name) => !(name in home));
    assert.deepEqual(
      grown.filter((name) => !/\.db(-wal|-shm|-journal)?$/.test(name)),
      [],
    );
    assert.deepEqual(app.host.outside, []);
    assert.deepEqual(app.host.openedElsewhere, []);
  });
});
