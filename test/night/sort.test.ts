import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DISK_FILES } from "../../src/main/night/sort/disk-files.ts";
import { resumeSort, type SortAction, sortFrames, sortsIn, undoSort } from "../../src/main/night/sort/index.ts";
import type { SortFiles } from "../../src/main/night/sort/sort-files.ts";
import { request, type SmallNight, smallNight, sort, tools } from "../faults/small-night.ts";
import { seeTree } from "../faults/trees.ts";

let night: SmallNight;
beforeEach(() => {
  night = smallNight();
});
afterEach(() => night.remove());

const out = (...path: string[]): string => join(night.output, ...path);
const within = (...path: string[]): string => join(night.input, ...path);
const session = async (): Promise<string> => (await sortsIn(DISK_FILES, night.output)).at(-1)?.header.session ?? "";
const undo = async (by = tools()) => undoSort(night.output, await session(), by);
const kept = async () => (await undo()).kept.map(({ path, code }) => `${path} ${code}`);
const journal = async (): Promise<string> => out(".nebulift", `sort-${await session()}.jsonl`);

describe("what is sorted", () => {
  it("keeps times and permissions, and stays where it is when it is no light", async () => {
    chmodSync(within("b.fits"), 0o640);
    utimesSync(within("b.fits"), 1e9, 1234567890.123);
    await sort(night, "copy");
    const { mode, mtimeMs } = lstatSync(out("contaminated", "b.fits"));
    expect(mode & 0o777).toBe(0o640);
    expect(mtimeMs).toBe(1234567890123);
    expect(existsSync(within("dark.fits"))).toBe(true);
    expect(readdirSync(night.output).sort()).toEqual([".nebulift", "clean", "contaminated", "review"]);
  });

  it("is moved without being rewritten, and linked without being copied", async () => {
    const before = lstatSync(within("b.fits")).ino;
    await sort(night, "link");
    expect(lstatSync(out("contaminated", "b.fits")).ino).toBe(before);
    await undo();
    expect(lstatSync(within("b.fits")).nlink).toBe(1);
    await sort(night, "move");
    expect(lstatSync(out("contaminated", "b.fits")).ino).toBe(before);
  });

  it("never replaces what was there, nor what comes at the last moment", async () => {
    mkdirSync(out("clean"), { recursive: true });
    writeFileSync(out("clean", "A.fits"), "not ours");
    // Another program takes the name between the look and the copy.
    const sneaky: SortFiles = {
      ...DISK_FILES,
      link: async (existing, made) => {
        if (made.endsWith("b.fits") && !existsSync(made)) writeFileSync(made, "came in between");
        return DISK_FILES.link(existing, made);
      },
    };
    const { outcome } = await sort(night, "copy", tools(sneaky));
    expect(outcome?.sorted).toBe(5);
    expect(readFileSync(out("clean", "A.fits"), "utf8")).toBe("not ours");
    expect(readFileSync(out("contaminated", "b.fits"), "utf8")).toBe("came in between");
    await undo();
    expect([...seeTree(night.output).keys()]).toEqual(["clean/A.fits", "contaminated/b.fits"]);
  });

  it("is read as it was planned: a frame that changed or vanished meanwhile is named and left", async () => {
    const changing: SortFiles = {
      ...DISK_FILES,
      create: async (path) => {
        // The plan is made: its journal begins.
        if (path.endsWith(".jsonl")) {
          appendFileSync(within("b.fits"), "one more exposure");
          unlinkSync(within("empty.fits"));
        }
        return DISK_FILES.create(path);
      },
    };
    for (const action of ["copy", "move", "link"] as SortAction[]) {
      const { outcome } = await sort(night, action, tools(changing));
      expect(outcome?.failed.map(({ path, code }) => `${path} ${code}`)).toEqual(["b.fits file-changed", "empty.fits file-missing"]);
      expect(readFileSync(within("b.fits"), "utf8")).toMatch(/one more exposure$/);
      expect(outcome?.sorted).toBe(3);
      night.remove();
      night = smallNight();
    }
  });

  it("does not follow links out of the input", async () => {
    rmSync(within("b.fits"));
    symlinkSync("/etc/hostname", within("b.fits"));
    const { plan } = await sort(night, "copy");
    expect(plan.missing.map(({ path, code }) => `${path} ${code}`)).toEqual(["b.fits file-changed"]);
    expect(existsSync(out("contaminated"))).toBe(false);
  });

  it("takes names with spaces, accents written both ways, and 255 bytes in deep folders", async () => {
    const names = ["a b  c.fits", "\u00e9.fits", "e\u0301.fits", `${"n".repeat(250)}.fits`, "'\"$;&.fits"];
    const folder = "a folder of forty characters, more or less/".repeat(8);
    for (const name of names) {
      mkdirSync(dirname(within(folder, name)), { recursive: true });
      writeFileSync(within(folder, name), name);
    }
    const frames = names.map((name) => ({ path: `${folder}${name}`, verdict: "clean" as const }));
    const before = seeTree(night.input);
    const { outcome } = await sortFrames({ ...request(night, "move", frames), keepFolders: true }, tools(), () => {});
    expect(outcome?.failed).toEqual([]);
    expect(outcome?.sorted).toBe(names.length);
    for (const name of names) expect(readFileSync(out(outcome?.places.get(`${folder}${name}`) ?? ""), "utf8")).toBe(name);
    await undo();
    expect(seeTree(night.input)).toEqual(before);
    expect(readdirSync(night.output)).toEqual([".nebulift"]);
  });

  it("is not sorted twice, and follows a verdict that changed", async () => {
    await sort(night, "copy");
    const again = await sort(night, "copy");
    expect(again.outcome).toBeNull();
    expect(again.plan.settled.size).toBe(5);
    const frames = [
      { path: "a.fits", verdict: "review" as const },
      { path: "b.fits", verdict: "clean" as const },
    ];
    const { outcome } = await sortFrames(request(night, "copy", frames), tools(), () => {});
    expect(outcome?.places.get("b.fits")).toBe("clean/b.fits");
    expect(existsSync(out("contaminated", "b.fits"))).toBe(false);
    expect(seeTree(night.output).size).toBe(5);
    expect(seeTree(night.input)).toEqual(night.before);
    // Back, one sort after the other.
    const [first] = await sortsIn(DISK_FILES, night.output);
    await expect(undoSort(night.output, first.header.session, tools())).rejects.toMatchObject({ code: "no-sort" });
    await undo();
    expect(existsSync(out("contaminated", "b.fits"))).toBe(true);
    await undoSort(night.output, first.header.session, tools());
    expect(seeTree(night.output).size).toBe(0);
  });
});

