/** One record of a CSV file and the line it begins in (from 1). */
export interface CsvRecord {
  line: number;
  fields: string[];
}

const SEPARATORS = [",", ";", "\t"] as const;

/**
 * Reads RFC 4180, and what spreadsheets make of it: a byte order mark, `;` or tabs between the fields (whichever the first
 * line has most of), any line ending. Empty lines are passed over. Never throws: an open quote ends with the text.
 */
export function csvRecords(text: string): CsvRecord[] {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const separator = separatorOf(body);
  const records: CsvRecord[] = [];
  let at = 0;
  let line = 1;
  while (at < body.length) {
    const record: CsvRecord = { line, fields: [] };
    let more = true;
    while (more) {
      const { field, next, lines } = readField(body, at, separator);
      record.fields.push(field);
      line += lines;
      more = body[next] === separator;
      at = more ? next + 1 : endOfLine(body, next);
    }
    line++;
    if (record.fields.length > 1 || record.fields[0].trim() !== "") records.push(record);
  }
  return records;
}

function separatorOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const head = end < 0 ? text : text.slice(0, end);
  const count = (separator: string): number => head.split(separator).length;
  return SEPARATORS.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

function endOfLine(text: string, at: number): number {
  return text[at] === "\r" && text[at + 1] === "\n" ? at + 2 : at + 1;
}

/** One field from `at`; `next` is where its separator, line ending or the end of the text stands. */
function readField(text: string, at: number, separator: string): { field: string; next: number; lines: number } {
  const isEnd = (c: string | undefined): boolean => c === undefined || c === separator || c === "\n" || c === "\r";
  if (text[at] !== '"') {
    let next = at;
    while (!isEnd(text[next])) next++;
    return { field: text.slice(at, next), next, lines: 0 };
  }
  const parts: string[] = [];
  let lines = 0;
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    const part = quote < 0 ? text.slice(from) : text.slice(from, quote);
    lines += part.split("\n").length - 1;
    parts.push(part);
    if (quote < 0) return { field: parts.join('"'), next: text.length, lines };
    if (text[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    let next = quote + 1;
    while (!isEnd(text[next])) next++;
    return { field: parts.join('"') + text.slice(quote + 1, next), next, lines };
  }
}
