import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Engine, RESULT_VERSION } from "../../src/main/engine/index.ts";
import { isFrameContent, isFrameName, waitUntilSettled } from "../../src/main/formats/index.ts";
import { type WatchUpdate, watchFolder } from "../../src/main/night/index.ts";
import { planNight, simulateOptions, writeNight } from "../../src/main/simulate/index.ts";
import { DEFAULT_SETTINGS } from "../../src/main/verdict/index.ts";
import { runCommand } from "../fixtures/command-line.ts";

let folder: string;
let night: string[];
let place: string;
let engine: Engine;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nebulift-watch-")));
  const { spec, seed } = simulateOptions({ frames: "12", size: "640x480", seed: "11", defects: "focus" });
  await writeNight(planNight(spec, seed), join(folder, "night"));
  night = readdirSync(join(folder, "night"))
    .filter((name) => name.endsWith(".fits"))
    .map((name) => join(folder, "night", name));
  engine = new Engine({ workerUrl: new URL("../../src/main/engine/worker.ts", import.meta.url), version: RESULT_VERSION, threads: 1 });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  place = mkdtempSync(join(folder, "in-"));
});

interface Watched {
  /** Files whose pixels were measured, in order. */
  measured: string[];
  /** Verdicts by path as they were told last. */
  verdicts: Map<string, string>;
  notices: string[];
  /** Waits until what was told is so. */
  until: (what: () => boolean) => Promise<void>;
  end: () => Promise<string[]>;
}

function watchIt(options: { poll?: boolean; path?: string } = {}): Watched {
  const stop = new AbortController();
  const watched: Omit<Watched, "until" | "end"> = { measured: [], verdicts: new Map(), notices: [] };
  const counting: Pick<Engine, "measure"> = {
    measure: (paths, measure) =>
      engine.measure(paths, {
        ...measure,
        onResult: (result) => {
          watched.measured.push(basename(result.path));
          return measure.onResult(result);
        },
      }),
  };
  const finished = watchFolder(
    counting,
    options.path ?? place,
    {
      settings: DEFAULT_SETTINGS,
      sniffer: { byName: isFrameName, byContent: isFrameContent },
      settle: (path, signal) => waitUntilSettled(path, { quietMs: 400, timeoutMs: 10_000, signal }),
      signal: stop.signal,
      poll: options.poll,
      onNotice: (text) => watched.notices.push(text),
    },
    ({ changed, gone }: WatchUpdate) => {
      for (const frame of changed) watched.verdicts.set(frame.path, frame.verdict);
      for (const path of gone) watched.verdicts.delete(path);
    },
  );
  const until = async (what: () => boolean): Promise<void> => {
    const began = Date.now();
    while (!what()) {
      if (Date.now() - began > 60_000) throw new Error(`still ${JSON.stringify([...watched.verdicts])}, ${watched.notices.join("; ")}`);
      await setTimeout(50);
    }
  };
  const end = async (): Promise<string[]> => {
    stop.abort();
    return [...(await finished).results.keys()].map((path) => path.slice(place.length + 1)).sort();
  };
  return { ...watched, until, end };
}

/** As a capture program does it: slowly, piece by piece. */
async function writeSlowly(from: string, to: string): Promise<void> {
  const bytes = readFileSync(from);
  writeFileSync(to, "");
  for (let at = 0; at < bytes.length; at += 200_000) {
    appendFileSync(to, bytes.subarray(at, at + 200_000));
    await setTimeout(150);
  }
}

for (const poll of [false, true]) {
  test(`frames are graded once each, whole, however they arrive (${poll ? "looking again and again" : "told by the system"})`, async () => {
    copyFileSync(night[0], join(place, "there already.fits"));
    const watched = watchIt({ poll });
    await watched.until(() => watched.verdicts.size === 1);
    await writeSlowly(night[1], join(place, "slowly.fits"));
    await writeSlowly(night[2], join(place, "later.fits.tmp"));
    renameSync(join(place, "later.fits.tmp"), join(place, "later.fits"));
    mkdirSync(join(place, "made", "meanwhile"), { recursive: true });
    copyFileSync(night[3], join(place, "made", "meanwhile", "deep.fits"));
    writeFileSync(join(place, "log.txt"), "guiding was fine\n");
    symlinkSync(night[4], join(place, "link.fits"));
    await watched.until(() => watched.verdicts.size === 4);
    renameSync(join(place, "slowly.fits"), join(place, "made", "renamed.fits"));
    utimesSync(join(place, "made"), new Date(), new Date());
    rmSync(join(place, "later.fits"));
    await watched.until(() => watched.verdicts.has("made/renamed.fits") && watched.verdicts.size === 3);
    expect(await watched.end()).toEqual(["made/meanwhile/deep.fits", "made/renamed.fits", "there already.fits"]);
    expect([...watched.measured].sort()).toEqual(["deep.fits", "later.fits", "slowly.fits", "there already.fits"]);
    expect([...watched.verdicts.values()]).not.toContain("unreadable");
    expect(watched.notices).toEqual([]);
  });
}

