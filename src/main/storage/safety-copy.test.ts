import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { NebuliftError } from "../../shared/errors.ts";
import type { Decision } from "./decisions.ts";
import { changesIn } from "./safety-copy.ts";
import { settingGroup } from "./settings.ts";
import { openStore, type Store } from "./store.ts";

const looks = settingGroup("looks", z.strictObject({ size: z.int() }), { size: 3 });

let home: string;
let troubles: NebuliftError[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "nebulift-safety-"));
  troubles = [];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const file = () => join(home, "nebulift.db");

function withStore<T>(work: (store: Store) => T, folder = home): T {
  const store = openStore({ data: folder, cache: join(folder, "cache") }, { onTrouble: (trouble) => troubles.push(trouble) });
  try {
    return work(store);
  } finally {
    store.close();
  }
}

function decision(content: string): Decision {
  return {
    content,
    path: content,
    who: "ada",
    before: "clean",
    after: "contaminated",
    cause: null,
    program: "clean",
    probability: 0.2,
    app: "1",
  };
}

/** Ten decisions and a setting in two sittings, so that some are in the copy and some in the log. */
function fill(): void {
  withStore(({ decisions, settings }) => {
    for (let i = 0; i < 5; i++) decisions.add(decision(`frame ${i}`));
    settings.change(looks, { size: 7 });
  });
  withStore(({ decisions, settings }) => {
    for (let i = 5; i < 10; i++) decisions.add(decision(`frame ${i}`));
    settings.change(looks, { size: 8 });
  });
}

function expectAll(): void {
  withStore(({ decisions, settings }) => {
    expect(decisions.all().map(({ number, content }) => `${number} ${content}`)).toEqual(
      Array.from({ length: 10 }, (_, i) => `${i + 1} frame ${i}`),
    );
    expect(settings.get(looks)).toEqual({ size: 8 });
    // Numbers go on: later words stay later.
    expect(decisions.add(decision("frame 0")).number).toBe(11);
  });
}

describe("a user's database comes back whole", () => {
  it.each<[string, () => void]>([
    ["overwritten from end to end", () => writeFileSync(file(), Buffer.alloc(40_000, 0xa5))],
    ["emptied", () => truncateSync(file(), 0)],
    ["cut", () => truncateSync(file(), 4096 * Math.floor(statSync(file()).size / 8192))],
    ["with its first page garbled", () => writeFileSync(file(), readFileSync(file()).fill(0x5a, 20, 4000))],
    ["deleted", () => rmSync(file())],
  ])("%s", (what, harm) => {
    fill();
    harm();
    expectAll();
    expect(
      troubles.map(({ code }) => code),
      what,
    ).toEqual(["store-damaged"]);
    expect(troubles[0].detail).toContain("restored from its safety copy");
    const kept = readdirSync(home).filter((name) => name.includes(".damaged-"));
    expect(kept.length > 0).toBe(what !== "deleted" && what !== "emptied");
  });

  it("damaged while it is open", () => {
    fill();
    withStore(({ decisions, settings }) => {
      // Another process' view: pages are read anew after a checkpoint.
      const other = new DatabaseSync(file());
      other.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      other.close();
      const bytes = readFileSync(file());
      writeFileSync(file(), bytes.fill(0xa5, 0, bytes.length));
      expect(decisions.add(decision("frame 10")).number).toBe(11);
      expect(settings.get(looks)).toEqual({ size: 8 });
    });
    withStore(({ decisions }) => expect(decisions.all()).toHaveLength(11));
    expect(troubles.map(({ code }) => code)).toEqual(["store-damaged"]);
  });

  it("when its restoration was cut short before", () => {
    fill();
    rmSync(file());
    writeFileSync(`${file()}.restored-1`, "half");
    expectAll();
  });
});

describe("the log of changes", () => {
  it("gives what is whole in it, whatever lies between", () => {
    fill();
    const log = `${file()}.changes`;
    const bytes = readFileSync(log);
    const whole = changesIn(log).length;
    expect(whole).toBe(12);
    writeFileSync(
      log,
      Buffer.concat([Buffer.from("NBchange\xff\xff\xff\xff", "latin1"), bytes.subarray(0, 40), bytes, bytes.subarray(0, 50)]),
    );
    expect(changesIn(log)).toHaveLength(whole);
    const cut = Buffer.from(bytes);
    cut[30] ^= 1;
    writeFileSync(log, cut.subarray(0, bytes.length - 3));
    expect(changesIn(log)).toHaveLength(whole - 2);
  });

  it("is replaced by a new copy before it grows large", () => {
    for (let sitting = 0; sitting < 3; sitting++) {
      withStore(({ decisions }) => decisions.addAll(Array.from({ length: 4000 }, (_, i) => decision(`frame ${sitting} ${i}`))));
    }
    withStore(() => undefined);
    expect(existsSync(`${file()}.changes`)).toBe(false);
    writeFileSync(file(), "garbage");
    withStore(({ decisions }) => expect(decisions.all()).toHaveLength(12_000));
  });
});

describe("a full disk", () => {
  it("is called one, whichever of SQLite's files it hits", (context) => {
    const small = join(home, "small");
    mkdirSync(small);
    const mounted = process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", "size=600k", "tmpfs", small]).status === 0;
    if (!mounted) return context.skip("a small file system cannot be mounted here");
    try {
      for (let used = 0; used <= 600; used += 40) {
        troubles = [];
        rmSync(join(small, "cache"), { recursive: true, force: true });
        for (const name of readdirSync(small)) rmSync(join(small, name), { recursive: true });
        const filled = spawnSync("dd", ["if=/dev/zero", `of=${join(small, "filler")}`, "bs=1k", `count=${used}`]);
        expect(filled.error).toBeUndefined();
        withStore((store) => {
          for (let i = 0; i < 40; i++)
            store.measurements.keep(`${i}`, "1", { summary: "{}", measurement: { json: "{}", list: new Uint8Array(16_000) } });
          store.measurements.flush();
        }, small);
        expect(
          troubles.map(({ code }) => code).filter((code) => code !== "disk-full"),
          `${used} kB used`,
        ).toEqual([]);
        expect(troubles.length).toBeGreaterThan(0);
      }
    } finally {
      spawnSync("umount", [small]);
    }
  });
});
