import { NebuliftError } from "../../shared/errors.ts";
import { BLOCK } from "./fits-header.ts";
import type { KeywordValue } from "./keywords.ts";

const CARD = 80;

export type FitsCard = readonly [name: string, value: KeywordValue, comment?: string];

export interface FitsImage {
  width: number;
  height: number;
  /** 1 or 3, one after the other in `data`; 1 when absent. */
  planes?: number;
  /** 16 stores unsigned 16-bit samples with BZERO 32768, as cameras' programs do; -32 floats. */
  bitpix: 16 | -32;
  data: Uint16Array | Float32Array;
  /** After the mandatory ones, which are written by themselves. COMMENT and HISTORY may repeat; names over 8 letters get HIERARCH. */
  keywords?: readonly FitsCard[];
}

/** A whole FITS file with one image in its primary array. Throws `internal` when data and geometry contradict each other. */
export function encodeFits(image: FitsImage): Uint8Array<ArrayBuffer> {
  const planes = image.planes ?? 1;
  const samples = image.width * image.height * planes;
  const fits = image.bitpix === 16 ? image.data instanceof Uint16Array : image.data instanceof Float32Array;
  if (image.data.length !== samples || !fits)
    throw new NebuliftError("internal", `${image.data.length} samples for ${samples} of BITPIX ${image.bitpix}`);
  const header = headerOf(image, planes);
  const bytes = samples * (Math.abs(image.bitpix) / 8);
  const start = Math.ceil(header.length / BLOCK) * BLOCK;
  const out = new Uint8Array(start + Math.ceil(bytes / BLOCK) * BLOCK);
  const target = Buffer.from(out.buffer);
  target.write(header.padEnd(start, " "), 0, "latin1");
  if (image.data instanceof Uint16Array) storeUnsigned(image.data, new Uint16Array(out.buffer, start, samples));
  else out.set(new Uint8Array(image.data.buffer, image.data.byteOffset, bytes), start);
  const body = target.subarray(start, start + bytes);
  if (image.bitpix === 16) body.swap16();
  else body.swap32();
  return out;
}

/** Taking 32768 off is turning the top bit over; two samples at a time. */
function storeUnsigned(from: Uint16Array, to: Uint16Array): void {
  const pairs = from.length >> 1;
  if (from.byteOffset % 4 === 0) {
    const source = new Uint32Array(from.buffer, from.byteOffset, pairs);
    const target = new Uint32Array(to.buffer, to.byteOffset, pairs);
    for (let i = 0; i < pairs; i++) target[i] = source[i] ^ 0x80008000;
  } else {
    for (let i = 0; i < pairs * 2; i++) to[i] = from[i] ^ 0x8000;
  }
  if (from.length % 2 === 1) to[from.length - 1] = from[from.length - 1] ^ 0x8000;
}

function headerOf(image: FitsImage, planes: number): string {
  const cards: FitsCard[] = [
    ["SIMPLE", true, "conforms to FITS standard"],
    ["BITPIX", image.bitpix, "bits per sample"],
    ["NAXIS", planes === 1 ? 2 : 3],
    ["NAXIS1", image.width],
    ["NAXIS2", image.height],
  ];
  if (planes !== 1) cards.push(["NAXIS3", planes]);
  if (image.bitpix === 16) cards.push(["BZERO", 32768, "unsigned samples"], ["BSCALE", 1]);
  return [...cards, ...(image.keywords ?? [])].map(encodeCard).join("") + "END".padEnd(CARD);
}

/** One card, or several where a text is too long for one (CONTINUE, standard 4.2.1.2). */
export function encodeCard([name, value, comment = ""]: FitsCard): string {
  const key = ascii(name).toUpperCase();
  if (key === "COMMENT" || key === "HISTORY") return commentary(key, ascii(String(value ?? "")));
  const head = key.length <= 8 ? `${key.padEnd(8)}= ` : `HIERARCH ${key} = `;
  if (typeof value === "string") return text(head, ascii(value).replaceAll("'", "''"), ascii(comment));
  const field = value === null ? "" : bare(value);
  const placed = key.length <= 8 ? field.padStart(20) : field;
  return withComment(head + placed, ascii(comment));
}

function bare(value: number | boolean): string {
  if (typeof value === "boolean") return value ? "T" : "F";
  if (!Number.isFinite(value)) throw new NebuliftError("internal", `${value} cannot be written to a FITS header`);
  return String(value).toUpperCase();
}

/** What is not printable ASCII cannot stand in a header. */
function ascii(value: string): string {
  return value.replace(/[^ -~]/gu, "?");
}

function withComment(card: string, comment: string): string {
  const whole = comment === "" ? card : `${card} / ${comment}`;
  return whole.slice(0, CARD).padEnd(CARD);
}

function commentary(key: string, words: string): string {
  let cards = "";
  for (let at = 0; at === 0 || at < words.length; at += 72) cards += (key.padEnd(8) + words.slice(at, at + 72)).padEnd(CARD);
  return cards;
}

function text(head: string, quoted: string, comment: string): string {
  const room = CARD - head.length - 2;
  if (quoted.length <= room) return withComment(`${head}'${quoted.padEnd(8)}'`, comment);
  let cards = "";
  let start = head;
  let rest = quoted;
  while (rest.length > CARD - start.length - 2) {
    let cut = CARD - start.length - 3;
    // A doubled quote must not be torn apart.
    if ((rest.slice(0, cut).match(/'+$/)?.[0].length ?? 0) % 2 === 1) cut--;
    cards += `${start}'${rest.slice(0, cut)}&'`.padEnd(CARD);
    rest = rest.slice(cut);
    start = "CONTINUE  ";
  }
  return cards + withComment(`${start}'${rest}'`, comment);
}
