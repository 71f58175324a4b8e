import type { FrameWarning } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { DecodedFrame } from "./decoded-frame.ts";
import { addExifBlock } from "./exif.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { FrameFile } from "./frame-file.ts";
import { chunkCrc, inflate } from "./inflate.ts";
import { pickPlane } from "./interleaved.ts";
import { addHeaderText } from "./keyword-text.ts";
import { Keywords } from "./keywords.ts";
import { metadataFromKeywords } from "./metadata.ts";

interface PngHeader {
  width: number;
  height: number;
  bytes: 1 | 2;
  /** Samples per pixel with alpha, and without. */
  samples: number;
  planes: number;
}

interface Chunk {
  name: string;
  position: number;
  length: number;
}

/** Samples per pixel, and how many of them are colours, by colour type: grey, RGB, grey + alpha, RGBA. */
const COLOUR_TYPES: Record<number, [samples: number, planes: number]> = { 0: [1, 1], 2: [3, 3], 4: [2, 1], 6: [4, 3] };
const MOST_CHUNKS = 1_000_000;
const LARGEST_TEXT = 1 << 20;

/**
 * Opens a PNG (W3C PNG, third edition) of 8 or 16 bits with samples exactly as stored: no gamma, profile or alpha is
 * applied. Null for palettes, packed bits and interlacing, which are left to libvips. The frame takes over `file`.
 */
export function openPng(file: FileBytes, maxSamples: number): FrameFile | null {
  const chunks = readChunks(file);
  const header = readPngHeader(file, chunks, maxSamples);
  if (!header) return null;
  const { width, height, planes, bytes } = header;
  const warnings: FrameWarning[] = [];
  const metadata = metadataFromKeywords(pngKeywords(file, chunks, warnings));
  return new DecodedFrame({
    summary: { format: "png", width, height, planes, cfa: null, rowOrder: "top-down", metadata, warnings },
    coding: { type: bytes === 2 ? "u16" : "u8", littleEndian: false, zero: 0, scale: 1, blank: null },
    decode: async () => decodePng(file, chunks, header, warnings),
    release: () => file.close(),
  });
}

/** Chunks up to IEND; a file that is cut keeps those that begin within it. */
function readChunks(file: FileBytes): Chunk[] {
  const chunks: Chunk[] = [];
  const head = Buffer.alloc(8);
  for (let at = 8; chunks.length < MOST_CHUNKS; ) {
    if (file.readUpTo(at, head) < 8) break;
    const chunk = { name: head.toString("latin1", 4, 8), position: at + 8, length: head.readUInt32BE(0) };
    chunks.push(chunk);
    if (chunk.name === "IEND") break;
    at += chunk.length + 12;
  }
  return chunks;
}

function readPngHeader(file: FileBytes, chunks: Chunk[], maxSamples: number): PngHeader | null {
  const first = chunks[0];
  if (first?.name !== "IHDR" || first.length !== 13)
    throw new NebuliftError(chunks.length === 0 ? "truncated" : "bad-header", "no PNG header");
  const header = Buffer.from(file.slice(first.position, 13));
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  if (width === 0 || height === 0) throw new NebuliftError("no-image-data", `${width} x ${height}`);
  const [samples, planes] = COLOUR_TYPES[header[9]] ?? [1, 1];
  if (width * height * samples > maxSamples) throw new NebuliftError("too-large", `${width} x ${height} x ${samples}`);
  const depth = header[8];
  if (!(header[9] in COLOUR_TYPES) || (depth !== 8 && depth !== 16) || header[12] !== 0) return null;
  return { width, height, bytes: depth === 16 ? 2 : 1, samples, planes };
}

function pngKeywords(file: FileBytes, chunks: Chunk[], warnings: FrameWarning[]): Keywords {
  const keywords = new Keywords();
  for (const chunk of chunks) {
    if (chunk.length > LARGEST_TEXT || chunk.position + chunk.length > file.size) continue;
    if (chunk.name === "eXIf") addExifBlock(file.slice(chunk.position, chunk.length), keywords, warnings);
    if (chunk.name !== "tEXt") continue;
    const text = Buffer.from(file.slice(chunk.position, chunk.length)).toString("latin1");
    const split = text.indexOf("\0");
    if (/^(?:Description|Comment)$/i.test(text.slice(0, split))) addHeaderText(text.slice(split + 1), keywords);
    if (/^Software$/i.test(text.slice(0, split))) keywords.add("SWCREATE", text.slice(split + 1));
  }
  return keywords;
}

