import { spawnSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportPath, type Scan, scanPaths } from "./scan.ts";

const SNIFFER = {
  byName: (name: string) => /\.fits?$/i.test(name),
  byContent: (head: Uint8Array) => Buffer.from(head).toString("latin1").startsWith("SIMPLE"),
};
/** To root nothing is unreadable: it becomes this user, who owns no files, to find out. */
const NOBODY = 65534;

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nebulift-scan-")));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

function put(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "SIMPLE  = T");
  return file;
}

const relative = (scan: Scan): string[] => scan.frames.map((path) => reportPath(scan.root, path));

describe("names", () => {
  it("with spaces, in every script, composed or decomposed, are kept as the system gives them", async () => {
    const names = [
      "M 31 – 300s (1).fits",
      "Orion\u2019s sword.fits",
      "caf\u00e9.fits",
      "cafe\u0301.fits",
      "夜空.FIT",
      "🌌.fits",
      "a\nb.fits",
    ];
    for (const name of names) put("lights é", name);
    const scan = await scanPaths([folder], SNIFFER);
    expect(relative(scan).sort()).toEqual(names.map((name) => `lights é/${name}`).sort());
    for (const path of scan.frames) expect(await scanPaths([path], SNIFFER)).toMatchObject({ frames: [path] });
  });

  it("of more than 260 characters are no trouble, and folders may lie hundreds deep", async () => {
    const deep = Array.from({ length: 12 }, (_, i) => `${i} ${"night after night ".repeat(2)}`.trim());
    put(...deep, `${"x".repeat(200)}.fits`);
    put(...Array.from({ length: 300 }, () => "d"), "a.fits");
    const scan = await scanPaths([folder], SNIFFER);
    expect(scan.problems).toEqual([]);
    expect(relative(scan)).toHaveLength(2);
    expect(Math.max(...scan.frames.map((path) => path.length))).toBeGreaterThan(600);
  });

  it("that are no text are told, not lost", async (context) => {
    if (process.platform !== "linux") return context.skip("only Linux allows them");
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from(".fits")]), "SIMPLE  = T");
    put("good\ufffd.fits");
    const scan = await scanPaths([folder], SNIFFER);
    expect(relative(scan)).toEqual(["good\ufffd.fits"]);
    expect(scan.problems.map(({ error }) => error.code)).toEqual(["file-missing"]);
    expect(scan.problems[0].error.detail).toContain("rename it");
  });
});

describe("links", () => {
  it("are not followed, in no direction and in no circle; what is named itself may be one", async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), "nebulift-outside-")));
    try {
      writeFileSync(join(outside, "secret.fits"), "SIMPLE  = T");
      const inside = put("in", "a.fits");
      symlinkSync(outside, join(folder, "in", "away"));
      symlinkSync(join(outside, "secret.fits"), join(folder, "in", "secret.fits"));
      symlinkSync("..", join(folder, "in", "up"));
      symlinkSync(join(folder, "in"), join(folder, "in", "round"));
      symlinkSync(join(folder, "nowhere"), join(folder, "in", "broken.fits"));
      const scan = await scanPaths([join(folder, "in")], SNIFFER);
      expect(scan.frames).toEqual([inside]);
      expect(scan.others).toEqual([]);
      symlinkSync(join(folder, "in"), join(folder, "named"));
      expect((await scanPaths([join(folder, "named")], SNIFFER)).frames).toEqual([inside]);
      // A hard link is a file like any other.
      linkSync(inside, join(folder, "in", "b.fits"));
      expect((await scanPaths([join(folder, "in")], SNIFFER)).frames).toHaveLength(2);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});

describe("what is not there or may not be read", () => {
  it("is named for what it is", async () => {
    await expect(scanPaths([join(folder, "nowhere")], SNIFFER)).rejects.toMatchObject({ code: "folder-missing" });
    await expect(scanPaths([join(put("a.fits"), "below")], SNIFFER)).rejects.toMatchObject({ code: "folder-missing" });
    await expect(scanPaths([], SNIFFER)).rejects.toMatchObject({ code: "bad-usage" });
    await expect(scanPaths([folder], SNIFFER, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
  });

  it("a folder that goes while the others are walked costs only itself", async () => {
    put("a", "1.fits");
    put("b", "2.fits");
    let gone = false;
    const sniffer = {
      ...SNIFFER,
      byName: (name: string) => {
        if (!gone) rmSync(join(folder, "b"), { recursive: true });
        gone = true;
        return SNIFFER.byName(name);
      },
    };
    const scan = await scanPaths([folder], sniffer);
    expect(relative(scan)).toEqual(["a/1.fits"]);
    expect(scan.problems.map(({ error }) => error.code)).toEqual(["folder-missing"]);
  });

  it("a folder without permission is a problem of its own; as the only one it is the answer", (context) => {
    if (process.platform === "win32") return context.skip("Windows has no permission bits");
    put("open", "a.fits");
    put("closed", "b.fits");
    put("open", "no name");
    chmodSync(join(folder, "open", "no name"), 0o000);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "closed"), 0o000);
    const program = `
      import { scanPaths } from ${JSON.stringify(join(import.meta.dirname, "scan.ts"))};
      const sniffer = { byName: (name) => name.endsWith(".fits"), byContent: () => true };
      const { frames, others, problems } = await scanPaths([${JSON.stringify(folder)}], sniffer);
      const alone = await scanPaths([${JSON.stringify(join(folder, "closed"))}], sniffer).catch((error) => error.code);
      console.log(JSON.stringify({ frames, others, problems: problems.map(({ error }) => error.code), alone }));`;
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    const options = { encoding: "utf8" as const, ...(uid === undefined ? {} : { uid }) };
    const done = spawnSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module-typescript", "--eval", program],
      options,
    );
    chmodSync(join(folder, "closed"), 0o755);
    if (uid !== undefined && /EACCES|ERR_MODULE_NOT_FOUND|Cannot find module/.test(done.stderr))
      return context.skip("run as root, and nobody else may read this checkout");
    expect(JSON.parse(done.stdout)).toEqual({
      frames: [join(folder, "open", "a.fits")],
      others: [join(folder, "open", "no name")],
      problems: ["folder-unreadable"],
      alone: "folder-unreadable",
    });
  });
});
