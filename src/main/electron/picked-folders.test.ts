import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PickedFolders } from "./picked-folders.ts";

let folder = "";
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "picked-")));
  for (const name of ["night/lights", "night-other", "secret"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "secret", "key"), "x");
  await symlink(join(folder, "secret"), join(folder, "night", "way-out"));
  await symlink(join(folder, "night"), join(folder, "link-to-night"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("picked folders", () => {
  test("may be opened, with all that lies inside", async () => {
    const picked = new PickedFolders();
    await picked.pick([join(folder, "night")]);
    expect(await picked.require([join(folder, "night"), join(folder, "night", "lights")])).toEqual([
      join(folder, "night"),
      join(folder, "night", "lights"),
    ]);
    expect(await picked.require([join(folder, "link-to-night")])).toEqual([join(folder, "night")]);
  });

  test.each(["secret", "night-other", "night/../secret", "night/way-out", "."])("%s stays shut", async (name) => {
    const picked = new PickedFolders();
    await picked.pick([join(folder, "night")]);
    await expect(picked.require([`${folder}/${name}`])).rejects.toMatchObject({ code: "folder-unreadable" });
  });

  test("nothing is open before anything was picked", async () => {
    await expect(new PickedFolders().require([folder])).rejects.toMatchObject({ code: "folder-unreadable" });
  });

  test("what does not exist is named", async () => {
    const picked = new PickedFolders();
    await expect(picked.pick([join(folder, "gone")])).rejects.toMatchObject({ code: "folder-missing" });
    await expect(picked.require([join(folder, "gone")])).rejects.toMatchObject({ code: "folder-missing" });
    await expect(picked.pick(["relative/folder"])).rejects.toMatchObject({ code: "folder-missing" });
  });
});
