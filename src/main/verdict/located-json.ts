import { NebuliftError } from "../../shared/errors.ts";

/** A parsed document that knows where its parts stand. */
export interface LocatedJson {
  value: unknown;
  /** Line (from 1) of the value at this path, or of the nearest thing around it that is there. */
  lineOf: (path: readonly PropertyKey[]) => number;
}

const DEEPEST = 20;

/**
 * JSON (RFC 8259), read so that every value can be found again in the text: people write these files by hand. Stricter than
 * JSON.parse where that would drop something unseen: a name given twice is an error. Throws `bad-rules` with line and column.
 */
export function parseLocated(text: string): LocatedJson {
  const reader = new JsonReader(text);
  const value = reader.document();
  return {
    value,
    lineOf: (path) => {
      for (let length = path.length; length >= 0; length--) {
        const at = reader.places.get(placeKey(path.slice(0, length)));
        if (at !== undefined) return lineAndColumn(text, at).line;
      }
      return 1;
    },
  };
}

function placeKey(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

function lineAndColumn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z]+/y;
const WORDS = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

class JsonReader {
  readonly places = new Map<string, number>();
  readonly #text: string;
  readonly #path: PropertyKey[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#wrong(`${this.#seen()} after the end`);
    return value;
  }

  #value(): unknown {
    this.#space();
    this.places.set(placeKey(this.#path), this.#at);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    this.#list("}", () => {
      if (this.#text[this.#at] !== '"') throw this.#wrong(`${this.#seen()} where a name in double quotation marks is expected`);
      const at = this.#at;
      const name = this.#string();
      if (name === "__proto__" || Object.hasOwn(out, name)) {
        this.#at = at;
        throw this.#wrong(name === "__proto__" ? `there is no ${JSON.stringify(name)}` : `${JSON.stringify(name)} is given twice`);
      }
      this.#space();
      if (this.#text[this.#at] !== ":") throw this.#wrong(`${this.#seen()} where a colon is expected`);
      this.#at++;
      this.#path.push(name);
      out[name] = this.#value();
      this.#path.pop();
    });
    return out;
  }

  #array(): unknown[] {
    const out: unknown[] = [];
    this.#list("]", () => {
      this.#path.push(out.length);
      out.push(this.#value());
      this.#path.pop();
    });
    return out;
  }

  /** What stands between brackets, with commas between. */
  #list(end: "}" | "]", item: () => void): void {
    if (this.#path.length >= DEEPEST) throw this.#wrong(`brackets are nested more than ${DEEPEST} deep`);
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      this.#space();
      const next = this.#text[this.#at];
      if (next !== "," && next !== end) throw this.#wrong(`${this.#seen()} where a comma or ${end} is expected`);
      this.#at++;
      if (next === end) return;
      this.#space();
      if (this.#text[this.#at] === end) throw this.#wrong(`a comma with nothing after it before ${end}`);
    }
  }

  #string(): string {
    const from = this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      if (this.#text.charCodeAt(this.#at) < 0x20) throw this.#wrong("the quotation mark is not closed on its line");
      this.#at += this.#text[this.#at] === "\\" ? 2 : 1;
    }
    if (this.#at >= this.#text.length) {
      this.#at = from;
      throw this.#wrong("the quotation mark is not closed");
    }
    this.#at++;
    try {
      return String(JSON.parse(this.#text.slice(from, this.#at)));
    } catch (error) {
      this.#at = from;
      throw this.#wrong("a backslash that JSON does not know; write \\\\ for one", error);
    }
  }

  #scalar(): unknown {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0];
    const known = word === undefined ? undefined : WORDS.get(word);
    if (word !== undefined && known !== undefined) {
      this.#at += word.length;
      return known;
    }
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number === undefined) throw this.#wrong(`${this.#seen()} where a value is expected`);
    this.#at += number.length;
    return Number(number);
  }

  #space(): void {
    while (this.#at < this.#text.length && " \t\r\n".includes(this.#text[this.#at])) this.#at++;
    if (this.#text.startsWith("//", this.#at) || this.#text.startsWith("/*", this.#at))
      throw this.#wrong("JSON has no comments; give a rule a name instead");
  }

  #seen(): string {
    const next = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    return this.#at >= this.#text.length ? "the file ends" : `there is ${JSON.stringify(next)}`;
  }

  #wrong(what: string, cause?: unknown): NebuliftError {
    const { line, column } = lineAndColumn(this.#text, this.#at);
    return new NebuliftError("bad-rules", `line ${line}, column ${column}: ${what}`, cause);
  }
}
