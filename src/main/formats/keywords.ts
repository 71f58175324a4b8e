export type KeywordValue = string | number | boolean | null;

/** One header entry: a value and what the writer said about it. */
export interface Keyword {
  value: KeywordValue;
  comment: string;
}

/** Commentary is kept up to this many lines: some programs write their whole log. */
const MAXIMUM_HISTORY = 20_000;

function fold(name: string): string {
  return name.trim().replace(/\s+/g, " ").toUpperCase();
}

/**
 * A header's keywords: names folded to upper case, HIERARCH names without that word (`ESO DET GAIN`). The standard leaves
 * repeated keywords undefined; like cfitsio and astropy the first one wins, unless it had no value.
 */
export class Keywords {
  private readonly entries = new Map<string, Keyword>();
  private readonly lines: string[] = [];

  get size(): number {
    return this.entries.size;
  }

  add(name: string, value: KeywordValue, comment = ""): void {
    const key = fold(name);
    if (key === "") return;
    const before = this.entries.get(key);
    if (before === undefined || (before.value === null && value !== null)) this.entries.set(key, { value, comment });
  }

  /** HISTORY and COMMENT lines, in file order. */
  addHistory(line: string): void {
    if (line !== "" && this.lines.length < MAXIMUM_HISTORY) this.lines.push(line);
  }

  get history(): readonly string[] {
    return this.lines;
  }

  has(name: string): boolean {
    return this.entries.has(fold(name));
  }

  /** The value; null when the keyword is absent or has none. */
  get(name: string): KeywordValue {
    return this.entries.get(fold(name))?.value ?? null;
  }

  comment(name: string): string {
    return this.entries.get(fold(name))?.comment ?? "";
  }

  /** Non-empty trimmed text; numbers and logicals as the header would show them; null when there is none. */
  text(name: string): string | null {
    const value = this.get(name);
    if (value === null) return null;
    const text = String(value).trim();
    return text === "" ? null : text;
  }

  /** A finite number, also from a string such as `'-10.5 C'` or `'1,5'`; null when there is none. */
  number(name: string): number | null {
    const value = this.get(name);
    if (typeof value === "number") return Number.isFinite(value) ? value : null;
    return typeof value === "string" ? numberFromText(value) : null;
  }

  /** What FITS calls an integer; null for anything else. Strings are taken too: some writers quote every value. */
  integer(name: string): number | null {
    const value = this.number(name);
    return value !== null && Number.isSafeInteger(value) ? value : null;
  }

  names(): IterableIterator<string> {
    return this.entries.keys();
  }

  /** These keywords, and those of `others` that are not among them: what an extension inherits from its primary header. */
  over(others: Keywords): Keywords {
    const merged = new Keywords();
    for (const source of [this, others]) {
      for (const [name, { value, comment }] of source.entries) merged.add(name, value, comment);
      for (const line of source.lines) merged.addHistory(line);
    }
    return merged;
  }
}

const LEADING_NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eEdD][+-]?\d+)?(?![\d.,:])/;

/** The number a text begins with, after which only a unit may come: `120`, `120 s`, `-10.5C`, `1,5`, `1.0D-3`. */
export function numberFromText(text: string): number | null {
  const match = LEADING_NUMBER.exec(text.trim());
  if (match === null) return null;
  const rest = text.trim().slice(match[0].length).trim();
  if (rest !== "" && !/^[^\d\s/][^\d]{0,15}\d?$/.test(rest)) return null;
  const value = Number(match[0].replace(",", ".").replace(/[dD]/, "e"));
  return Number.isFinite(value) ? value : null;
}