it("sorts of one moment, or from before the clock was put back, are undone last first", async () => {
  const still = { ...tools(), now: () => new Date(Date.UTC(2026, 0, 1)) };
  for (const path of ["a.fits", "b.fits", "empty.fits"]) {
    await sortFrames(request(night, "move", [{ path, verdict: "clean" }]), still, () => {});
    const sessions = await sortsIn(DISK_FILES, night.output);
    expect(sessions.at(-1)?.items.some(({ plan }) => plan.frame === path)).toBe(true);
  }
});

describe("undo touches nothing that changed since", () => {
  it("keeps a copy that was edited, and one whose original is gone or another", async () => {
    await sort(night, "copy");
    appendFileSync(out("contaminated", "b.fits"), "a note");
    rmSync(within("empty.fits"));
    const edited = lstatSync(within("Ha/a.fits"));
    writeFileSync(within("Ha/a.fits"), readFileSync(within("Ha/a.fits"), "utf8").toUpperCase());
    // Even where the time says that nothing happened.
    utimesSync(within("Ha/a.fits"), edited.atimeMs / 1000, edited.mtimeMs / 1000);
    expect((await kept()).sort()).toEqual(["Ha/a.fits file-changed", "b.fits file-changed", "empty.fits file-missing"]);
    expect([...seeTree(night.output).keys()]).toEqual(["clean/a.fits", "contaminated/b.fits", "review/empty.fits"]);
  });

  it("does not put a moved file over another, nor bring back one that was edited or taken away", async () => {
    await sort(night, "move");
    writeFileSync(within("a.fits"), "a new night");
    appendFileSync(out("contaminated", "b.fits"), "a note");
    renameSync(out("review", "empty.fits"), out("elsewhere"));
    expect((await kept()).sort()).toEqual(["a.fits output-exists", "b.fits file-changed", "empty.fits file-missing"]);
    expect(readFileSync(within("a.fits"), "utf8")).toBe("a new night");
    expect(existsSync(out("contaminated", "b.fits"))).toBe(true);
    expect(existsSync(within("Ha/a.fits"))).toBe(true);
  });

  it("makes a folder again that was tidied away", async () => {
    await sort(night, "move");
    rmSync(within("Ha"), { recursive: true });
    expect(await kept()).toEqual([]);
    expect(seeTree(night.input)).toEqual(night.before);
  });

  it("keeps folders that were there, or that hold something", async () => {
    mkdirSync(out("review"), { recursive: true });
    await sort(night, "copy");
    writeFileSync(out("clean", "notes.txt"), "mine");
    await undo();
    expect(readdirSync(night.output).sort()).toEqual([".nebulift", "clean", "review"]);
  });

  it("keeps a link that is the last name of a frame", async () => {
    await sort(night, "link");
    rmSync(within("b.fits"));
    expect(await kept()).toEqual(["b.fits file-changed"]);
    expect(existsSync(out("contaminated", "b.fits"))).toBe(true);
  });

  it("does not undo a sort twice", async () => {
    await sort(night, "copy");
    await undo();
    await expect(undo()).rejects.toMatchObject({ code: "no-sort" });
    await expect(resumeSort(night.output, await session(), tools())).rejects.toMatchObject({ code: "no-sort" });
  });
});

