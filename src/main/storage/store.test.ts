import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { NebuliftError } from "../../shared/errors.ts";
import { Database } from "./database.ts";
import type { CachedFrame } from "./measurement-cache.ts";
import { settingGroup } from "./settings.ts";
import { openStore, type Store, type StoreOptions } from "./store.ts";

const WRITER = fileURLToPath(new URL("../../../test/fixtures/store-writer.ts", import.meta.url));

/** To root nothing is read only: it becomes this user, who owns no files, to find out. */
const NOBODY = 65534;

const counters = settingGroup("counters", z.object({ left: z.number(), right: z.number() }), { left: -1, right: -1 });
const looks = settingGroup("looks", z.strictObject({ theme: z.enum(["dark", "light"]), size: z.int().min(1) }), { theme: "dark", size: 3 });

let home: string;
let troubles: NebuliftError[];
let opened: Store[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "nebulift-store-"));
  troubles = [];
  opened = [];
});
afterEach(() => {
  for (const store of opened) store.close();
  rmSync(home, { recursive: true });
});

function open(options: Partial<StoreOptions> = {}, folder = home): Store {
  const store = openStore({ data: folder, cache: join(folder, "cache") }, { onTrouble: (trouble) => troubles.push(trouble), ...options });
  opened.push(store);
  return store;
}

function frame(i: number, bytes = 1000): CachedFrame {
  return { summary: `{"frame":${i}}`, measurement: { json: `{"i":${i}}`, list: new Uint8Array(bytes).fill(i) } };
}

const cacheFile = () => join(home, "cache", "measurements.db");
const userFile = () => join(home, "nebulift.db");
const codes = () => troubles.map(({ code }) => code);

function fill(count: number, bytes = 1000): void {
  const store = open();
  for (let i = 0; i < count; i++) store.measurements.keep(`id ${i}`, "1", frame(i, bytes));
  store.close();
}

describe("the measurement cache", () => {
  it("gives back exactly what was kept, at once and after reopening", () => {
    const store = open();
    store.measurements.keep("a", "1", frame(7));
    expect(store.measurements.find("a", "1")).toEqual(frame(7));
    store.close();
    expect(open().measurements.find("a", "1")).toEqual(frame(7));
    expect(troubles).toEqual([]);
  });

  it("misses what it never saw and what another version measured", () => {
    fill(1);
    const store = open();
    expect(store.measurements.find("id 9", "1")).toBeNull();
    expect(store.measurements.find("id 0", "2")).toBeNull();
    store.measurements.keep("id 0", "2", frame(8));
    expect(store.measurements.find("id 0", "1")).toBeNull();
    store.measurements.flush();
    expect(store.measurements.find("id 0", "2")).toEqual(frame(8));
    expect(store.measurements.count()).toBe(1);
  });

  it("writes by itself after a while, and at once when much is waiting", async () => {
    const store = open({ flushMs: 20 });
    const other = open();
    store.measurements.keep("late", "1", frame(1));
    expect(other.measurements.find("late", "1")).toBeNull();
    await expect.poll(() => other.measurements.find("late", "1"), { timeout: 10_000 }).toEqual(frame(1));
    const patient = open({ flushMs: 1e6 });
    for (let i = 0; i < 64; i++) patient.measurements.keep(`many ${i}`, "1", frame(i));
    expect(other.measurements.find("many 0", "1")).toEqual(frame(0));
  });

  it("drops the longest unused beyond its bounds, and the file shrinks", () => {
    let time = 1e12;
    const day = 86_400_000;
    const bounds = { now: () => time, mostBytes: 4_000_000 };
    const store = open(bounds);
    for (let i = 0; i < 600; i++) {
      time += 1000;
      store.measurements.keep(`id ${i}`, "1", frame(i, 16_000));
    }
    store.measurements.flush();
    time += 2 * day;
    // Used again two days later, so the oldest is now the youngest.
    const survivor = store.measurements.find("id 599", "1");
    for (let i = 600; i < 1200; i++) {
      time += 1000;
      store.measurements.keep(`id ${i}`, "1", frame(i, 16_000));
    }
    store.close();
    expect(survivor).toEqual(frame(599, 16_000));
    const after = open(bounds);
    after.measurements.keep("one more", "1", frame(1));
    after.measurements.flush();
    after.close();
    expect(statSync(cacheFile()).size).toBeLessThan(4_600_000);
    const last = open();
    expect(last.measurements.find("id 0", "1")).toBeNull();
    expect(last.measurements.find("id 1199", "1")).toEqual(frame(1199, 16_000));
    expect(last.measurements.count()).toBeGreaterThan(100);
  });

  it("keeps no more frames than it should", () => {
    const store = open({ mostFrames: 100 });
    for (let i = 0; i < 700; i++) store.measurements.keep(`id ${i}`, "1", frame(i, 10));
    store.close();
    const again = open({ mostFrames: 100 });
    again.measurements.keep("last", "1", frame(1));
    expect(again.measurements.count()).toBeLessThanOrEqual(100);
    expect(again.measurements.find("last", "1")).not.toBeNull();
  });

  it("forgets everything when told to", () => {
    fill(10);
    const store = open();
    store.measurements.keep("waiting", "1", frame(1));
    store.measurements.clear();
    expect(store.measurements.count()).toBe(0);
    expect(store.measurements.find("waiting", "1")).toBeNull();
  });
});

