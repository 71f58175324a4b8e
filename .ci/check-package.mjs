// Run by electron-builder after it has gathered an app: fails when something the app needs is missing, or when another
// platform's binaries came along. Patterns that silently remove too much are the usual way desktop packages break.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const NEEDED = [
  "out/main/index.js",
  "out/main/worker.js",
  "out/main/judge.js",
  "out/preload/index.cjs",
  "out/renderer/index.html",
  "package.json",
];
const ARCH = ["ia32", "x64", "armv7l", "arm64", "universal"];

export async function afterPack({ appOutDir, packager, electronPlatformName, arch }) {
  const resources = packager.getResourcesDir(appOutDir);
  const archive = join(resources, "app.asar");
  const { listPackage } = createRequire(createRequire(import.meta.url).resolve("electron-builder"))("@electron/asar");
  const inside = new Set(listPackage(archive, { isPack: false }).map((name) => name.replaceAll("\\", "/").replace(/^\//, "")));
  const missing = NEEDED.filter((name) => !inside.has(name));

  const unpacked = join(resources, "app.asar.unpacked", "node_modules", "@img");
  const images = existsSync(unpacked) ? readdirSync(unpacked).filter((name) => name.startsWith("sharp-")) : [];
  const native = `sharp-${electronPlatformName}-${ARCH[arch]}`;
  const wanted = electronPlatformName === "linux" ? ["sharp-wasm32"] : [native];
  const allowed = new Set([...wanted, `sharp-libvips-${electronPlatformName}-${ARCH[arch]}`]);
  missing.push(...wanted.filter((name) => !images.includes(name)).map((name) => `@img/${name}`));
  for (const name of ["sharp", "libraw-wasm"]) {
    if (!inside.has(`node_modules/${name}/package.json`)) missing.push(`node_modules/${name}`);
  }
  const stray = [...inside].filter((name) => !/^(out|node_modules|package\.json)(\/|$)/.test(name) || /^out\/.*\.map$/.test(name));
  const foreign = images.filter((name) => !allowed.has(name));
  const faults = [
    ...missing.map((name) => `missing: ${name}`),
    ...stray.map((name) => `does not belong: ${name}`),
    ...foreign.map((name) => `of another platform: @img/${name}`),
  ];
  if (faults.length > 0) throw new Error(`the package for ${electronPlatformName} ${ARCH[arch]} is wrong:\n  ${faults.join("\n  ")}`);
}
