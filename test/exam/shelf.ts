import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ExamNight } from "./nights.ts";

const SOURCE = fileURLToPath(new URL("../../src/main/", import.meta.url));

/** Where the exam's nights lie while they are graded, and, when the shelf is kept, until the next exam. */
export interface Shelf {
  folder: string;
  /** Nebulift's home: what it remembers of the nights. */
  home: string;
  /** The night's folder, rendered now unless it is there. */
  fetch: (night: ExamNight) => Promise<string>;
  /** Done with a night: its frames go, unless the shelf is kept. */
  release: (folder: string) => Promise<void>;
  close: () => Promise<void>;
}

/**
 * A shelf in a new temporary folder, or in `kept`, where nights are found again as long as neither their recipe nor the
 * simulator's source has changed, and measurements as long as the measuring source has not.
 */
export async function openShelf(kept: string | null): Promise<Shelf> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "nebulift-exam-")));
  await mkdir(folder, { recursive: true });
  const simulator = await hashOfSources(["simulate", "formats/fits-write.ts"]);
  const measuring = await hashOfSources(["measure", "formats", "engine"]);
  return {
    folder,
    home: join(folder, `home-${measuring}`),
    fetch: async ({ name, spec, seed }) => {
      const recipe = createHash("sha256")
        .update(JSON.stringify([spec, seed, simulator]))
        .digest("hex")
        .slice(0, 12);
      const place = join(folder, `${name}-${recipe}`);
      if (existsSync(place)) return place;
      const part = `${place}.${process.pid}.part`;
      await renderInThread({ spec, seed, folder: part });
      await rename(part, place);
      return place;
    },
    release: async (place) => {
      if (kept === null) await rm(place, { recursive: true, force: true });
    },
    close: async () => {
      if (kept === null) await rm(folder, { recursive: true, force: true });
    },
  };
}

function renderInThread(workerData: { spec: ExamNight["spec"]; seed: number; folder: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./render-thread.ts", import.meta.url), { workerData });
    thread.once("error", reject);
    thread.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`rendering ended with ${code}`))));
  });
}

async function hashOfSources(rooms: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const room of rooms) {
    const files = room.endsWith(".ts") ? [room] : (await readdir(join(SOURCE, room), { recursive: true })).map((file) => join(room, file));
    for (const file of files.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort()) {
      hash.update(file).update(await readFile(join(SOURCE, file)));
    }
  }
  return hash.digest("hex").slice(0, 12);
}