test("a frame that is written anew is graded anew, and only that one", async () => {
  for (const [i, path] of night.slice(0, 3).entries()) copyFileSync(path, join(place, `${i}.fits`));
  const watched = watchIt();
  await watched.until(() => watched.verdicts.size === 3);
  copyFileSync(night[7], join(place, "1.fits"));
  await watched.until(() => watched.measured.length === 4);
  // Moved away and back: it is the file that was graded.
  renameSync(join(place, "2.fits"), join(place, "hidden.tmp"));
  await setTimeout(600);
  renameSync(join(place, "hidden.tmp"), join(place, "2.fits"));
  await watched.until(() => watched.verdicts.size === 3);
  await setTimeout(1500);
  await watched.end();
  for (const name of ["0.fits", "2.fits"]) expect(watched.measured.filter((one) => one === name)).toHaveLength(1);
  expect(watched.measured.filter((name) => name === "1.fits")).toHaveLength(2);
});

test("the whole group is judged again as it grows", async () => {
  const judged = night;
  for (const path of judged.slice(0, 3)) copyFileSync(path, join(place, basename(path)));
  const watched = watchIt();
  await watched.until(() => watched.verdicts.size === 3);
  for (const path of judged.slice(3)) copyFileSync(path, join(place, basename(path)));
  await watched.until(() => watched.verdicts.size === judged.length);
  await watched.end();
  const contaminated = [...watched.verdicts].filter(([, verdict]) => verdict === "contaminated").map(([path]) => path);
  expect(contaminated.length).toBeGreaterThan(0);
  expect(watched.measured).toHaveLength(judged.length);
});

test("a drive that goes away and comes back has lost nothing", async () => {
  const path = join(place, "share");
  mkdirSync(path);
  copyFileSync(night[0], join(path, "a.fits"));
  const watched = watchIt({ poll: true, path });
  await watched.until(() => watched.verdicts.size === 1);
  renameSync(path, join(place, "unplugged"));
  await watched.until(() => watched.notices.length === 1);
  expect(watched.verdicts.size).toBe(1);
  copyFileSync(night[1], join(place, "unplugged", "b.fits"));
  renameSync(join(place, "unplugged"), path);
  await watched.until(() => watched.verdicts.size === 2);
  await watched.end();
  expect(watched.measured).toEqual(["a.fits", "b.fits"]);
  expect(watched.notices.at(-1)).toBe("The folder is there again.");
});

test("a folder that is not there is said at once", async () => {
  await expect(
    watchFolder(
      engine,
      join(folder, "none"),
      {
        settings: DEFAULT_SETTINGS,
        sniffer: { byName: isFrameName, byContent: isFrameContent },
        settle: async () => undefined,
        signal: new AbortController().signal,
      },
      () => undefined,
    ),
  ).rejects.toMatchObject({ code: "folder-missing" });
});

test("the command prints whole JSON lines and ends with a summary at Ctrl-C", async () => {
  for (const path of night.slice(0, 2)) copyFileSync(path, join(place, basename(path)));
  const done = await runCommand(folder, ["watch", place, "--json", "--report", "watched.json"], (child) => {
    let lines = 0;
    let told = false;
    child.stdout?.on("data", (chunk: Buffer) => {
      lines += chunk.toString().split('"event":"frame"').length - 1;
      // A second one would end it at once.
      if (lines >= 2 && !told) told = child.kill("SIGINT");
    });
  });
  expect(done.code).toBe(0);
  const events = done.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; frame?: { path: string }; summary?: { clean: number } });
  expect(new Set(events.flatMap(({ frame }) => frame?.path ?? []))).toEqual(new Set(night.slice(0, 2).map((path) => basename(path))));
  expect(events.at(-1)).toMatchObject({ event: "end" });
  expect(JSON.parse(readFileSync(join(folder, "watched.json"), "utf8"))).toMatchObject({ schema: 1 });
});
