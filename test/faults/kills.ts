// Kills real sorting processes at random moments, lets others finish or take back what they left, and counts from outside,
// by content, what was lost, doubled or changed.   node test/faults/kills.ts [--kills 300] [--seed 1]
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { verdictOf } from "./sorter.ts";
import { type SeenFile, seededRandom, seeTree, writeNightTree } from "./trees.ts";

export type Way = "copy" | "move" | "move to another disk" | "link" | "copy to another disk" | "link to another disk";

export interface KillTally {
  kills: number;
  /** Of these, how many hit a sort or an undo that had begun with files and had not ended. */
  midway: number;
  rounds: Record<string, number>;
  ended: { resumed: number; undone: number };
  /** What was found wrong, in words; empty is what is asked for. */
  wrong: string[];
}

interface Arena {
  input: string;
  output: string;
  action: string;
  /** Everything as it was before the first sort. */
  before: Map<string, SeenFile>;
  /** How long an undisturbed process works, ms. */
  usual: number;
}

/** A folder on a disk other than the temporary folder's; null where this computer has none. */
export function otherDisk(): string | null {
  return ["/dev/shm", "/run/user/0", "/run/shm"].find((path) => existsSync(path) && statSync(path).dev !== statSync(tmpdir()).dev) ?? null;
}

/** Runs until `kills` processes were killed, the ways by turns. */
export async function killSorts(kills: number, seed: number, onRound: (tally: KillTally) => void = () => {}): Promise<KillTally> {
  const random = seededRandom(seed);
  const other = otherDisk();
  const ways: Way[] = other
    ? ["copy", "move", "move to another disk", "link", "copy to another disk", "link to another disk"]
    : ["copy", "move", "link"];
  const folder = mkdtempSync(join(tmpdir(), "nebulift-kills-"));
  const away = other ? mkdtempSync(join(other, "nebulift-kills-")) : folder;
  const tally: KillTally = { kills: 0, midway: 0, rounds: {}, ended: { resumed: 0, undone: 0 }, wrong: [] };
  try {
    const arenas = new Map<Way, Arena>();
    for (let round = 0; tally.kills < kills && tally.wrong.length === 0; round++) {
      const way = ways[round % ways.length];
      let arena = arenas.get(way);
      if (!arena) {
        arena = makeArena(way, folder, way.endsWith("another disk") ? away : folder, seed + round);
        arenas.set(way, arena);
      }
      tally.rounds[way] = (tally.rounds[way] ?? 0) + 1;
      await oneRound(arena, way, random, tally);
      rmSync(arena.output, { recursive: true, force: true });
      onRound(tally);
    }
  } finally {
    if (tally.wrong.length === 0) {
      rmSync(folder, { recursive: true, force: true });
      rmSync(away, { recursive: true, force: true });
    }
  }
  return tally;
}

function makeArena(way: Way, folder: string, outFolder: string, seed: number): Arena {
  const input = join(folder, `${way} in`);
  mkdirSync(input);
  writeNightTree(input, 40, seed);
  return { input, output: join(outFolder, `${way} out`), action: way.split(" ")[0], before: seeTree(input), usual: 120 };
}

async function oneRound(arena: Arena, way: Way, random: () => number, tally: KillTally): Promise<void> {
  let what: "sort" | "resume" | "undo" = "sort";
  // A sort that is killed, and now and then those that come after it as well.
  for (let chance = 1; random() < chance; chance = 0.35) {
    const killed = await killedRun(what, arena, random);
    if (!killed) break;
    tally.kills++;
    if (isMidway(arena.output)) tally.midway++;
    what = journalsIn(arena.output).length === 0 ? "sort" : random() < 0.5 ? "resume" : "undo";
  }
  if (what !== "undo") {
    for (const step of what === "sort" ? ["sort"] : [what]) await finish(step, arena, tally);
    // A journal whose plan was not whole yet: nothing was touched, and sorting begins anew.
    if (what === "resume" && seeTree(arena.output).size === 0) await finish("sort", arena, tally);
    tally.ended.resumed++;
    checkSorted(arena, way, tally);
  } else tally.ended.undone++;
  await finish("undo", arena, tally);
  checkUndone(arena, way, tally);
}

