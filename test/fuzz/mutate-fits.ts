import type { Random } from "../../src/main/simulate/random.ts";
import { EDGES } from "./mutate-bytes.ts";

const CARD = 80;
const BLOCK = 2880;

/** What cards may be made to say: by the keyword's beginning, else any of these. */
const WORDS = [
  "-1",
  "0",
  "1",
  "2",
  "3",
  "16.5",
  "1e300",
  "-1E-300",
  "NaN",
  "INF",
  "T",
  "F",
  "'x'",
  "''",
  "'unclosed",
  "",
  "0x10",
  "99999999999",
  "9007199254740993",
  "18446744073709551616",
  "2147483647",
  "-2147483648",
  "4294967296",
] as const;

const SPECIAL: [name: RegExp, words: readonly [string, ...string[]]][] = [
  [/^Z?BITPIX/, ["8", "16", "32", "64", "-32", "-64", "0", "-16", "12", "16.0"]],
  [/^Z?NAXIS$/, ["0", "1", "2", "3", "4", "999", "1000", "-2"]],
  [/^Z?NAXIS\d/, ["0", "1", "3", "8", "639", "641", "481", "479", "20000", "65536", "2147483647", "-640", "640.5", "1e9"]],
  [/^ZTILE/, ["0", "-1", "1", "7", "640", "641", "999999", "2147483648", "1e12"]],
  [/^ZCMPTYPE/, ["'RICE_1'", "'GZIP_1'", "'GZIP_2'", "'HCOMPRESS_1'", "'PLIO_1'", "'NOCOMPRESS'", "'LZ4'", "''"]],
  [/^ZQUANTIZ/, ["'NO_DITHER'", "'SUBTRACTIVE_DITHER_1'", "'SUBTRACTIVE_DITHER_2'", "'NONE'", "'?'"]],
  [/^ZDITHER0/, ["0", "1", "10000", "10001", "-5", "2147483647"]],
  [/^ZVAL/, ["0", "-1", "1", "2", "4", "8", "16", "65536", "65537", "2147483647"]],
  [/^TFORM/, ["'1PB(100)'", "'1QB(1)'", "'1PI(5)'", "'1PD'", "'0PB'", "'9PB'", "'1E'", "'1D'", "'999999999X'", "'1PA'", "'B'", "'ZZ'"]],
  [/^TTYPE/, ["'COMPRESSED_DATA'", "'GZIP_COMPRESSED_DATA'", "'UNCOMPRESSED_DATA'", "'ZSCALE'", "'ZZERO'", "'ZBLANK'", "'x'"]],
  [/^TFIELDS/, ["0", "1", "2", "3", "4", "999", "1000"]],
  [/^(?:PCOUNT|THEAP|GCOUNT)/, ["0", "1", "-1", "100", "2880", "99999999", "4294967296", "9007199254740991"]],
  [/^(?:BZERO|BSCALE|ZSCALE|ZZERO)/, ["0", "NaN", "INF", "1e308", "-1", "1e-308", "32768", "2147483648", "9223372036854775808", "'a'"]],
  [/^(?:XTENSION|SIMPLE)/, ["'IMAGE'", "'BINTABLE'", "'TABLE'", "'FOREIGN'", "T", "F"]],
  [/^(?:BAYERPAT|ROWORDER|IMAGETYP)/, ["'RGGB'", "'GBRG'", "'TOP-DOWN'", "'BOTTOM-UP'", "'DARK'", "'LIGHT'", `'${"RGB".repeat(12)}'`]],
  [/^(?:XPIXSZ|FOCALLEN|GAIN|EXPTIME|SATURATE|EGAIN|DATE-OBS)/, ["0", "-1", "1e300", "1e-300", "'9999-99-99T99:99:99'", "'2026-09-14'"]],
];

/** Cards that a header may not have had. */
const EXTRA = [
  "BLANK",
  "BSCALE",
  "BZERO",
  "ZBLANK",
  "GROUPS",
  "ZIMAGE",
  "ZTILE1",
  "ZTILE2",
  "ZTILE3",
  "ZMASKCMP",
  "THEAP",
  "NAXIS3",
  "ZNAXIS3",
  "BAYERPAT",
  "SATURATE",
  "CD1_1",
  "CDELT1",
  "DATAMAX",
  "STACKCNT",
] as const;

