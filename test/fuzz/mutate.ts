import { gunzipSync, gzipSync } from "node:zlib";
import type { Random } from "../../src/main/simulate/random.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { mutateBoxes, mutateJpeg, mutatePng } from "./mutate-chunks.ts";
import { mutateCards, mutateTable } from "./mutate-fits.ts";
import { mutateTiff } from "./mutate-tiff.ts";
import { mutateXisf } from "./mutate-xisf.ts";
import type { Family, Seed } from "./seeds.ts";

/** Changes some bytes, in place or into a new array. */
export type Mutator = (bytes: Buffer, random: Random) => Buffer;

/** Ways of damage that know a format, each with how often it is taken; blind damage to bytes is always among them. */
const KNOWING: Record<Family, [Mutator, number][]> = {
  fits: [[mutateCards, 3]],
  "fits.gz": [[mutateInside, 3]],
  "fits.fz": [
    [mutateCards, 3],
    [mutateTable, 2],
  ],
  xisf: [[mutateXisf, 4]],
  tiff: [[mutateTiff, 4]],
  png: [[mutatePng, 3]],
  jpeg: [[mutateJpeg, 2]],
  raw: [
    [mutateTiff, 3],
    [mutateBoxes, 1],
  ],
};

/** One to four changes to a valid file. */
export function mutate(seed: Seed, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(seed.bytes);
  const ways: [Mutator, number][] = [[mutateBytes, 1.5], ...KNOWING[seed.family]];
  const total = ways.reduce((sum, [, weight]) => sum + weight, 0);
  for (let times = 1 + random.integer(4); times > 0; times--) {
    let at = random.uniform() * total;
    const way = ways.find(([, weight]) => {
      at -= weight;
      return at < 0;
    });
    bytes = (way ?? ways[0])[0](bytes, random);
  }
  return bytes;
}

/** The compressed file is unpacked, damaged, and packed again, so that the stream itself stays whole; or it is packed oddly. */
function mutateInside(bytes: Buffer, random: Random): Buffer {
  let inside: Buffer;
  try {
    inside = gunzipSync(bytes);
  } catch {
    // An earlier change has broken the stream: this one is blind.
    return mutateBytes(bytes, random);
  }
  const damaged = random.chance(0.7) ? mutateCards(inside, random) : mutateBytes(inside, random);
  switch (random.integer(5)) {
    case 0: {
      const cut = random.integer(Math.max(1, damaged.length));
      return Buffer.concat([gzipSync(damaged.subarray(0, cut)), gzipSync(damaged.subarray(cut))]);
    }
    case 1:
      // Many zeros from few bytes.
      return gzipSync(Buffer.concat([damaged, Buffer.alloc(1 << (16 + random.integer(9)))]), { level: 1 });
    default:
      return gzipSync(damaged, { level: 1 });
  }
}
