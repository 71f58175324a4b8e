import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Random } from "../../src/main/simulate/random.ts";
import { openStore, settingGroup } from "../../src/main/storage/index.ts";

const WRITER = fileURLToPath(new URL("../fixtures/decision-writer.ts", import.meta.url));
const steps = settingGroup("steps", z.object({ last: z.number() }), { last: -1 });

/** Latest that a writer is killed, ms after it began to open the store or after the first thing it kept. */
const LATEST_MS = 60;

export interface KillTally {
  rounds: number;
  /** Decisions and settings that had been said to be kept. */
  acknowledged: number;
  /** Rounds in which the file was damaged as well before it was opened again. */
  damaged: number;
  faults: string[];
}

/** Kills a process that writes to one store, again and again, and looks each time whether all is there that was said to be. */
export async function killStore(rounds: number, seed: number): Promise<KillTally> {
  const folder = mkdtempSync(join(tmpdir(), "nebulift-kills-"));
  const random = new Random(seed);
  const tally: KillTally = { rounds: 0, acknowledged: 0, damaged: 0, faults: [] };
  const kept = new Set<string>();
  let next = 0;
  try {
    for (; tally.rounds < rounds; tally.rounds++) {
      const whileOpening = random.chance(0.3);
      const lines = await writeAndDie(folder, next, whileOpening ? "opening" : "kept", random.range(1, LATEST_MS));
      for (const line of lines) {
        const [what, number] = line.split(" ");
        if (what === "trouble") tally.faults.push(`round ${tally.rounds}: ${line}`);
        if (what === "kept" || what === "set") {
          tally.acknowledged++;
          next = Number(number) + 1;
        }
        if (what === "kept") kept.add(`frame ${number}`);
      }
      // The last one may have been kept without a word: it must not be written again under the same name.
      next++;
      const harmed = random.chance(0.2) && harm(join(folder, "nebulift.db"), random);
      if (harmed) tally.damaged++;
      const last = Math.max(-1, ...lines.filter((line) => line.startsWith("set ")).map((line) => Number(line.split(" ")[1])));
      tally.faults.push(...inspect(folder, kept, last, harmed).map((fault) => `round ${tally.rounds}: ${fault}`));
    }
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a writer said before it was killed, `delay` ms after the first line that begins with `mark`. */
async function writeAndDie(folder: string, first: number, mark: string, delay: number): Promise<string[]> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", WRITER, folder, `${first}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  let doomed = false;
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (doomed || !text.includes(mark)) return;
    doomed = true;
    setTimeout(() => child.kill("SIGKILL"), delay);
  });
  await new Promise((resolve) => child.on("close", resolve));
  // What follows the last line's end was never said.
  return text.split("\n").slice(0, -1);
}

/** Overwrites a part of the file as a failing drive would. */
function harm(file: string, random: Random): boolean {
  // The first may have been killed before there was any.
  if (!existsSync(file)) return false;
  const bytes = readFileSync(file);
  if (bytes.length === 0) return false;
  const from = random.chance(0.3) ? 0 : random.integer(bytes.length);
  bytes.fill(0xa5, from, Math.min(bytes.length, from + 4096 + random.integer(bytes.length)));
  writeFileSync(file, bytes);
  return true;
}

function inspect(folder: string, kept: ReadonlySet<string>, last: number, harmed: boolean): string[] {
  const faults: string[] = [];
  const store = openStore(
    { data: folder, cache: join(folder, "cache") },
    {
      onTrouble: ({ code, detail }) => {
        if (!(harmed && code === "store-damaged")) faults.push(`${code} ${detail}`);
      },
    },
  );
  const present = new Set(store.decisions.all().map(({ content }) => content));
  for (const content of kept) if (!present.has(content)) faults.push(`${content} is lost`);
  if (store.settings.get(steps).last < last) faults.push(`the setting is ${store.settings.get(steps).last}, was ${last}`);
  store.close();
  const db = new DatabaseSync(join(folder, "nebulift.db"));
  const sound = db.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
  if (sound !== "ok") faults.push(`integrity: ${String(sound)}`);
  db.close();
  return faults;
}

/** `npm run kills:store -- [--rounds 200] [--seed 1]` */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { rounds: { type: "string" }, seed: { type: "string" } } });
  const { rounds, acknowledged, damaged, faults } = await killStore(Number(values.rounds ?? 200), Number(values.seed ?? 1));
  for (const fault of faults.slice(0, 50)) process.stdout.write(`FAULT ${fault}\n`);
  process.stdout.write(
    `${rounds} kills, ${acknowledged} writes acknowledged, ${damaged} times the file was damaged as well: ${faults.length} faults\n`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
