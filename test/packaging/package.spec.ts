import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { checkoutFor, nativeOf } from "./checkout.ts";
import { electronStandIn, type Platform } from "./electron-stand-in.ts";

/**
 * electron-builder itself packs the built app for every platform that is released, fuses and afterPack included; only
 * Electron's program is a stand-in. What is wrong in electron-builder.yml shows here and not on somebody's telescope.
 */

const TARGETS: { platform: Platform; arch: "x64" | "arm64"; flags: string[] }[] = [
  { platform: "linux", arch: "x64", flags: ["--linux"] },
  { platform: "linux", arch: "arm64", flags: ["--linux"] },
  // Making icons and signing need tools that are fetched, or a Mac; nothing that is looked at here depends on them.
  {
    platform: "mac",
    arch: "arm64",
    flags: ["--mac", "-c.mac.icon=electron/stand-in.icns", "-c.mac.identity=null", "-c.electronFuses.resetAdHocDarwinSignature=false"],
  },
  { platform: "windows", arch: "x64", flags: ["--win", "-c.win.signAndEditExecutable=false"] },
];

const NODE_NAMES = { linux: "linux", mac: "darwin", windows: "win32" } as const;

/** Packages that a bundler cannot take along, with what they need; all else is inside the bundles. */
const PACKAGES = ["@img", "detect-libc", "libraw-wasm", "semver", "sharp"];

/** Of the app without Electron: what a slow line at a dark site has to carry. */
const MOST_BYTES = 16e6;

const builder = createRequire(import.meta.resolve("electron-builder/package.json"));
const asar = builder("@electron/asar") as { listPackage(file: string, options: { isPack: boolean }): string[] };
const fuses = (await import(builder.resolve("@electron/fuses"))) as {
  getCurrentFuseWire(program: string): Promise<Record<string, unknown>>;
  FuseV1Options: Record<string, number>;
};

interface Packed {
  resources: string;
  program: string;
  files: string[];
}

async function pack(target: (typeof TARGETS)[number], folder: string, strays: boolean): Promise<Packed> {
  const { platform, arch, flags } = target;
  await checkoutFor(folder, `${NODE_NAMES[platform]}-${arch}`, strays);
  await electronStandIn(join(folder, "electron"), platform, packageJson.devDependencies.electron);
  const cli = builder.resolve("electron-builder/cli.js");
  const args = [cli, ...flags, `--${arch}`, "--dir", "-c.electronDist=electron", "--publish", "never"];
  await promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  const out = join(
    folder,
    "dist",
    (await readdir(join(folder, "dist"), { withFileTypes: true })).find((entry) => entry.isDirectory())?.name ?? "",
  );
  const contents = platform === "mac" ? join(out, "Nebulift.app", "Contents") : out;
  const resources = join(contents, platform === "mac" ? "Resources" : "resources");
  const programs = { linux: "nebulift", windows: "Nebulift.exe", mac: ".." };
  const files = asar.listPackage(join(resources, "app.asar"), { isPack: false }).map((name) => name.replaceAll("\\", "/").slice(1));
  return { resources, program: join(contents, programs[platform]), files };
}

for (const target of TARGETS) {
  const { platform, arch } = target;
  describe(`the package for ${platform} ${arch}`, () => {
    let folder = "";
    let packed: Packed;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "nebulift-pack-"));
      packed = await pack(target, folder, false);
    });
    after(() => rm(folder, { recursive: true, force: true }));

    test("holds the app, whole", () => {
      const programs = ["index", "worker", "judge"].map((name) => `out/main/${name}.js`);
      for (const file of ["package.json", ...programs, "out/preload/index.cjs", "out/renderer/index.html"])
        assert.ok(packed.files.includes(file), file);
      for (const kind of [
        /^out\/renderer\/assets\/.*\.js$/,
        /^out\/renderer\/assets\/.*\.css$/,
        /^out\/renderer\/assets\/.*\.woff2$/,
        /^node_modules\/libraw-wasm\/.*\.wasm$/,
      ])
        assert.ok(
          packed.files.some((file) => kind.test(file)),
          String(kind),
        );
    });

    test("holds no maps, tests, sources, settings of people, or documents", () => {
      const wrong = packed.files.filter((file) =>
        /\.(map|tsx?|yml)$|(?<!LICENSE)\.md$|(^|\/)(test|tests|src|docs|\.[a-z][^/]*)(\/|$)/.test(file),
      );
      assert.deepEqual(wrong, []);
      assert.deepEqual([...new Set(packed.files.map((file) => file.split("/")[0]))].sort(), ["node_modules", "out", "package.json"]);
    });

    test("holds each package once: in the bundles, or beside them when it cannot be bundled", () => {
      const names = new Set(packed.files.filter((file) => file.startsWith("node_modules/")).map((file) => file.split("/")[1] ?? ""));
      names.delete("");
      assert.deepEqual([...names].sort(), PACKAGES);
      assert.equal(packed.files.filter((file) => /node_modules\/.*node_modules\//.test(file)).length, 0);
    });

    test("brings this platform's own binaries, outside of the archive, and nobody else's", async () => {
      const unpacked = join(packed.resources, "app.asar.unpacked", "node_modules");
      const images = (await readdir(join(unpacked, "@img"))).filter((name) => name.startsWith("sharp-")).sort();
      const wanted = platform === "linux" ? ["sharp-wasm32"] : nativeOf(`${NODE_NAMES[platform]}-${arch}`);
      assert.deepEqual(images, [...wanted].sort());
      assert.ok((await readdir(unpacked)).includes("sharp"));
    });

    test("brings its licence and the notices of what it ships", async () => {
      for (const name of ["LICENSE", "NOTICE"]) assert.ok((await stat(join(packed.resources, name))).size > 100, name);
    });

    test("is small enough for a slow line", async () => {
      const { size } = await stat(join(packed.resources, "app.asar"));
      assert.ok(size > 1e6 && size < MOST_BYTES, `${(size / 1e6).toFixed(1)} MB`);
    });

    test("security 8: its fuses are set", async () => {
      const wire = await fuses.getCurrentFuseWire(packed.program);
      const ON = "1".charCodeAt(0);
      const set = Object.fromEntries(
        Object.entries(fuses.FuseV1Options)
          .filter(([name]) => Number.isNaN(Number(name)))
          .map(([name, index]) => [name, wire[index] === ON]),
      );
      assert.deepEqual(set, {
        RunAsNode: false,
        EnableCookieEncryption: true,
        EnableNodeOptionsEnvironmentVariable: false,
        EnableNodeCliInspectArguments: false,
        EnableEmbeddedAsarIntegrityValidation: true,
        OnlyLoadAppFromAsar: true,
        LoadBrowserProcessSpecificV8Snapshot: false,
        GrantFileProtocolExtraPrivileges: false,
      });
    });
  });
}

describe("packing", () => {
  test("fails when another platform's binaries came along", async () => {
    const folder = await mkdtemp(join(tmpdir(), "nebulift-pack-"));
    const [linux] = TARGETS;
    assert.ok(linux);
    await assert.rejects(pack(linux, folder, true), /of another platform: @img\/sharp-win32-x64/);
    await rm(folder, { recursive: true, force: true });
  });
});