function decodePng(file: FileBytes, chunks: Chunk[], header: PngHeader, warnings: FrameWarning[]): Uint8Array[] {
  const { width, height, bytes, samples, planes } = header;
  const rowBytes = width * samples * bytes;
  const packed = imageData(file, chunks, warnings);
  const length = (rowBytes + 1) * height;
  if (length > 1032 * (packed.length + 64))
    throw new NebuliftError("truncated", `${length} bytes cannot come from ${packed.length} compressed ones`);
  const filtered = inflatePixels(packed, length, chunks.at(-1)?.name !== "IEND");
  if (filtered.length < length) throw new NebuliftError("truncated", `${filtered.length} of ${length} bytes of pixels`);
  const pixels = unfilter(filtered, rowBytes, height, samples * bytes);
  if (samples === 1) return [pixels];
  return Array.from({ length: planes }, (_, plane) => {
    const into = new Uint8Array(width * height * bytes);
    pickPlane(pixels, samples, plane, bytes, into);
    return into;
  });
}

/** A file that was cut says so: that its compressed data are broken is only what follows from it. */
function inflatePixels(packed: Uint8Array, length: number, cut: boolean): Uint8Array {
  try {
    return inflate(packed, "zlib", length);
  } catch (error) {
    throw cut ? new NebuliftError("truncated", "the file ends within its pixels", error) : error;
  }
}

function imageData(file: FileBytes, chunks: Chunk[], warnings: FrameWarning[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (chunk.name !== "IDAT") continue;
    if (chunk.position + chunk.length > file.size) throw new NebuliftError("truncated", "the file ends within its pixels");
    const bytes = file.slice(chunk.position, chunk.length);
    const stored = Buffer.alloc(4);
    file.readUpTo(chunk.position + chunk.length, stored);
    const crc = chunkCrc("IDAT", bytes);
    if (crc !== null && crc !== stored.readUInt32BE(0) && warnings.length < 8) {
      warnings.push({ code: "checksum-mismatch", detail: `PNG chunk at ${chunk.position}` });
    }
    parts.push(bytes);
  }
  if (parts.length === 0) throw new NebuliftError(chunks.at(-1)?.name === "IEND" ? "no-image-data" : "truncated", "no PNG pixels");
  return Buffer.concat(parts);
}

/** PNG, section 9: each row was predicted from the pixel to the left (a), above (b) and above left (c). */
function unfilter(filtered: Uint8Array, rowBytes: number, height: number, step: number): Uint8Array {
  const out = new Uint8Array(rowBytes * height);
  const nothing = new Uint8Array(rowBytes);
  for (let row = 0; row < height; row++) {
    const from = row * (rowBytes + 1);
    const line = out.subarray(row * rowBytes, (row + 1) * rowBytes);
    const above = row === 0 ? nothing : out.subarray((row - 1) * rowBytes, row * rowBytes);
    line.set(filtered.subarray(from + 1, from + 1 + rowBytes));
    unfilterRow(filtered[from], line, above, step);
  }
  return out;
}

function unfilterRow(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = step; i < line.length; i++) line[i] += line[i - step];
      return;
    case 2:
      for (let i = 0; i < line.length; i++) line[i] += above[i];
      return;
    case 3:
      for (let i = 0; i < step; i++) line[i] += above[i] >> 1;
      for (let i = step; i < line.length; i++) line[i] += (line[i - step] + above[i]) >> 1;
      return;
    case 4:
      for (let i = 0; i < step; i++) line[i] += above[i];
      for (let i = step; i < line.length; i++) line[i] += paeth(line[i - step], above[i], above[i - step]);
      return;
    default:
      throw new NebuliftError("bad-data", `PNG filter ${filter}`);
  }
}

function paeth(a: number, b: number, c: number): number {
  const da = Math.abs(b - c);
  const db = Math.abs(a - c);
  const dc = Math.abs(a + b - 2 * c);
  if (da <= db && da <= dc) return a;
  return db <= dc ? b : c;
}