describe("damage", () => {
  it.each<[string, (file: string) => void]>([
    ["that is no database any more", (file) => writeFileSync(file, Buffer.alloc(50_000, 7))],
    ["cut in the middle", (file) => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)],
    ["overwritten in the middle", (file) => overwrite(file, 0.3, 0.6)],
    ["whose schema is garbled", (file) => overwrite(file, 0.001, 0.03)],
  ])("sets a database aside %s, and works on with a fresh one", (_, harm) => {
    fill(100);
    harm(cacheFile());
    const store = open();
    store.measurements.keep("new", "1", frame(3));
    store.measurements.flush();
    for (let i = 0; i < 100; i++) {
      const found = store.measurements.find(`id ${i}`, "1");
      if (found !== null) expect(found).toEqual(frame(i));
    }
    store.measurements.keep("newer", "1", frame(4));
    store.close();
    expect(codes()).toEqual(["store-damaged"]);
    expect(readdirSync(join(home, "cache")).filter((name) => name.includes(".damaged-")).length).toBeGreaterThan(0);
    expect(open().measurements.find("newer", "1")).toEqual(frame(4));
    expect(troubles.length).toBe(1);
  });

  it("is met while reading in a database too large to check at opening", () => {
    fill(1500, 16_000);
    expect(statSync(cacheFile()).size).toBeGreaterThan(16 * 1024 * 1024);
    overwrite(cacheFile(), 0.02, 0.9);
    const store = open();
    let found = 0;
    for (let i = 0; i < 1500; i++) {
      const kept = store.measurements.find(`id ${i}`, "1");
      if (kept === null) continue;
      found++;
      expect(kept).toEqual(frame(i, 16_000));
    }
    expect(found).toBeLessThan(1500);
    store.measurements.keep("new", "1", frame(5));
    store.close();
    expect(open().measurements.find("new", "1")).toEqual(frame(5));
  });

  it("of a single bit in a row is noticed", () => {
    fill(1);
    const bytes = readFileSync(cacheFile());
    const at = bytes.indexOf('{"i":0}');
    expect(at).toBeGreaterThan(0);
    bytes[at + 5] = "8".charCodeAt(0);
    writeFileSync(cacheFile(), bytes);
    const store = open();
    expect(store.measurements.find("id 0", "1")).toBeNull();
    store.measurements.keep("id 0", "1", frame(0));
    store.measurements.flush();
    expect(store.measurements.find("id 0", "1")).toEqual(frame(0));
  });

  it("does not fill the disk with damaged copies", () => {
    for (let round = 0; round < 6; round++) {
      fill(1);
      writeFileSync(cacheFile(), Buffer.alloc(10_000, round));
      open({ now: () => 1e12 + round * 60_000 }).close();
    }
    expect(readdirSync(join(home, "cache")).filter((name) => name.includes(".damaged-")).length).toBe(3);
  });

  it("of the settings and of their safety copy gives the defaults and keeps the damaged files", () => {
    const store = open();
    store.settings.change(looks, { theme: "light" });
    store.close();
    writeFileSync(userFile(), "hello");
    writeFileSync(`${userFile()}.copy`, "hello, too");
    rmSync(`${userFile()}.changes`);
    const again = open();
    expect(again.settings.get(looks)).toEqual({ theme: "dark", size: 3 });
    expect(again.settings.change(looks, { size: 5 })).toEqual({ theme: "dark", size: 5 });
    again.close();
    expect(codes()).toEqual(["store-damaged"]);
    expect(open().settings.get(looks).size).toBe(5);
  });
});

