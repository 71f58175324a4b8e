import { crc32, deflateSync, inflateSync } from "node:zlib";
import type { Random } from "../../src/main/simulate/random.ts";
import { pngChunk } from "../fixtures/png-writer.ts";
import { EDGES, mutateBytes } from "./mutate-bytes.ts";

interface Chunk {
  at: number;
  name: string;
  length: number;
}

function pngChunks(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length && chunks.length < 500; ) {
    const chunk = { at, length: bytes.readUInt32BE(at), name: bytes.toString("latin1", at + 4, at + 8) };
    chunks.push(chunk);
    at += chunk.length + 12;
  }
  return chunks;
}

/** Changes chunks of a PNG: lengths, names, order, what the header says (with its checksum put right), or the pixels within. */
export function mutatePng(bytes: Buffer, random: Random): Buffer {
  const chunks = pngChunks(bytes).filter((chunk) => chunk.at + chunk.length + 12 <= bytes.length);
  if (chunks.length === 0) return mutateBytes(bytes, random);
  const chunk = chunks[random.integer(chunks.length)];
  const whole = (one: Chunk) => bytes.subarray(one.at, one.at + one.length + 12);
  switch (random.integer(9)) {
    case 0:
      bytes.writeUInt32BE(random.chance(0.5) ? random.pick(EDGES) : random.integer(bytes.length * 2), chunk.at);
      return bytes;
    case 1:
      bytes.write(random.pick(["IHDR", "IDAT", "IEND", "PLTE", "tRNS", "eXIf", "tEXt", "acTL", "zzzz"]), chunk.at + 4, "latin1");
      return bytes;
    case 2:
    case 3:
    case 4:
      return withHeader(bytes, random);
    case 5:
      return Buffer.concat([bytes.subarray(0, chunk.at), bytes.subarray(chunk.at + chunk.length + 12)]);
    case 6:
      return Buffer.concat([bytes.subarray(0, chunk.at), whole(chunk), bytes.subarray(chunk.at)]);
    case 7: {
      const exif = random.chance(0.5)
        ? Buffer.from("Exif\0\0II*\0\x08\0\0\0\xff\xff", "latin1")
        : Buffer.from("MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08", "latin1");
      return Buffer.concat([bytes.subarray(0, chunk.at), pngChunk("eXIf", exif), bytes.subarray(chunk.at)]);
    }
    default:
      return repacked(bytes, chunks, random);
  }
}

function withHeader(bytes: Buffer, random: Random): Buffer {
  if (bytes.length < 33) return bytes;
  if (random.chance(0.5))
    bytes.writeUInt32BE(random.chance(0.5) ? random.pick(EDGES) : 1 + random.integer(30_000), 16 + 4 * random.integer(2));
  else bytes[24 + random.integer(5)] = random.pick([0, 1, 2, 3, 4, 6, 8, 16, random.integer(256)]);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** Unpacks the pixels, changes them or their number, and packs them again: the stream is valid, what it holds is not. */
function repacked(bytes: Buffer, chunks: Chunk[], random: Random): Buffer {
  const data = chunks.filter((chunk) => chunk.name === "IDAT");
  if (data.length === 0) return bytes;
  let pixels: Buffer;
  try {
    pixels = inflateSync(Buffer.concat(data.map(({ at, length }) => bytes.subarray(at + 8, at + 8 + length))));
  } catch {
    // An earlier change has broken the stream.
    return bytes;
  }
  const changed = random.chance(0.3) ? Buffer.alloc(1 << (10 + random.integer(16))) : mutateBytes(pixels, random);
  const first = data[0];
  const last = data[data.length - 1];
  const packed = pngChunk("IDAT", deflateSync(changed, { level: 1 }));
  return Buffer.concat([bytes.subarray(0, first.at), packed, bytes.subarray(last.at + last.length + 12)]);
}

/** Changes a marker segment of a JPEG: its length, the picture's size, tables, or what kind it is. */
export function mutateJpeg(bytes: Buffer, random: Random): Buffer {
  const segments: { at: number; marker: number; length: number }[] = [];
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const segment = { at, marker: bytes[at + 1], length: bytes.readUInt16BE(at + 2) };
    segments.push(segment);
    if (segment.marker === 0xda) break;
    at += segment.length + 2;
  }
  if (segments.length === 0) return bytes;
  const frame = segments.find(({ marker }) => marker >= 0xc0 && marker <= 0xc2);
  const { at, length } = segments[random.integer(segments.length)];
  switch (random.integer(6)) {
    case 0:
      bytes.writeUInt16BE(random.integer(65536), at + 2);
      return bytes;
    case 1:
      bytes[at + 1] = random.integer(256);
      return bytes;
    case 2:
      if (frame && frame.at + 9 <= bytes.length)
        bytes.writeUInt16BE(random.pick([0, 1, 8, 65535, random.integer(65536)]), frame.at + 5 + 2 * random.integer(2));
      return bytes;
    case 3:
      if (frame && frame.at + 2 + frame.length <= bytes.length)
        bytes[frame.at + 4 + random.integer(Math.max(1, frame.length - 2))] = random.integer(256);
      return bytes;
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length + 2), bytes.subarray(at)]);
    default:
      bytes[Math.min(bytes.length - 1, at + 4 + random.integer(Math.max(1, length)))] = random.integer(256);
      return bytes;
  }
}

/** Boxes of ISO base media (CR3): a length or a name at any depth. */
export function mutateBoxes(bytes: Buffer, random: Random): Buffer {
  const names = ["ftyp", "moov", "uuid", "trak", "mdia", "minf", "stbl", "mdat"];
  const found = names.map((name) => bytes.indexOf(name, 0, "latin1")).filter((at) => at >= 4);
  if (found.length === 0) return mutateBytes(bytes, random);
  const at = found[random.integer(found.length)];
  if (random.chance(0.7)) bytes.writeUInt32BE(random.chance(0.6) ? random.pick(EDGES) : random.integer(bytes.length), at - 4);
  else bytes.write(random.pick(["CMT1", "CMT3", "CRAW", "co64", "stsz", "stsd", "free"]), at, "latin1");
  return bytes;
}
