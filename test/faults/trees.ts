import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A seeded source of numbers in [0, 1): mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function bytesOf(size: number, random: () => number): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let i = 0; i < words.length; i++) words[i] = random() * 2 ** 32;
  return new Uint8Array(words.buffer, 0, size);
}

/** A night as capture programs leave it: equal names in several folders, spaces, accents both ways, sidecars, an empty file, a link out. */
export function writeNightTree(folder: string, frames: number, seed: number): void {
  const random = seededRandom(seed);
  const places = ["", "Ha", "OIII/flipped side", "réduit é"];
  for (let i = 0; i < frames; i++) {
    const place = places[Math.floor(random() * places.length)];
    const name = `${["light", "M 31", "Nébuleuse é", "夜"][i % 4]}_${String(i % Math.ceil(frames / 2)).padStart(4, "0")}`;
    const size = i === 3 ? 0 : i % 9 === 0 ? 3_000_000 + Math.floor(random() * 2e6) : Math.floor(random() * 300_000);
    const path = join(folder, place, `${name}.fits`);
    writeTimed(path, bytesOf(size, random), random);
    if (i % 3 === 0) writeTimed(join(folder, place, `${name}.wcs`), bytesOf(500 + i, random), random);
    if (i % 5 === 0) writeTimed(`${path}.xmp`, bytesOf(300 + i, random), random);
    if (i % 7 === 0) chmodSync(path, 0o440);
  }
  symlinkSync("/etc/hostname", join(folder, "link out.fits"));
}

function writeTimed(path: string, bytes: Uint8Array, random: () => number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  // Any time a clock can show, to the fraction of a microsecond.
  utimesSync(path, 1.6e9 + random() * 1e8, 1.6e9 + random() * 1e8);
}

export interface SeenFile {
  sha256: string;
  size: number;
  mtimeNs: bigint;
  mode: number;
  link: string | null;
}

/** Every file below a folder by its relative path, hidden ones too, but for the journals' own folder. */
export function seeTree(folder: string): Map<string, SeenFile> {
  const seen = new Map<string, SeenFile>();
  let entries: ReturnType<typeof list>;
  try {
    entries = list(folder);
  } catch {
    // The folder was never made: there is nothing in it.
    return seen;
  }
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const within = relative(folder, path);
    if (within.startsWith(".nebulift/sort-")) continue;
    const stats = lstatSync(path, { bigint: true });
    const link = entry.isSymbolicLink() ? readlinkSync(path) : null;
    const sha256 = createHash("sha256")
      .update(link ?? readFileSync(path))
      .digest("hex");
    seen.set(within, { sha256, size: Number(stats.size), mtimeNs: stats.mtimeNs, mode: Number(stats.mode & 0o7777n), link });
  }
  return new Map([...seen].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function list(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true });
}