function overwrite(file: string, from: number, to: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, Math.floor(from * bytes.length), Math.floor(to * bytes.length));
  writeFileSync(file, bytes);
}

describe("a place that cannot be written", () => {
  it.each<[string, () => string]>([
    ["is a file", () => join(blocked(), "deeper")],
    ["has a folder in the database's place", () => occupied()],
  ])("%s: works without remembering, and says so once per database", (_, place) => {
    const folder = place();
    const store = open({}, folder);
    store.measurements.keep("a", "1", frame(1));
    expect(store.measurements.find("a", "1")).toBeNull();
    expect(store.measurements.usable).toBe(false);
    expect(store.settings.change(looks, { theme: "light" })).toEqual({ theme: "light", size: 3 });
    expect(store.settings.get(looks)).toEqual({ theme: "light", size: 3 });
    store.close();
    expect(codes()).toEqual(["output-unwritable", "output-unwritable"]);
  });

  it("may be read only: what was saved is not lost", async (context) => {
    if (process.platform === "win32") return context.skip("Windows has no permission bits");
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    if (uid !== undefined && spawnSync(process.execPath, ["--check", WRITER], { uid }).status !== 0) {
      return context.skip("run as root, and nobody else may read this checkout");
    }
    fill(5);
    open().settings.change(looks, { theme: "light" });
    for (const store of opened.splice(0)) store.close();
    chmodSync(home, 0o755);
    for (const folder of [join(home, "cache"), home]) chmodSync(folder, 0o555);
    for (const file of [userFile(), cacheFile()]) chmodSync(file, 0o444);
    const child = writer(["0", "20"], uid);
    const output = await outputOf(child);
    chmodSync(home, 0o755);
    chmodSync(join(home, "cache"), 0o755);
    expect(output.code).toBe(0);
    expect(output.lines).toContain("done");
    expect(output.lines.filter((line) => line.startsWith("trouble output-unwritable")).length).toBe(2);
    for (const file of [userFile(), cacheFile()]) chmodSync(file, 0o644);
    expect(open().settings.get(looks).theme).toBe("light");
    expect(open().measurements.find("id 4", "1")).toEqual(frame(4));
  });
});

function blocked(): string {
  const file = join(home, "file");
  writeFileSync(file, "");
  return file;
}

function occupied(): string {
  mkdirSync(cacheFile(), { recursive: true });
  mkdirSync(userFile());
  return home;
}

function writer(args: string[], uid?: number): ChildProcess {
  return spawn(process.execPath, [WRITER, home, ...args], { stdio: ["ignore", "pipe", "inherit"], ...(uid === undefined ? {} : { uid }) });
}

async function outputOf(child: ChildProcess): Promise<{ lines: string[]; code: number | null }> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { lines: text.split("\n").filter(Boolean), code };
}

describe("several processes", () => {
  it("write at the same time without losing anything", async () => {
    const outputs = await Promise.all([outputOf(writer(["0", "300", "left"])), outputOf(writer(["1000", "300", "right"]))]);
    for (const { lines, code } of outputs) {
      expect(code).toBe(0);
      expect(lines.filter((line) => line.startsWith("trouble"))).toEqual([]);
    }
    const store = open();
    expect(store.measurements.count()).toBe(600);
    expect(store.measurements.find("frame 1299", "1")?.summary).toBe("1299");
    expect(store.settings.get(counters)).toEqual({ left: 299, right: 1299 });
    expect(troubles).toEqual([]);
  });

  it("killed in the middle of writing lose nothing that was said to be saved", async () => {
    for (let round = 0; round < 5; round++) {
      const child = writer([`${round * 100_000}`, "100000", "left"]);
      const ended = outputOf(child);
      await new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
      setTimeout(() => child.kill("SIGKILL"), 20 + round * 17);
      const { lines } = await ended;
      const last = Math.max(...lines.filter((line) => line.startsWith("saved")).map((line) => Number(line.split(" ")[1])));
      const store = open();
      expect(store.settings.get(counters).left).toBeGreaterThanOrEqual(last);
      expect(store.measurements.find(`frame ${last}`, "1")?.summary).toBe(`${last}`);
      store.close();
      const check = new DatabaseSync(cacheFile());
      expect(check.prepare("PRAGMA integrity_check").get()).toMatchObject({ integrity_check: "ok" });
      check.close();
    }
    expect(troubles).toEqual([]);
  });
});

