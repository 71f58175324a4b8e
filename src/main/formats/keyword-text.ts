import type { Keywords, KeywordValue } from "./keywords.ts";

/**
 * A FITS value as other formats carry it, as text: `'a string'` (quotes doubled inside), a number, T or F, else the text
 * itself; null when empty.
 */
export function keywordValue(text: string): KeywordValue {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const quoted = /^'((?:[^']|'')*)'?$/.exec(trimmed);
  if (quoted) return quoted[1].replaceAll("''", "'").trimEnd();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/.test(trimmed)) return Number(trimmed.replace(/[dD]/, "e"));
  if (trimmed === "T") return true;
  return trimmed === "F" ? false : trimmed;
}

const CARD = /^([A-Z0-9_-]{1,8}) *= *('(?:[^']|'')*'|[^/]*)(?:\/(.*))?$/i;
const CARD_LENGTH = 80;

/** Adds the cards of a FITS header kept as text (one a line, or 80 characters each), as Siril and ASTAP write into TIFF and PNG. */
export function addHeaderText(text: string, keywords: Keywords): void {
  const lines = /[\r\n]/.test(text) ? text.split(/[\r\n]+/) : chunks(text);
  for (const line of lines) {
    const card = CARD.exec(line.trim());
    if (card) keywords.add(card[1], keywordValue(card[2]), (card[3] ?? "").trim());
    else if (/^(?:HISTORY|COMMENT) /.test(line)) keywords.addHistory(line.slice(8).trim());
  }
}

function chunks(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / CARD_LENGTH) }, (_, i) => text.slice(i * CARD_LENGTH, (i + 1) * CARD_LENGTH));
}