describe("folders that will not do are refused before anything is touched", () => {
  it.each([
    ["a folder within", "in/sorted"],
    ["the folder itself", "in"],
    ["one behind a link", "door/sorted"],
  ])("%s", async (_, name) => {
    symlinkSync(night.input, join(dirname(night.input), "door"));
    const there = { ...night, output: join(dirname(night.input), name) };
    await expect(sort(there, "copy")).rejects.toMatchObject({ code: "sort-folders" });
    expect(seeTree(night.input)).toEqual(night.before);
  });

  it("what was sorted, as the input of its own sort", async () => {
    await sort(night, "copy");
    const back = { ...request(night, "move"), input: out("clean"), frames: [{ path: "a.fits", verdict: "clean" as const }] };
    await expect(sortFrames(back, tools(), () => {})).rejects.toMatchObject({ code: "sort-folders" });
  });

  it("a file in the output's place, and a link in a verdict's", async () => {
    writeFileSync(night.output, "");
    await expect(sort(night, "copy")).rejects.toMatchObject({ code: "output-exists" });
    rmSync(night.output);
    mkdirSync(night.output);
    symlinkSync(dirname(night.input), out("clean"));
    await expect(sort(night, "copy")).rejects.toMatchObject({ code: "output-unwritable" });
    expect(seeTree(night.input)).toEqual(night.before);
  });

  it("one that has less room than the copies need", async () => {
    const full: SortFiles = { ...DISK_FILES, freeBytes: async () => 10, clone: async () => false };
    await expect(sort(night, "copy", tools(full))).rejects.toMatchObject({ code: "disk-full" });
    expect(readdirSync(night.output)).toEqual([".nebulift"]);
    // Where blocks are shared copies need none.
    const sharing: SortFiles = {
      ...full,
      clone: async (from, to) => {
        writeFileSync(to, readFileSync(from), { flag: "wx" });
        return true;
      },
    };
    expect((await sort(night, "copy", tools(sharing))).outcome?.sorted).toBe(5);
  });
});

describe("one at a time", () => {
  const cutShort = (): SortFiles => ({
    ...DISK_FILES,
    link: async (existing, made) => {
      if (made.endsWith("b.fits")) throw Object.assign(new Error("EIO"), { code: "EIO" });
      return DISK_FILES.link(existing, made);
    },
  });

  it("a second sort of the same folders is told so, and so is one of the same input while files move", async () => {
    const told: unknown[] = [];
    const other = { ...night, output: out("..", "other") };
    const meanwhile: SortFiles = {
      ...DISK_FILES,
      makeFolder: async (path) => {
        if (path.endsWith("contaminated"))
          for (const [where, action] of [
            [night, "copy"],
            [other, "move"],
            [other, "copy"],
          ] as const)
            told.push(await sort(where, action).catch((error) => error.code));
        return DISK_FILES.makeFolder(path);
      },
    };
    const { outcome } = await sort(night, "move", tools(meanwhile));
    expect(told).toEqual(["sort-busy", "sort-busy", "sort-busy"]);
    expect(outcome?.sorted).toBe(5);
    expect(readdirSync(night.input)).not.toContainEqual(expect.stringMatching(/lock/));
  });

  it("after one that was stopped a sort is refused until that is finished or taken back", async () => {
    await expect(sort(night, "move", tools(cutShort()))).rejects.toMatchObject({ code: "output-unwritable" });
    await expect(sort(night, "move")).rejects.toMatchObject({ code: "sort-unfinished" });
    await resumeSort(night.output, await session(), tools());
    expect(readdirSync(night.input).sort()).toEqual(["Ha", "dark.fits"]);
    await undo();
    expect(seeTree(night.input)).toEqual(night.before);
  });
});

