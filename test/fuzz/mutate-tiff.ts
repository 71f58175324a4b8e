import type { Random } from "../../src/main/simulate/random.ts";
import { EDGES } from "./mutate-bytes.ts";

interface Entry {
  at: number;
  tag: number;
}

/** Integers of a TIFF in its own byte order; BigTIFF where its magic number says so. */
class Walker {
  readonly bytes: Buffer;
  readonly little: boolean;
  readonly big: boolean;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.little = bytes[0] === 0x49;
    this.big = this.u16(2) === 43;
  }

  u16(at: number): number {
    if (at + 2 > this.bytes.length) return 0;
    return this.little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  u32(at: number): number {
    if (at + 4 > this.bytes.length) return 0;
    return this.little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  /** Low half of a pointer of either size. */
  pointer(at: number): number {
    return this.big && !this.little ? this.u32(at + 4) : this.u32(at);
  }

  put(value: number, at: number, size: 2 | 4): void {
    if (at < 0 || at + size > this.bytes.length) return;
    const whole = size === 2 ? value % 65536 : value;
    if (this.little) this.bytes.writeUIntLE(whole, at, size);
    else this.bytes.writeUIntBE(whole, at, size);
  }

  /** Places of directories reached from the first and from sub-directory tags, and their entries. */
  directories(): { at: number; entries: Entry[]; next: number }[] {
    const found: { at: number; entries: Entry[]; next: number }[] = [];
    const open = [this.pointer(this.big ? 8 : 4)];
    while (open.length > 0 && found.length < 16) {
      const at = open.pop() ?? 0;
      const count = this.u16(this.big && !this.little ? at + 6 : at);
      if (at === 0 || at >= this.bytes.length || count === 0 || count > 200 || found.some((other) => other.at === at)) continue;
      const size = this.big ? 20 : 12;
      const first = at + (this.big ? 8 : 2);
      const entries = Array.from({ length: count }, (_, i) => ({ at: first + i * size, tag: this.u16(first + i * size) }));
      const next = first + count * size;
      found.push({ at, entries, next });
      for (const entry of entries) if (entry.tag === 330 || entry.tag === 34665) open.push(this.pointer(entry.at + (this.big ? 12 : 8)));
      open.push(this.pointer(next));
    }
    return found;
  }
}

/** Sizes, layouts, compressions and places of segments: what most depends on. */
const STEERING = new Set([254, 256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 317, 322, 323, 324, 325, 330, 338, 339, 34665]);
const TAGS = [
  256, 257, 258, 259, 262, 270, 273, 277, 278, 279, 284, 317, 322, 323, 324, 325, 330, 338, 339, 33421, 33422, 34665, 50706, 50713, 50714,
  50829,
] as const;
const CODES = [1, 2, 3, 4, 5, 6, 7, 8, 32766, 32767, 32769, 32773, 32803, 34713, 34892, 50000, 65535] as const;

/** Changes a directory: an entry's tag, type, count or value, the number of entries, or where the next one is. */
export function mutateTiff(bytes: Buffer, random: Random): Buffer {
  if (bytes.length < 16 || (bytes[0] !== 0x49 && bytes[0] !== 0x4d)) return bytes;
  const walker = new Walker(bytes);
  const directories = walker.directories();
  if (directories.length === 0) return bytes;
  const { at, entries, next } = directories[random.integer(directories.length)];
  const steering = entries.filter((entry) => STEERING.has(entry.tag));
  const among = random.chance(0.75) && steering.length > 0 ? steering : entries;
  const entry = among[random.integer(among.length)];
  const value = entry.at + (walker.big ? 12 : 8);
  const number = () =>
    random.chance(0.5) ? random.pick(EDGES) : random.chance(0.5) ? random.pick(CODES) : random.integer(bytes.length * 2);
  switch (random.integer(12)) {
    case 0:
      walker.put(random.pick(TAGS), entry.at, 2);
      break;
    case 1:
      walker.put(random.integer(20), entry.at + 2, 2);
      break;
    case 2:
      walker.put(number(), entry.at + 4, 4);
      break;
    case 3:
      walker.put(random.integer(400), at + (walker.big && !walker.little ? 6 : 0), 2);
      break;
    case 4:
      // Round in a circle, or into the pixels.
      walker.put(random.chance(0.5) ? at : random.integer(bytes.length), next, 4);
      break;
    case 5:
      walker.put(random.chance(0.5) ? at : number(), walker.big ? 8 : 4, 4);
      break;
    case 6: {
      // Values that lie elsewhere: one element of an array, such as a strip's place.
      const array = walker.pointer(value);
      const count = walker.u32(entry.at + 4);
      if (count > 1) walker.put(number(), array + 4 * random.integer(Math.min(count, 5000)), 4);
      break;
    }
    case 7:
      // Nothing to copy where a directory reaches beyond the end of the file.
      if (entry.at < bytes.length)
        bytes.copy(bytes, entries[random.integer(entries.length)].at, entry.at, entry.at + (walker.big ? 20 : 12));
      break;
    default:
      walker.put(number(), value, random.chance(0.5) ? 4 : 2);
  }
  return bytes;
}
