import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Native builds of sharp that npm may have put beside one another: every platform's own and its neighbours'. */
const NATIVE = ["linux-x64", "linux-arm64", "linuxmusl-x64", "darwin-arm64", "darwin-x64", "win32-x64", "win32-arm64"];

/** What npm puts beside sharp on one platform: the native build, and the library where that is a package of its own. */
export const nativeOf = (target: string): string[] =>
  target.startsWith("win32") ? [`sharp-${target}`] : [`sharp-${target}`, `sharp-libvips-${target}`];

/**
 * A checkout as it stands on a machine of the target, ready to be packed: the built app, its packages as locked, and beside
 * sharp the target's native builds; with `strays`, all the others' too, as after an install with --force.
 */
export async function checkoutFor(folder: string, target: string, strays: boolean): Promise<void> {
  const lock = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean; optional?: boolean }>;
  };
  for (const name of ["package.json", "package-lock.json", "electron-builder.yml", "LICENSE", "NOTICE", ".ci", "resources", "out"])
    await cp(join(ROOT, name), join(folder, name), { recursive: true, dereference: true });
  for (const [place, { dev, optional }] of Object.entries(lock.packages)) {
    if (place === "" || dev === true || optional === true) continue;
    await cp(join(ROOT, place), join(folder, place), { recursive: true, dereference: true });
  }
  // Packages that only develop must never be reached for; here they can be, so that a wrong pattern shows.
  for (const name of ["electron-builder", "react", "react-dom", "uplot", "cmdk", "zustand", "playwright-core"])
    await symlink(join(ROOT, "node_modules", name), join(folder, "node_modules", name), "dir");
  for (const name of (strays ? NATIVE : [target]).flatMap(nativeOf))
    await putPackage(join(folder, "node_modules", "@img", name), `@img/${name}`);
  const wasm = join(folder, ".cache", "sharp-wasm", "node_modules", "@img", "sharp-wasm32");
  if (target.startsWith("linux")) await putPackage(wasm, "@img/sharp-wasm32");
}

async function putPackage(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, "lib"), { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name, version: "0.35.5", main: "lib/build.node" }));
  await writeFile(join(folder, "lib", "build.node"), name);
}