describe("a journal", () => {
  it("is one line of JSON a step, in words", async () => {
    await sort(night, "copy");
    const lines = readFileSync(await journal(), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ what: "session", action: "copy", input: night.input, output: night.output });
    expect(lines.filter(({ what }) => what === "done")).toHaveLength(5);
    expect(lines.at(-1)).toMatchObject({ what: "end", sorted: 5, failed: 0 });
  });

  it("may end in a torn line, or have lost some", async () => {
    for (const damage of [
      (text: string) => `${text}{"what":"don`,
      (text: string) => text.replace(/\{"what":"placed","n":3.*\n/, "\0\0\0\0\n"),
    ]) {
      await sort(night, "move");
      const path = await journal();
      writeFileSync(path, damage(readFileSync(path, "utf8")));
      await undo();
      expect(seeTree(night.input)).toEqual(night.before);
      night.remove();
      night = smallNight();
    }
  });

  it.each([
    ["out of the output", (line: string) => line.replace('"to":"clean/', '"to":"clean/../../')],
    ["out of the input", (line: string) => line.replace('"from":"', '"from":"../')],
    ["to a hidden file", (line: string) => line.replace('"from":"', '"from":".ssh/')],
    ["to an absolute place", (line: string) => line.replace('"from":"', '"from":"/')],
  ])("that leads %s is not followed", async (_, forge) => {
    await sort(night, "move");
    const path = await journal();
    const lines = readFileSync(path, "utf8").split("\n");
    const forged = lines.map((line) => (line.startsWith('{"what":"plan","n":0,') ? forge(line) : line));
    expect(forged).not.toEqual(lines);
    writeFileSync(path, forged.join("\n"));
    const before = seeTree(dirname(night.input));
    await expect(undo()).rejects.toMatchObject({ code: "journal-damaged" });
    expect(seeTree(dirname(night.input))).toEqual(before);
  });

  it("that is none, or too large, is refused", async () => {
    await sort(night, "copy");
    const path = await journal();
    for (const text of ["", "no JSON at all\n", '{"what":"session","schema":2}\n']) {
      writeFileSync(path, text);
      await expect(sortsIn(DISK_FILES, night.output)).rejects.toMatchObject({ code: "journal-damaged" });
    }
  });

  it("is found where the output is now", async () => {
    await sort(night, "copy");
    const moved = join(dirname(night.output), "another name");
    renameSync(night.output, moved);
    const [{ header }] = await sortsIn(DISK_FILES, moved);
    expect((await undoSort(moved, header.session, tools())).undone).toBe(5);
    expect([...seeTree(moved).keys()]).toEqual([]);
  });
});

it("a frame with a second name of its own is moved by the name that was graded", async () => {
  linkSync(within("b.fits"), within("b again.txt"));
  await sort(night, "move");
  expect(readFileSync(within("b again.txt"), "utf8")).toMatch(/^light of b/);
  await undo();
  expect(existsSync(within("b.fits"))).toBe(true);
});

it("cancelling stops within a file, leaves no part, and is finished later", async () => {
  writeFileSync(within("b.fits"), Buffer.alloc(40_000_000, 7));
  const cancel = new AbortController();
  const slow: SortFiles = {
    ...DISK_FILES,
    create: async (path) => {
      if (path.endsWith(".part")) setImmediate(() => cancel.abort());
      return DISK_FILES.create(path);
    },
    clone: async () => false,
  };
  await expect(sort(night, "copy", { ...tools(slow), signal: cancel.signal })).rejects.toMatchObject({ code: "cancelled" });
  expect([...seeTree(night.output).keys()].filter((path) => path.endsWith(".part"))).toEqual([]);
  await resumeSort(night.output, await session(), tools());
  expect(seeTree(night.output).size).toBe(5);
});
