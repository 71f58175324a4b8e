import type { Random } from "../../src/main/simulate/random.ts";

/** Numbers at which sizes, offsets and counts go wrong. */
export const EDGES = [
  0,
  1,
  2,
  3,
  7,
  8,
  16,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 2,
  2 ** 32 - 1,
] as const;

const HEAD = 4096;

/** A place in the file; half of the time near its beginning, where what steers the reading lies. */
function place(bytes: Buffer, random: Random): number {
  return random.integer(Math.max(1, random.chance(0.5) ? Math.min(HEAD, bytes.length) : bytes.length));
}

function stretch(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = place(bytes, random);
  return [from, Math.min(bytes.length, from + 1 + Math.floor(2 ** (random.uniform() * 16)))];
}

/** Damage that knows nothing of the format: what drives, cables and half-finished copies do, and what an attacker tries first. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes;
  switch (random.integer(9)) {
    case 0:
      for (let i = 1 + random.integer(8); i > 0; i--) bytes[place(bytes, random)] ^= 1 << random.integer(8);
      return bytes;
    case 1:
      for (let i = 1 + random.integer(16); i > 0; i--) bytes[place(bytes, random)] = random.integer(256);
      return bytes;
    case 2: {
      const [from, to] = stretch(bytes, random);
      return bytes.fill(random.pick([0, 255, 0x20, random.integer(256)]), from, to);
    }
    case 3: {
      const [from, to] = stretch(bytes, random);
      for (let i = from; i < to; i++) bytes[i] = random.integer(256);
      return bytes;
    }
    case 4:
      return bytes.subarray(0, random.integer(bytes.length + 1));
    case 5: {
      const [from, to] = stretch(bytes, random);
      bytes.copy(bytes, place(bytes, random), from, to);
      return bytes;
    }
    case 6: {
      const [from, to] = stretch(bytes, random);
      const inserted = random.chance(0.5) ? bytes.subarray(from, to) : Buffer.alloc(to - from, random.integer(256));
      return Buffer.concat([bytes.subarray(0, from), inserted, bytes.subarray(from)]);
    }
    case 7: {
      const [from, to] = stretch(bytes, random);
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    }
    default:
      return edge(bytes, random);
  }
}

function edge(bytes: Buffer, random: Random): Buffer {
  const at = place(bytes, random);
  const value = random.pick(EDGES);
  const size = random.pick([1, 2, 4, 8] as const);
  if (at + size > bytes.length) return bytes;
  if (size === 1) bytes[at] = value;
  else if (size === 8) {
    if (random.chance(0.5)) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeBigUInt64BE(BigInt(value) << BigInt(random.integer(32)), at);
  } else {
    const whole = size === 2 ? value % 65536 : value;
    if (random.chance(0.5)) bytes.writeUIntLE(whole, at, size);
    else bytes.writeUIntBE(whole, at, size);
  }
  return bytes;
}