/** Where headers begin and how many cards they have, up to their END. */
function headers(bytes: Buffer): { start: number; cards: number }[] {
  const found: { start: number; cards: number }[] = [];
  for (let start = 0; start + CARD <= bytes.length && found.length < 8; start += BLOCK) {
    const mark = bytes.toString("latin1", start, start + 9);
    if (!mark.startsWith("SIMPLE  =") && !mark.startsWith("XTENSION=")) continue;
    let cards = 0;
    while (start + (cards + 1) * CARD <= bytes.length && cards < 1000) {
      if (bytes.toString("latin1", start + cards * CARD, start + cards * CARD + 8) === "END     ") break;
      cards++;
    }
    found.push({ start, cards });
  }
  return found;
}

/** Changes one card of a header: its value, its name, its place, or whether it is there. */
export function mutateCards(bytes: Buffer, random: Random): Buffer {
  const all = headers(bytes);
  if (all.length === 0) return bytes;
  const { start, cards } = all[random.integer(all.length)];
  const any = () => start + random.integer(Math.max(1, cards)) * CARD;
  // The first cards say what the data are.
  const card = random.chance(0.6) ? start + random.integer(Math.max(1, Math.min(cards, 24))) * CARD : any();
  const name = bytes.toString("latin1", card, card + 8).trim();
  switch (random.integer(10)) {
    case 0:
      bytes.copy(bytes, any(), card, card + CARD);
      return bytes;
    case 1:
      return bytes.fill(" ", card, card + CARD);
    case 2:
      bytes.write("END".padEnd(CARD), card, "latin1");
      return bytes;
    case 3:
      // Without an end, or with one further on.
      bytes.write("COMMENT ", start + cards * CARD, "latin1");
      return bytes;
    case 4:
      bytes.write(`${random.pick(EXTRA).padEnd(8)}= ${word(random, "").padStart(20)}`.padEnd(CARD), card, "latin1");
      return bytes;
    case 5:
      for (let i = 0; i < 4; i++) bytes[card + random.integer(CARD)] = random.integer(256);
      return bytes;
    default:
      bytes.write(`${name.padEnd(8)}= ${word(random, name).padStart(20)}`.padEnd(CARD).slice(0, CARD), card, "latin1");
      return bytes;
  }
}

function word(random: Random, name: string): string {
  const special = SPECIAL.find(([pattern]) => pattern.test(name))?.[1];
  if (special && random.chance(0.75)) return random.pick(special);
  return random.chance(0.2) ? `${random.pick(EDGES)}` : random.pick(WORDS);
}

/** Changes rows of a table of tiles: where in the heap a tile is said to be and how long, or the bytes of one. */
export function mutateTable(bytes: Buffer, random: Random): Buffer {
  const table = headers(bytes).find(({ start }) => bytes.toString("latin1", start, start + 8) === "XTENSION");
  if (!table) return bytes;
  const number = (name: string): number => {
    for (let i = 0; i < table.cards; i++) {
      const at = table.start + i * CARD;
      if (bytes.toString("latin1", at, at + 8).trim() === name) return Number(bytes.toString("latin1", at + 10, at + 30));
    }
    return 0;
  };
  const width = number("NAXIS1");
  const rows = number("NAXIS2");
  const data = table.start + Math.ceil(((table.cards + 1) * CARD) / BLOCK) * BLOCK;
  if (!(width >= 8 && rows >= 1) || data + width * rows >= bytes.length) return bytes;
  const row = data + random.integer(rows) * width;
  const at = row + 4 * random.integer(Math.floor(width / 4));
  const heap = data + width * rows;
  switch (random.integer(6)) {
    case 0:
      bytes.writeUInt32BE(random.pick(EDGES), at);
      return bytes;
    case 1:
      bytes.writeUInt32BE(random.integer(bytes.length), at);
      return bytes;
    case 2:
      // Two tiles in one place, or one after another by mistake.
      bytes.copy(bytes, data + random.integer(rows) * width, row, row + width);
      return bytes;
    case 3:
      // What encoders put first: sizes, block selectors, line lengths.
      bytes[Math.min(bytes.length - 1, heap + random.integer(64))] = random.integer(256);
      return bytes;
    case 4: {
      const from = heap + random.integer(bytes.length - heap);
      for (let i = from; i < Math.min(bytes.length, from + 1 + random.integer(200)); i++) bytes[i] = random.integer(256);
      return bytes;
    }
    default:
      bytes[heap + random.integer(bytes.length - heap)] ^= 1 << random.integer(8);
      return bytes;
  }
}
