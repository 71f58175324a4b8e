import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seeTree } from "../../test/faults/trees.ts";
import { METHODS } from "../shared/contract.ts";
import { EXPORT_KINDS } from "../shared/contract-work.ts";
import type { DecidedVerdict, Report } from "../shared/domain.ts";
import { createServices, type Services, simulateNight } from "./services.ts";

const FRAMES = 12;
let folder: string;
let master: string;
let graded: Report;
let services: Services;
/** A copy of the night for each test, and where it is sorted to. */
let root: string;
let output: string;

function start(): Services {
  return createServices({
    workerUrl: new URL("./engine/worker.ts", import.meta.url),
    environment: { NEBULIFT_HOME: join(folder, "home") },
    threads: 2,
    onTrouble: (error) => expect.fail(error.message),
  });
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nebulift-work-")));
  master = join(folder, "master");
  await simulateNight(master, { frames: `${FRAMES}`, size: "400x300", seed: "5", defects: "cloud,focus" });
  rmSync(join(master, "truth.csv"), { force: true });
  for (const name of readdirSync(master)) utimesSync(join(master, name), 1e9, 1e9);
  services = start();
  graded = services.report(await services.grade([master]));
});
afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

let nights = 0;
beforeEach(() => {
  nights += 1;
  root = join(folder, `night ${nights}`);
  output = join(folder, `sorted ${nights}`);
  mkdirSync(root);
  for (const name of readdirSync(master)) {
    writeFileSync(join(root, name), readFileSync(join(master, name)));
    utimesSync(join(root, name), 1e9, 1e9);
  }
  writeFileSync(join(root, `${lights()[0]?.path.replace(".fits", "")}.txt`), "seen through a gap");
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync(output, { recursive: true, force: true });
});

const lights = () => graded.frames.filter(({ verdict }) => verdict !== "not-light" && verdict !== "unreadable");
const night = (decide: Record<number, DecidedVerdict> = {}) => ({
  root,
  report: {
    ...graded,
    input: root,
    frames: graded.frames.map((frame, i) => (i in decide ? { ...frame, decided: { verdict: decide[i], cause: null, when: 1 } } : frame)),
  } as Report,
});
const wish = (action: "copy" | "move" | "link") => ({ output, action, keepFolders: false });
const running = (over: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {}) => ({
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...over,
});
const outcome = (value: unknown) => METHODS["sort.start"].output.parse(value);