function start(what: string, { input, output, action }: Arena): ChildProcess {
  const sorter = join(import.meta.dirname, "sorter.ts");
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", sorter, what, input, output, action], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Starts a process and kills it at a random moment of its work. False when it was done before. */
async function killedRun(what: string, arena: Arena, random: () => number): Promise<boolean> {
  const child = start(what, arena);
  const ended = new Promise<boolean>((resolve) => child.on("exit", (_, signal) => resolve(signal === "SIGKILL")));
  let working = true;
  void ended.then(() => {
    working = false;
  });
  await new Promise<void>((resolve) => {
    child.stdout?.once("data", () => resolve());
    void ended.then(() => resolve());
  });
  const began = performance.now();
  if (random() < 0.25) await pause(random() * arena.usual * 1.1);
  else {
    // After a number of lines of the journal: where it is sparse in time it is dense in steps.
    const lines = Math.floor(random() * 160);
    const until = linesIn(arena.output) + lines;
    while (working && linesIn(arena.output) < until) await pause(1);
    await pause(random() * 6);
  }
  child.kill("SIGKILL");
  const killed = await ended;
  if (!killed) arena.usual = 0.7 * arena.usual + 0.3 * (performance.now() - began);
  return killed;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function finish(what: string, arena: Arena, tally: KillTally): Promise<void> {
  const child = start(what, arena);
  let told = "";
  child.stdout?.on("data", (chunk) => {
    told += chunk;
  });
  const code = await new Promise((resolve) => child.on("exit", resolve));
  // A resumed undo leaves nothing to undo, and a sort that ended with it nothing to finish: said, and not wrong.
  const fine = code === 0 || (told.includes("no-sort") && /taken back|nothing was sorted/.test(told));
  if (!fine) tally.wrong.push(`${what} failed: ${told}`);
}

function journalsIn(output: string): string[] {
  const kept = join(output, ".nebulift");
  return existsSync(kept)
    ? readdirSync(kept)
        .filter((name) => name.endsWith(".jsonl"))
        .map((name) => join(kept, name))
    : [];
}

function linesIn(output: string): number {
  return journalsIn(output).reduce((sum, path) => sum + readFileSync(path, "latin1").split("\n").length, 0);
}

function isMidway(output: string): boolean {
  return journalsIn(output).some((path) => {
    const text = readFileSync(path, "latin1");
    const last = (what: string): number => text.lastIndexOf(`"what":"${what}"`);
    return text.includes('"what":"begin"') && last("undo-end") < 0 && (last("end") < 0 || last("undo") > 0);
  });
}

/** Times survive a copy to a quarter of a microsecond; one that was only renamed keeps its own. */
function sameTime(a: SeenFile, b: SeenFile, way: Way): boolean {
  const apart = a.mtimeNs - b.mtimeNs;
  const most = way === "move" || way === "link" ? 0n : 250n;
  return apart <= most && apart >= -most;
}

function isToBeSorted(path: string, before: Map<string, SeenFile>): boolean {
  const frame = path.endsWith(".fits") ? path : frameOf(path, before);
  return frame !== null && before.get(frame)?.link === null && ["clean", "contaminated", "review"].includes(verdictOf(frame));
}

function frameOf(sidecar: string, before: Map<string, SeenFile>): string | null {
  const candidates = [sidecar.replace(/\.xmp$/, ""), sidecar.replace(/\.wcs$/, ".fits")];
  return candidates.find((path) => path !== sidecar && before.has(path)) ?? null;
}

function checkSorted(arena: Arena, way: Way, tally: KillTally): void {
  const { before, action } = arena;
  const inNow = seeTree(arena.input);
  const outNow = seeTree(arena.output);
  const complain = (words: string): void => void tally.wrong.push(`${way}, sorted: ${words} (${arena.input})`);
  const outByContent = Map.groupBy(outNow, ([, file]) => file.sha256);
  for (const [path, file] of before) {
    const sorted = isToBeSorted(path, before);
    const here = inNow.get(path);
    const stays = !sorted || action !== "move";
    if (stays && (!here || here.sha256 !== file.sha256 || here.mtimeNs !== file.mtimeNs || here.mode !== file.mode))
      complain(`${path} was changed or lost`);
    if (!stays && here) complain(`${path} is still in the input`);
    if (!sorted) continue;
    const links = [...outNow].filter(([, { link }]) => link === join(arena.input, path));
    const places = way === "link to another disk" ? links : (outByContent.get(file.sha256) ?? []);
    if (places.length !== 1) complain(`${path} is in the output ${places.length} times`);
    for (const [place, found] of places) {
      const verdict = verdictOf(path.endsWith(".fits") ? path : (frameOf(path, before) ?? ""));
      if (dirname(place) !== verdict) complain(`${path} went to ${place}, not ${verdict}`);
      if (!basename(place).startsWith(basename(path).split(".")[0])) complain(`${path} became ${place}`);
      if (found.link === null && (!sameTime(found, file, way) || found.mode !== file.mode))
        complain(`${place} has other times or permissions`);
    }
  }
  for (const path of inNow.keys()) if (!before.has(path)) complain(`${path} has come into the input`);
  const expected = [...before.keys()].filter((path) => isToBeSorted(path, before)).length;
  if (outNow.size !== expected) complain(`${outNow.size} files in the output, not ${expected}: ${[...outNow.keys()].join(", ")}`);
}

function checkUndone(arena: Arena, way: Way, tally: KillTally): void {
  const inNow = seeTree(arena.input);
  const complain = (words: string): void => void tally.wrong.push(`${way}, undone: ${words} (${arena.input})`);
  for (const [path, file] of arena.before) {
    const here = inNow.get(path);
    if (!here) complain(`${path} is lost`);
    else if (here.sha256 !== file.sha256 || !sameTime(here, file, way) || here.mode !== file.mode) complain(`${path} is not what it was`);
  }
  for (const path of inNow.keys()) if (!arena.before.has(path)) complain(`${path} has come into the input`);
  const left = existsSync(arena.output) ? readdirSync(arena.output, { recursive: true }) : [];
  const ours = left.filter((path) => !String(path).startsWith(".nebulift"));
  const locks = left.filter((path) => String(path).includes("lock"));
  if (ours.length + locks.length > 0) complain(`left in the output: ${[...ours, ...locks].join(", ")}`);
}

if (process.argv[1] === import.meta.filename) {
  const option = (name: string, without: number): number => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? without : Number(process.argv[at + 1]);
  };
  if (otherDisk() === null) process.stdout.write("NOT RUN: sorts to another disk (no second file system, such as /dev/shm, was found)\n");
  const began = performance.now();
  const tally = await killSorts(option("kills", 300), option("seed", 1), ({ kills, wrong }) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${kills} kills, ${wrong.length} wrong`);
  });
  const rounds = Object.entries(tally.rounds).map(([way, count]) => `${way} ${count}`);
  process.stdout.write(
    `${tally.kills} kills, ${tally.midway} of them between the first file and the last, in ${Math.round((performance.now() - began) / 1000)} s\n`,
  );
  process.stdout.write(`rounds: ${rounds.join(", ")}; ${tally.ended.resumed} finished, ${tally.ended.undone} taken back\n`);
  process.stdout.write(tally.wrong.length === 0 ? "0 files lost, 0 doubled, 0 changed\n" : `WRONG:\n${tally.wrong.join("\n")}\n`);
  process.exitCode = tally.wrong.length === 0 ? 0 : 1;
}