describe("settings", () => {
  it("are the defaults until changed, then what was set, across openings", () => {
    const store = open();
    expect(store.settings.get(looks)).toEqual({ theme: "dark", size: 3 });
    store.settings.change(looks, { theme: "light" });
    store.settings.change(looks, { size: 9 });
    store.close();
    const again = open();
    expect(again.settings.get(looks)).toEqual({ theme: "light", size: 9 });
    expect(again.settings.reset(looks)).toEqual({ theme: "dark", size: 3 });
    expect(again.settings.get(looks)).toEqual({ theme: "dark", size: 3 });
  });

  it("refuse what the schema refuses and stay as they were", () => {
    const store = open();
    store.settings.change(looks, { size: 4 });
    expect(() => store.settings.change(looks, { theme: "light", size: 0 })).toThrow(expect.objectContaining({ code: "bad-usage" }));
    expect(store.settings.get(looks)).toEqual({ theme: "dark", size: 4 });
  });

  it.each<[string, string, { theme: string; size: number }]>([
    ["an older version wrote fewer", '{"theme":"light"}', { theme: "light", size: 3 }],
    ["a newer version wrote more", '{"theme":"light","size":4,"colour":"red"}', { theme: "light", size: 4 }],
    ["one is out of bounds", '{"theme":"sepia","size":4}', { theme: "dark", size: 4 }],
    ["they are not JSON", "{theme", { theme: "dark", size: 3 }],
    ["they are something else", "[1]", { theme: "dark", size: 3 }],
  ])("are valid when %s", (_, stored, expected) => {
    open().close();
    const db = new DatabaseSync(userFile());
    db.prepare("INSERT INTO settings VALUES ('looks', ?)").run(stored);
    db.close();
    expect(open().settings.get(looks)).toEqual(expected);
  });
});

describe("migrations", () => {
  const steps = [
    { number: 1, name: "one", sql: "CREATE TABLE a (x INTEGER) STRICT" },
    { number: 2, name: "two", sql: "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 5" },
    { number: 3, name: "three", sql: "CREATE TABLE b (z INTEGER) STRICT" },
  ];

  function database(count: number, migrations = steps.slice(0, count)): Database {
    return new Database({
      file: userFile(),
      migrations,
      synchronous: "FULL",
      backup: true,
      checkUpTo: 1e9,
      busyMs: 1000,
      onTrouble: (trouble) => troubles.push(trouble),
      now: () => 1e12,
    });
  }

  it("bring old data to the new layout, with a copy from before each step", () => {
    const old = database(1);
    old.attempt(undefined, ({ exec }) => exec("INSERT INTO a VALUES (7)"));
    old.close();
    expect(readdirSync(home).filter((name) => name.includes("before"))).toEqual([]);
    const current = database(3);
    expect(current.attempt(null, ({ sql }) => ({ ...sql("SELECT x, y FROM a").get() }))).toEqual({ x: 7, y: 5 });
    current.close();
    expect(readdirSync(home).filter((name) => name.includes("before"))).toEqual(["nebulift.db.before-2", "nebulift.db.before-3"]);
    const copy = new DatabaseSync(join(home, "nebulift.db.before-2"));
    expect({ ...copy.prepare("SELECT * FROM a").get() }).toEqual({ x: 7 });
    copy.close();
    expect(troubles).toEqual([]);
  });

  it("that fail leave the database as it was, and usable by the version before", () => {
    const old = database(1);
    old.attempt(undefined, ({ exec }) => exec("INSERT INTO a VALUES (7)"));
    old.close();
    const broken = [...steps.slice(0, 1), { number: 2, name: "broken", sql: "CREATE TABLE c (x INTEGER); DROP TABLE nowhere" }];
    const failed = database(2, broken);
    expect(failed.usable).toBe(false);
    expect(codes()).toEqual(["internal"]);
    const before = database(1);
    expect(before.attempt(null, ({ sql }) => sql("SELECT name FROM sqlite_master WHERE name = 'c'").get())).toBeUndefined();
    expect(before.attempt(null, ({ sql }) => ({ ...sql("SELECT x FROM a").get() }))).toEqual({ x: 7 });
    before.close();
  });

  it("of a newer version are left alone", () => {
    database(3).close();
    const older = database(2);
    expect(older.usable).toBe(false);
    expect(codes()).toEqual(["store-newer"]);
    expect(existsSync(userFile())).toBe(true);
    expect(readdirSync(home).some((name) => name.includes("damaged"))).toBe(false);
  });
});
