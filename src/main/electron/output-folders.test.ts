import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OutputFolders } from "./output-folders.ts";
import { PickedFolders } from "./picked-folders.ts";

let folder = "";
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "outputs-")));
  for (const name of ["picked/inside", "earlier", "secret"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "picked", "file"), "x");
  await symlink(join(folder, "secret"), join(folder, "picked", "way-out"));
  await symlink(join(folder, "earlier"), join(folder, "link-to-earlier"));
});
afterAll(() => rm(folder, { recursive: true }));

async function outputs(): Promise<OutputFolders> {
  const picked = new PickedFolders();
  await picked.pick([join(folder, "picked")]);
  return new OutputFolders({
    requirePicked: (paths) => picked.require(paths),
    hasSortedInto: (output) => output === join(folder, "earlier"),
  });
}

describe("a folder to write into", () => {
  test.each([
    ["picked", "picked"],
    ["picked/inside", "picked/inside"],
    ["picked/not/there/yet", "picked/not/there/yet"],
    ["earlier", "earlier"],
    ["link-to-earlier", "earlier"],
    ["secret/../picked/new", "picked/new"],
  ])("may be %s", async (name, real) => {
    expect(await (await outputs()).require(`${folder}/${name}`)).toBe(join(folder, real));
  });

  test.each(["secret", "secret/new", "picked/way-out", "picked/way-out/new", "picked/../secret", "earlier/inside", "new", ".", ".."])(
    "may not be %s",
    async (name) => {
      await expect((await outputs()).require(`${folder}/${name}`)).rejects.toMatchObject({ code: "folder-unreadable" });
    },
  );

  test("is named in full", async () => {
    await expect((await outputs()).require("picked")).rejects.toMatchObject({ code: "folder-missing" });
  });
});

describe("a place to show", () => {
  test("was written to, sorted into or picked", async () => {
    const places = await outputs();
    await expect(places.requireShown(join(folder, "secret"))).rejects.toMatchObject({ code: "folder-unreadable" });
    places.wrote(join(folder, "secret"));
    expect(await places.requireShown(join(folder, "secret"))).toBe(join(folder, "secret"));
    expect(await places.requireShown(join(folder, "earlier"))).toBe(join(folder, "earlier"));
    expect(await places.requireShown(join(folder, "picked", "file"))).toBe(join(folder, "picked", "file"));
    await expect(places.requireShown(join(folder, "picked", "way-out"))).rejects.toMatchObject({ code: "folder-unreadable" });
    await expect(places.requireShown(join(folder, "picked", "gone"))).rejects.toMatchObject({ code: "folder-missing" });
  });
});
