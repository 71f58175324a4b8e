import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * A folder that electron-builder takes for an unpacked Electron: the files it moves, renames and edits, with nothing in
 * them but the wire of fuses that it sets. With it the whole of packing runs where Electron's program cannot be had.
 */

export type Platform = "linux" | "mac" | "windows";

/** Finds what electron-builder itself uses. */
const builder = createRequire(createRequire(import.meta.url).resolve("electron-builder/package.json"));

/** Where the wire of fuses is kept in a program (@electron/fuses), and a wire of eight fuses that are all on. */
const SENTINEL = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const WIRE = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 8]), Buffer.from("11111111")]);
const PROGRAM = Buffer.concat([Buffer.alloc(4096), WIRE, Buffer.alloc(4096)]);

const PLIST = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>Electron</string><key>CFBundleIdentifier</key><string>com.github.Electron</string></dict></plist>
`;

async function put(file: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode: 0o755 });
}

/** An archive as Electron brings one of its own, which packing reads and replaces. */
async function putArchive(file: string, scratch: string): Promise<void> {
  await put(join(scratch, "main.js"), "");
  await mkdir(dirname(file), { recursive: true });
  await builder("@electron/asar").createPackage(scratch, file);
}

/** A program of Windows' form with nothing to run, because packing writes the archive's hash into its resources. */
async function windowsProgram(): Promise<Buffer> {
  const { NtExecutable, NtExecutableResource, Resource } = createRequire(builder.resolve("app-builder-lib/package.json"))("resedit");
  const program = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(program);
  const version = Resource.VersionInfo.createEmpty();
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: "Electron" });
  version.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  return Buffer.concat([Buffer.from(program.generate()), PROGRAM]);
}

export async function electronStandIn(folder: string, platform: Platform, version: string): Promise<void> {
  await put(join(folder, "version"), version);
  await put(join(folder, "LICENSE"), "licence");
  await put(join(folder, "LICENSES.chromium.html"), "licences");
  const scratch = `${folder}-default-app`;
  if (platform === "mac") {
    const contents = join(folder, "Electron.app", "Contents");
    await put(join(contents, "Info.plist"), PLIST);
    await put(join(contents, "MacOS", "Electron"), "");
    await put(join(contents, "Frameworks", "Electron Framework.framework", "Electron Framework"), PROGRAM);
    for (const kind of ["", " (Renderer)", " (Plugin)", " (GPU)"]) {
      const helper = join(contents, "Frameworks", `Electron Helper${kind}.app`, "Contents");
      await put(join(helper, "Info.plist"), PLIST);
      await put(join(helper, "MacOS", `Electron Helper${kind}`), "");
    }
    await putArchive(join(contents, "Resources", "default_app.asar"), scratch);
    await put(join(contents, "Resources", "electron.icns"), "");
    await put(join(folder, "stand-in.icns"), Buffer.from("icns\0\0\0\b"));
    return;
  }
  if (platform === "linux") await put(join(folder, "electron"), PROGRAM);
  if (platform === "linux") await put(join(folder, "chrome-sandbox"), "");
  if (platform === "windows") await put(join(folder, "electron.exe"), await windowsProgram());
  await put(join(folder, "locales", "en-US.pak"), "");
  await putArchive(join(folder, "resources", "default_app.asar"), scratch);
}