describe("sorting from a window", () => {
  test("is planned by what holds, the user's word before the program's, and touches nothing", async () => {
    const before = seeTree(root);
    const plan = METHODS["sort.plan"].output.parse(await services.work.planSort(night({ 0: "review" }), wish("copy"), running().signal));
    expect(seeTree(root)).toEqual(before);
    expect(existsSync(output)).toBe(false);
    const others = graded.frames.slice(1);
    const count = (kind: string) => others.filter(({ verdict }) => verdict === kind).length;
    expect(plan).toMatchObject({
      output,
      clean: count("clean"),
      contaminated: count("contaminated"),
      review: count("review") + 1,
      sidecars: 1,
      settled: 0,
      missing: [],
      total: FRAMES + 1,
      newFolders: expect.arrayContaining(["clean", "review"]),
    });
    expect(plan.moves.find(({ from }) => from === graded.frames[0]?.path)?.to).toBe(`review/${graded.frames[0]?.path}`);
    expect(plan.bytes.clean + plan.bytes.contaminated + plan.bytes.review).toBe(plan.bytesNeeded);
    expect(plan.bytes.review).toBeGreaterThan(200_000);
    expect(plan.bytesNeeded).toBeGreaterThan(FRAMES * 200_000);
    expect(plan.bytes.clean + plan.bytes.contaminated + plan.bytes.review).toBe(plan.bytesNeeded);
    expect(plan.bytes.review).toBeGreaterThanOrEqual(plan.review * 200_000);
    expect(plan.bytesFree).toBeGreaterThan(0);
  });

  test("says what stands, file by file, and nothing once it was taken back", async () => {
    const before = seeTree(root);
    expect(await services.work.standingSort(root)).toBeNull();
    const seen: [number, number][] = [];
    const sorted = outcome(await services.work.sort(night(), wish("move"), running({ onProgress: (...at) => void seen.push(at) })));
    expect(sorted).toMatchObject({ what: "sorted", output, files: FRAMES + 1, failures: 0 });
    expect(seen.at(-1)).toEqual([FRAMES + 1, FRAMES + 1]);
    expect(readdirSync(root)).toEqual([]);
    const standing = await services.work.standingSort(root);
    expect(standing).toMatchObject({ session: sorted.session, output, action: "move", files: FRAMES + 1, failed: 0 });
    for (const { path } of graded.frames) expect(existsSync(join(output, standing?.places.get(path) ?? "nowhere"))).toBe(true);
    expect(services.work.hasSortedInto(output)).toBe(true);
    expect(services.work.hasSortedInto(folder)).toBe(false);
    const undone = outcome(await services.work.undoSort(sorted.session ?? "", running()));
    expect(undone).toMatchObject({ what: "undone", session: sorted.session, files: FRAMES + 1, failures: 0 });
    expect(await services.work.standingSort(root)).toBeNull();
    expect(seeTree(root)).toEqual(before);
  });

  test("has nothing to do the second time, and moves on what was decided since", async () => {
    await services.work.sort(night(), wish("copy"), running());
    const again = outcome(await services.work.sort(night(), wish("copy"), running()));
    expect(again).toEqual({ what: "nothing-to-do", session: null, output, files: 0, failed: [], failures: 0 });
    const plan = await services.work.planSort(night(), wish("copy"), running().signal);
    expect(plan).toMatchObject({ settled: FRAMES, total: 0, sidecars: 0 });
    const clean = graded.frames.findIndex(({ verdict }) => verdict === "clean");
    const decided = night({ [clean]: "contaminated" });
    const moved = outcome(await services.work.sort(decided, wish("copy"), running()));
    expect(moved.files).toBeGreaterThanOrEqual(1);
    const standing = await services.work.standingSort(root);
    expect(standing?.session).toBe(moved.session);
    // What the earlier sort had put in its place still counts.
    expect(standing?.places.size).toBe(FRAMES + 1);
    expect(standing?.places.get(graded.frames[clean]?.path ?? "")).toMatch(/^contaminated\//);
  });

  test("that was stopped is known as unfinished, with what it has moved, and can be finished", async () => {
    const stop = new AbortController();
    const stopped = services.work.sort(
      night(),
      wish("move"),
      running({ signal: stop.signal, onProgress: (done) => (done === 5 ? stop.abort() : undefined) }),
    );
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    const [unfinished] = await services.work.unfinishedSorts();
    expect(unfinished).toMatchObject({ input: root, output, action: "move", doing: "sorting", done: 5, total: FRAMES + 1 });
    expect(Math.abs((unfinished?.when ?? 0) - Date.now())).toBeLessThan(60_000);
    const standing = await services.work.standingSort(root);
    expect(standing).toMatchObject({ session: unfinished?.session, files: 5 });
    for (const [path, place] of standing?.places ?? []) {
      expect(existsSync(join(root, path))).toBe(false);
      expect(existsSync(join(output, place))).toBe(true);
    }
    // A drive that is not connected is not offered.
    renameSync(root, `${root} away`);
    expect(await services.work.unfinishedSorts()).toEqual([]);
    renameSync(`${root} away`, root);
    const finished = outcome(await services.work.finishSort(unfinished?.session ?? "", running()));
    expect(finished).toMatchObject({ what: "sorted", session: unfinished?.session, files: FRAMES + 1, failures: 0 });
    expect(await services.work.unfinishedSorts()).toEqual([]);
  });

  test("whose taking back was stopped is known as that, with what has come home, and is finished as that", async () => {
    const before = seeTree(root);
    const { session } = await services.work.sort(night(), wish("move"), running());
    const stop = new AbortController();
    let home = 0;
    const progress = (done: number): void => {
      home = done;
      if (done === 4) stop.abort();
    };
    await expect(services.work.undoSort(session ?? "", running({ signal: stop.signal, onProgress: progress }))).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(home).toBe(4);
    const [unfinished] = await services.work.unfinishedSorts();
    expect(unfinished).toMatchObject({ session, doing: "undoing", done: 4, total: FRAMES + 1 });
    const standing = await services.work.standingSort(root);
    expect(standing).toMatchObject({ session, files: FRAMES + 1 - 4 });
    for (const { path } of graded.frames) expect(existsSync(join(root, path))).toBe(!standing?.places.has(path));
    const finished = outcome(await services.work.finishSort(session ?? "", running()));
    expect(finished).toMatchObject({ what: "undone", session, files: FRAMES + 1, failures: 0 });
    expect(seeTree(root)).toEqual(before);
    expect(await services.work.unfinishedSorts()).toEqual([]);
  });

  test("that is gone from this computer's memory cannot be undone by a name that was made up", async () => {
    for (const session of ["20261101-000000000-aaaaaa", "../../etc", ""])
      await expect(services.work.undoSort(session, running())).rejects.toMatchObject({
        code: expect.stringMatching(/^(no-sort|folder-missing)$/),
      });
  });

  test("names a frame that is not there any more", async () => {
    const [first] = lights();
    rmSync(join(root, first?.path ?? ""));
    const plan = METHODS["sort.plan"].output.parse(await services.work.planSort(night(), wish("link"), running().signal));
    expect(plan.missing).toEqual([expect.objectContaining({ path: first?.path, code: "file-missing" })]);
    const sorted = outcome(await services.work.sort(night(), wish("link"), running()));
    expect(sorted).toMatchObject({ files: FRAMES - 1, failures: 1 });
    expect(sorted.failed[0]?.path).toBe(first?.path);
  });
});

describe("handing over", () => {
  const out = (name: string): string => join(output, name);
  beforeEach(() => mkdirSync(output));
  const give = async (kind: (typeof EXPORT_KINDS)[number], path: string, includeReview = false, from = night()) =>
    METHODS["export.run"].output
      .unwrap()
      .parse(await services.work.export(from, { kind, includeReview }, { path, agreed: false }, running()));
  const approved = (): string[] => lights().flatMap(({ path, verdict }) => (verdict === "clean" ? [path] : []));

  test("suggests a free name beside the night, with the right ending", async () => {
    for (const kind of EXPORT_KINDS) {
      const { suggestion, file, title } = await services.work.exportPlace(kind, night());
      expect(suggestion.startsWith(join(folder, `night ${nights} `))).toBe(true);
      expect(suggestion.endsWith(file === null ? "" : `.${file.extension}`)).toBe(true);
      expect(title).not.toBe("");
    }
    const { suggestion } = await services.work.exportPlace("siril", night());
    mkdirSync(suggestion);
    expect((await services.work.exportPlace("siril", night())).suggestion).toBe(`${suggestion} 2`);
    rmSync(suggestion, { recursive: true });
  });

  test("lists what holds, the user's word before the program's", async () => {
    const clean = graded.frames.findIndex(({ verdict }) => verdict === "clean");
    const overruled = graded.frames[clean]?.path ?? "";
    const done = await give("app", out("list.txt"), false, night({ [clean]: "contaminated" }));
    const listed = readFileSync(out("list.txt"), "utf8").trim().split("\n");
    expect(listed).toEqual(
      approved()
        .filter((path) => path !== overruled)
        .map((path) => join(root, path)),
    );
    expect(done).toMatchObject({ place: out("list.txt"), approved: listed.length, lights: lights().length, notes: [] });
    const doubt = lights().filter(({ verdict }) => verdict === "review").length;
    expect((await give("dss", out("dss.txt"), true)).approved).toBe(approved().length + doubt);
    expect(readFileSync(out("dss.txt"), "utf8").startsWith("DSS file list\nCHECKED")).toBe(true);
  });

  test("writes folders for Siril and PixInsight, and weights, once", async () => {
    await give("siril", out("siril"));
    expect(readdirSync(out("siril"))).toEqual(expect.arrayContaining(["lights", "stack.ssf"]));
    expect(readdirSync(out("siril/lights")).length).toBe(approved().length);
    await give("pixinsight", out("pi"));
    expect(readdirSync(out("pi")).sort()).toEqual(["approved.txt", "subframe-selector.csv", "subframe-selector.js"]);
    await give("weights-sidecars", out("sidecars"));
    expect(readdirSync(out("sidecars")).filter((name) => name.endsWith(".ssweight")).length).toBe(approved().length);
    await give("weights-copies", out("copies"));
    expect(readdirSync(out("copies")).length).toBe(approved().length);
    for (const [kind, place] of [
      ["siril", "siril"],
      ["pixinsight", "pi"],
      ["weights-sidecars", "sidecars"],
      ["weights-copies", "copies"],
    ] as const)
      await expect(give(kind, out(place))).rejects.toMatchObject({ code: "output-exists" });
  });

  test("writes reports with the decisions in them; an earlier report may be replaced, another file only where that was agreed", async () => {
    const decided = night({ 0: "review" });
    for (const round of [1, 2]) {
      expect((await give("json", out("r.json"), false, decided)).lights, `round ${round}`).toBe(lights().length);
      await give("csv", out("r.csv"), false, decided);
      await give("html", out("r.html"), false, decided);
    }
    const json = JSON.parse(readFileSync(out("r.json"), "utf8")) as Report;
    expect(json.frames[0]?.decided?.verdict).toBe("review");
    expect(readFileSync(out("r.csv"), "utf8").split("\r\n")[1]).toContain(",review,");
    expect(readFileSync(out("r.html"), "utf8")).toContain("data:image/jpeg;base64,");
    writeFileSync(out("letter.csv"), "dear ada");
    await expect(give("csv", out("letter.csv"))).rejects.toMatchObject({ code: "output-exists" });
    expect(readFileSync(out("letter.csv"), "utf8")).toBe("dear ada");
    await services.work.export(night(), { kind: "csv", includeReview: false }, { path: out("letter.csv"), agreed: true }, running());
    expect(readFileSync(out("letter.csv"), "utf8")).toMatch(/^path,verdict/);
  });

  test("tells how far the pictures of a report are, and ends when it is called off", async () => {
    const seen: number[] = [];
    const stop = new AbortController();
    const progress = { onProgress: (done: number) => void seen.push(done), signal: stop.signal };
    await services.work.export(night(), { kind: "html", includeReview: false }, { path: out("r.html"), agreed: false }, progress);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.map((_, i) => i + 1));
    const again = { ...progress, onProgress: () => stop.abort() };
    await expect(
      services.work.export(night(), { kind: "html", includeReview: false }, { path: out("other.html"), agreed: false }, again),
    ).rejects.toMatchObject({ code: "cancelled" });
    expect(existsSync(out("other.html"))).toBe(false);
  });

  test("finds frames that were moved where they were sorted to, and says so in the report", async () => {
    await services.work.sort(night(), wish("move"), running());
    await give("app", out("list.txt"));
    const listed = readFileSync(out("list.txt"), "utf8").trim().split("\n");
    expect(listed).toEqual(approved().map((path) => join(output, "clean", path)));
    await give("json", out("r.json"));
    const json = JSON.parse(readFileSync(out("r.json"), "utf8")) as Report;
    expect(json.sort).toMatchObject({ action: "move", output });
    // The command line finds them by this report.
    const { files } = await services.reports.open(out("r.json"));
    expect(files.every(({ found }) => found)).toBe(true);
  });

  test("names frames that are gone, and refuses where all are", async () => {
    rmSync(join(root, approved()[0] ?? ""));
    expect((await give("app", out("list.txt"))).notes).toEqual([`1 frame was left out: not there any more, ${approved()[0]}`]);
    rmSync(root, { recursive: true });
    await expect(give("app", out("none.txt"))).rejects.toMatchObject({ code: "file-missing" });
    expect(existsSync(out("none.txt"))).toBe(false);
  });
});
