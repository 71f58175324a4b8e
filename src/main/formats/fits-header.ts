import { NebuliftError } from "../../shared/errors.ts";
import type { ByteSource } from "./fits-source.ts";
import { Keywords, type KeywordValue } from "./keywords.ts";

export const BLOCK = 2880;
const CARD = 80;
/** A header of 72 000 cards; the longest known in the wild have some 20 000. Beyond, END is taken to be missing. */
const MAXIMUM_BLOCKS = 2000;

export interface FitsHeader {
  keywords: Keywords;
  /** Position of the first byte of data. */
  end: number;
  /** What was not as the standard has it, but could be understood. */
  oddities: string[];
}

/** Whether a file begins as FITS does. Some programs write keywords in lower case. */
export function isFits(head: Uint8Array): boolean {
  return head.length >= 10 && /^simple *=/i.test(latin1(head.subarray(0, 30)));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/**
 * Reads the header that begins at `start`; null when there is none (the end of the file, or bytes that are no header).
 * Throws `truncated` when the file ends inside it, `bad-header` when it has no end.
 */
export function readHeader(source: ByteSource, start: number): FitsHeader | null {
  const cards: string[] = [];
  const block = new Uint8Array(BLOCK);
  for (let index = 0; index < MAXIMUM_BLOCKS; index++) {
    const got = source.readUpTo(start + index * BLOCK, block);
    const text = latin1(block.subarray(0, got));
    if (index === 0 && !/^(?:simple|xtension) *=/i.test(text)) return null;
    for (let at = 0; at + CARD <= got; at += CARD) {
      const card = text.slice(at, at + CARD);
      if (/^END[ \0]*$/i.test(card) || /^END {5}/i.test(card)) {
        const header = parseCards(cards, start + (index + 1) * BLOCK);
        // The standard wants blanks there; cards mean that END stands too early, and that the pixels are thought to begin too early.
        if (/[A-Z0-9]/i.test(text.slice(at + CARD))) header.oddities.push("text after END");
        return header;
      }
      cards.push(card);
    }
    if (got < BLOCK) throw new NebuliftError("truncated", "the file ends inside its header");
  }
  throw new NebuliftError("bad-header", `no END within ${MAXIMUM_BLOCKS} blocks`);
}

interface Card {
  name: string;
  value: KeywordValue;
  comment: string;
}

function parseCards(cards: string[], end: number): FitsHeader {
  const keywords = new Keywords();
  const oddities: string[] = [];
  let open: Card | null = null;
  const close = () => {
    if (open !== null) keywords.add(open.name, open.value, open.comment);
    open = null;
  };
  for (const raw of cards) {
    const card = raw.replace(/\p{Cc}/gu, " ");
    const name = card.slice(0, 8).trim().toUpperCase();
    if (name === "CONTINUE" && card[8] !== "=") {
      open = continued(open, card);
      continue;
    }
    close();
    if (name === "" || name === "COMMENT" || name === "HISTORY") {
      keywords.addHistory(card.slice(8).trimEnd().replace(/^ /, ""));
      continue;
    }
    open = parseCard(card, name);
    if (open === null) oddities.push(`card "${card.trimEnd().slice(0, 40)}"`);
  }
  close();
  return { keywords, end, oddities };
}

/** A string that ends in & goes on in the next CONTINUE card (standard 4.2.1.2); a CONTINUE after anything else is comment. */
function continued(open: Card | null, card: string): Card | null {
  if (open === null || typeof open.value !== "string" || !open.value.endsWith("&")) return open;
  const { value, comment } = parseValue(card.slice(8));
  if (typeof value !== "string") return open;
  return { name: open.name, value: open.value.slice(0, -1) + value, comment: `${open.comment} ${comment}`.trim() };
}

/** `NAME    = value / comment`, `HIERARCH several words = value / comment`, and names of other lengths as some write them. */
function parseCard(card: string, name: string): Card | null {
  if (name !== "HIERARCH" && card[8] === "=" && /^[A-Z0-9_\-. ]+$/.test(name)) return { name, ...parseValue(card.slice(9)) };
  const free = /^(?:HIERARCH\s+)?([^='"/]{1,70}?)\s*=(.*)$/i.exec(card);
  return free === null ? null : { name: free[1], ...parseValue(free[2]) };
}

function parseValue(field: string): { value: KeywordValue; comment: string } {
  const text = field.trimStart();
  if (text.startsWith("'")) return parseString(text);
  const slash = text.indexOf("/");
  const comment = slash < 0 ? "" : text.slice(slash + 1).trim();
  return { value: parseBare(slash < 0 ? text : text.slice(0, slash)), comment };
}

/** Quotes inside are doubled; blanks at the end mean nothing. A string that is never closed reaches to the card's end. */
function parseString(text: string): { value: string; comment: string } {
  let at = 1;
  let value = "";
  for (;;) {
    const quote = text.indexOf("'", at);
    if (quote < 0) return { value: (value + text.slice(at)).trimEnd(), comment: "" };
    value += text.slice(at, quote);
    if (text[quote + 1] !== "'") {
      const rest = text.slice(quote + 1);
      const slash = rest.indexOf("/");
      return { value: value.trimEnd(), comment: slash < 0 ? "" : rest.slice(slash + 1).trim() };
    }
    value += "'";
    at = quote + 2;
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;

function parseBare(field: string): KeywordValue {
  const text = field.trim();
  if (text === "") return null;
  if (text === "T" || text === "t") return true;
  if (text === "F" || text === "f") return false;
  if (NUMBER.test(text)) return Number(text.replace(/[dD]/, "e"));
  return text;
}
