import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeFits } from "../../src/main/formats/fits-write.ts";
import { Random } from "../../src/main/simulate/random.ts";
import { mutate } from "./mutate.ts";
import { type Family, makeSeeds, type Seed } from "./seeds.ts";
import { cleanNight, type SkyFrame } from "./sky.ts";

/** The valid files and their companions as they lie in a folder, for child processes to start from quickly. */
export interface Workshop {
  seeds: Seed[];
  /** Paths of the clean frames that mutants are judged among. */
  mono: string[];
  bayer: string[];
}

interface Manifest {
  seeds: (Omit<Seed, "bytes"> & { file: string })[];
  mono: string[];
  bayer: string[];
}

const MANIFEST = "manifest.json";

/** Fills a folder; returns what could not be made on this machine. */
export async function furnish(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const [mono, bayer] = [cleanNight(false), cleanNight(true)];
  const { seeds, missing } = await makeSeeds(mono[0], bayer[0]);
  const manifest: Manifest = { seeds: [], mono: companions(folder, "mono", mono), bayer: companions(folder, "bayer", bayer) };
  seeds.forEach(({ bytes, ...about }, i) => {
    const file = `seed-${i}`;
    writeFileSync(join(folder, file), bytes);
    manifest.seeds.push({ ...about, file });
  });
  writeFileSync(join(folder, MANIFEST), JSON.stringify(manifest));
  return missing;
}

function companions(folder: string, name: string, night: readonly SkyFrame[]): string[] {
  return night.slice(1).map(({ width, height, pixels, keywords }, i) => {
    const file = `${name}-${i}.fits`;
    writeFileSync(join(folder, file), encodeFits({ width, height, bitpix: 16, data: pixels, keywords }));
    return file;
  });
}

export function enter(folder: string): Workshop {
  const { seeds, mono, bayer } = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")) as Manifest;
  const paths = (names: string[]): string[] => names.map((name) => join(folder, name));
  return {
    seeds: seeds.map(({ file, ...about }) => ({ ...about, bytes: readFileSync(join(folder, file)) })),
    mono: paths(mono),
    bayer: paths(bayer),
  };
}

const FAMILIES: readonly Family[] = ["fits", "fits.fz", "xisf", "tiff", "fits.gz", "fits.fz", "xisf", "tiff", "png", "jpeg", "raw", "raw"];

/** The file that stands under a number: the same for the same seed, on every machine that can make the same valid files. */
export function mutantOf({ seeds }: Workshop, seed: number, index: number): { of: Seed; bytes: Buffer } {
  const random = new Random(`${seed}/${index}`);
  const family = FAMILIES[index % FAMILIES.length];
  const among = seeds.filter((one) => one.family === family);
  const of = among[random.integer(among.length)];
  if (!random.chance(0.03)) return { of, bytes: mutate(of, random) };
  // The beginning of one file with the rest of another.
  const other = among[random.integer(among.length)];
  const cut = random.integer(Math.min(of.bytes.length, other.bytes.length));
  // It shows what most of it comes from.
  const shows = cut > other.bytes.length - cut ? of : other;
  return { of: shows, bytes: Buffer.concat([of.bytes.subarray(0, cut), other.bytes.subarray(cut)]) };
}
