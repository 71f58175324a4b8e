import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { NebuliftError } from "../../shared/errors.ts";
import type { Decision } from "./decisions.ts";
import { openStore, type Store } from "./store.ts";

let folder: string;
let troubles: NebuliftError[];
let clock: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-decisions-"));
  troubles = [];
  clock = 1_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function withStore<T>(work: (store: Store) => T): T {
  const store = openStore(
    { data: folder, cache: join(folder, "cache") },
    { onTrouble: (trouble) => troubles.push(trouble), now: () => clock++ },
  );
  try {
    return work(store);
  } finally {
    store.close();
  }
}

function decision(content: string, after: Decision["after"], change: Partial<Decision> = {}): Decision {
  return {
    content,
    path: `/night/${content}.fits`,
    who: "ada",
    before: "review",
    after,
    cause: null,
    program: "review",
    probability: 0.55,
    app: "0.1.0",
    ...change,
  };
}

test("what was said together shares a time of its own, and is found again for some frames in order", () => {
  const still = { data: folder, cache: join(folder, "cache") };
  const store = openStore(still, { onTrouble: (trouble) => troubles.push(trouble), now: () => 5_000 });
  try {
    const { decisions } = store;
    decisions.addAll([decision("b", "clean"), decision("a", "clean")]);
    decisions.addAll([decision("c", "contaminated")]);
    decisions.add(decision("a", null));
    expect(decisions.all().map(({ time }) => time)).toEqual([5_000, 5_000, 5_001, 5_002]);
    expect(decisions.about(["a", "b", "never seen"]).map(({ content, after }) => [content, after])).toEqual([
      ["b", "clean"],
      ["a", "clean"],
      ["a", null],
    ]);
    const many = Array.from({ length: 1200 }, (_, i) => `frame ${i}`);
    decisions.addAll([...many].reverse().map((content) => decision(content, "review")));
    expect(decisions.about(many).map(({ content }) => content)).toEqual([...many].reverse());
  } finally {
    store.close();
  }
});

test("the last word counts, taking back is a word too, and every word is kept in order", () => {
  withStore(({ decisions }) => {
    decisions.add(decision("a", "clean"));
    decisions.add(decision("b", "contaminated", { cause: "clouds", probability: null }));
    expect(decisions.add(decision("a", "contaminated", { before: "clean" })).time).toBe(clock - 1);
    decisions.add(decision("b", null, { before: "contaminated" }));
  });
  withStore(({ decisions }) => {
    const latest = decisions.latest(["a", "b", "never seen"]);
    expect([...latest.keys()]).toEqual(["a"]);
    expect(latest.get("a")).toMatchObject({ after: "contaminated", before: "clean", who: "ada", probability: 0.55 });
    expect(decisions.history("b").map(({ after, cause, probability }) => [after, cause, probability])).toEqual([
      ["contaminated", "clouds", null],
      [null, null, 0.55],
    ]);
    expect(decisions.all().map(({ number, content }) => [number, content])).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "a"],
      [4, "b"],
    ]);
  });
  expect(troubles).toEqual([]);
});

test("thousands of frames are looked up at once", () => {
  withStore(({ decisions }) => {
    const contents = Array.from({ length: 2_345 }, (_, i) => `frame${i}`);
    decisions.addAll(contents.filter((_, i) => i % 3 === 0).map((content) => decision(content, "clean")));
    expect(decisions.latest(contents).size).toBe(782);
    expect(decisions.latest([]).size).toBe(0);
  });
});

test("nothing in the table can be changed or deleted", () => {
  withStore(({ decisions }) => decisions.add(decision("a", "clean")));
  const db = new DatabaseSync(join(folder, "nebulift.db"));
  try {
    expect(() => db.exec("UPDATE decisions SET after = 'contaminated'")).toThrow("never changed");
    expect(() => db.exec("DELETE FROM decisions")).toThrow("never deleted");
  } finally {
    db.close();
  }
});

test("a decision that add returned for survives the process being killed at once", () => {
  const program = `
    import { openStore } from ${JSON.stringify(join(import.meta.dirname, "store.ts"))};
    const store = openStore({ data: ${JSON.stringify(folder)}, cache: ${JSON.stringify(join(folder, "cache"))} }, { onTrouble: () => {} });
    store.decisions.add(${JSON.stringify(decision("a", "contaminated"))});
    process.kill(process.pid, "SIGKILL");`;
  const done = spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", program], { encoding: "utf8" });
  expect(done.signal, done.stderr).toBe("SIGKILL");
  withStore(({ decisions }) => expect(decisions.latest(["a"]).get("a")?.after).toBe("contaminated"));
});

test("a decision that cannot be kept is an error, each time", () => {
  writeFileSync(join(folder, "file"), "");
  const store = openStore(
    { data: join(folder, "file", "data"), cache: join(folder, "cache") },
    { onTrouble: (trouble) => troubles.push(trouble) },
  );
  for (let i = 0; i < 2; i++) {
    expect(() => store.decisions.add(decision("a", "clean"))).toThrow(expect.objectContaining({ code: "output-unwritable" }));
  }
  expect(store.decisions.latest(["a"]).size).toBe(0);
  expect(troubles).toHaveLength(1);
  store.close();
});

test("another process that holds the database makes adding wait, then fail, and lose nothing else", () => {
  withStore(({ decisions }) => {
    decisions.add(decision("a", "clean"));
    const other = new DatabaseSync(join(folder, "nebulift.db"));
    other.exec("BEGIN IMMEDIATE");
    expect(() => decisions.add(decision("b", "clean"))).toThrow(expect.objectContaining({ code: "output-unwritable" }));
    other.exec("ROLLBACK");
    other.close();
    decisions.add(decision("c", "clean"));
    expect([...decisions.latest(["a", "b", "c"]).keys()].sort()).toEqual(["a", "c"]);
  });
});

test("a store of the version before decisions gets the table, and keeps a copy of itself", () => {
  const db = new DatabaseSync(join(folder, "nebulift.db"));
  db.exec(`CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, time INTEGER NOT NULL) STRICT;
    INSERT INTO migrations VALUES (1, 'settings', 1);
    CREATE TABLE settings (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
    INSERT INTO settings VALUES ('desktop', '{"theme":"night"}')`);
  db.close();
  withStore(({ decisions }) => expect(decisions.add(decision("a", "clean")).number).toBe(1));
  const copy = new DatabaseSync(join(folder, "nebulift.db.before-2"));
  expect(copy.prepare("SELECT json FROM settings").all()).toEqual([expect.objectContaining({ json: '{"theme":"night"}' })]);
  copy.close();
});
