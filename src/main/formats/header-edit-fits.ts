import { NebuliftError } from "../../shared/errors.ts";
import { encodedChecksum, sumOf } from "./fits-checksum.ts";
import { BLOCK, readHeader } from "./fits-header.ts";
import { findImage, type ImageHdu } from "./fits-image.ts";
import type { ByteSource } from "./fits-source.ts";
import { encodeCard } from "./fits-write.ts";
import type { HeaderEdit, HeaderKeyword } from "./header-keyword.ts";

const CARD = 80;
/** As in fits-header.ts: no header is longer. */
const MAXIMUM_BLOCKS = 2000;
const CHUNK = 1 << 20;

export function fitsKeywordEdit(source: ByteSource, { name, value, comment }: HeaderKeyword): HeaderEdit {
  const image = findImage(source);
  const start = headerStart(source, image);
  const cards = cardsOf(source, start, image.dataOffset);
  put(cards, name, encodeCard([name, value, comment]));
  const summed = cards.some((card) => nameOf(card) === "CHECKSUM");
  if (summed) put(cards, "CHECKSUM", encodeCard(["CHECKSUM", "0".repeat(16), "HDU checksum, renewed with the keyword above"]));
  const bytes = headerBytes(cards);
  if (summed) {
    const end = Math.min(source.size, image.dataOffset + Math.ceil(image.dataBytes / BLOCK) * BLOCK);
    const sum = sumOf(bytes, dataSum(source, image, end));
    put(cards, "CHECKSUM", encodeCard(["CHECKSUM", encodedChecksum(sum), "HDU checksum, renewed with the keyword above"]));
    bytes.set(headerBytes(cards));
  }
  return { start, oldLength: image.dataOffset - start, bytes };
}

export function fitsKeywordValue(source: ByteSource, name: string): number | null {
  const value = findImage(source).own.get(name);
  return typeof value === "number" ? value : null;
}

/** The header is the run of blocks before its data that reads as a header and ends there. */
function headerStart(source: ByteSource, { dataOffset }: ImageHdu): number {
  for (let start = dataOffset - BLOCK, blocks = 1; start >= 0 && blocks <= MAXIMUM_BLOCKS; start -= BLOCK, blocks++) {
    const head = new Uint8Array(10);
    source.readUpTo(start, head);
    if (!/^(?:simple|xtension) *=/i.test(Buffer.from(head).toString("latin1"))) continue;
    if (readHeader(source, start)?.end === dataOffset) return start;
  }
  throw new NebuliftError("bad-header", `no header before byte ${dataOffset}`);
}

/** Everything before END, without blank cards at the end. */
function cardsOf(source: ByteSource, start: number, end: number): string[] {
  const bytes = new Uint8Array(end - start);
  if (source.readUpTo(start, bytes) < bytes.length) throw new NebuliftError("truncated", "the file ends inside its header");
  const text = Buffer.from(bytes.buffer).toString("latin1");
  const cards: string[] = [];
  for (let at = 0; at < text.length; at += CARD) {
    const card = text.slice(at, at + CARD);
    if (/^END[ \0]*$/i.test(card) || /^END {5}/i.test(card)) break;
    cards.push(card);
  }
  while (cards.length > 0 && (cards.at(-1) ?? "").trim() === "") cards.pop();
  return cards;
}

function nameOf(card: string): string {
  return card.slice(0, 8).trim().toUpperCase();
}

/** In the place of the first card of that name, else at the end. */
function put(cards: string[], name: string, card: string): void {
  const at = cards.findIndex((other) => nameOf(other) === name);
  if (at < 0) cards.push(card);
  else cards[at] = card;
}

function headerBytes(cards: readonly string[]): Uint8Array {
  const text = `${cards.join("")}${"END".padEnd(CARD)}`;
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK, " "), "latin1");
}

/** The sum of the data as DATASUM says it, else added up. */
function dataSum(source: ByteSource, image: ImageHdu, end: number): number {
  const stated = image.own.get("DATASUM");
  if (typeof stated === "string" && /^\d{1,10}$/.test(stated.trim())) {
    const sum = Number(stated);
    if (sum <= 0xffffffff) return sum;
  }
  let sum = 0;
  for (let at = image.dataOffset; at < end; at += CHUNK) {
    const bytes = new Uint8Array(Math.min(CHUNK, end - at));
    source.readUpTo(at, bytes);
    sum = sumOf(bytes, sum);
  }
  return sum;
}
