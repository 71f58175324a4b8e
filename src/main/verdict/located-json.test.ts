import fc from "fast-check";
import { expect, it, test } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { parseLocated } from "./located-json.ts";

test("means what JSON.parse means", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      fc.pre(!text.includes('"__proto__"'));
      expect(parseLocated(text).value).toEqual(JSON.parse(text));
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("takes what JSON.parse takes and refuses what it refuses, with a line", () => {
  const bits = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    '"a"',
    '"b"',
    "1",
    "-0.5e3",
    "01",
    "1.",
    "true",
    "nul",
    "null",
    "\\",
    "\n",
    " ",
    "\\u0041",
    "é",
  ];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...bits), { maxLength: 12 }).map((parts) => parts.join("")),
    fc.string({ maxLength: 30 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      let fine = true;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        fine = false;
      }
      try {
        expect(parseLocated(text).value).toEqual(value);
        expect(fine).toBe(true);
      } catch (error) {
        if (!(error instanceof NebuliftError)) throw error;
        expect(error.detail).toMatch(/^line \d+, column \d+: /);
        if (fine) expect(error.detail).toContain("given twice");
      }
    }),
    { seed: 12, numRuns: 5000 },
  );
});

it.each([
  ['{"a": 1,}', "line 1, column 9: a comma with nothing after it before }"],
  ['{\n "a": 1\n "b": 2\n}', 'line 3, column 2: there is "\\"" where a comma or } is expected'],
  ["{a: 1}", 'line 1, column 2: there is "a" where a name in double quotation marks is expected'],
  ["{\n // soft\n}", "line 2, column 2: JSON has no comments"],
  ["{'a': 1}", 'there is "\'" where a name'],
  ['{"a": tru}', "where a value is expected"],
  ['{"a": 1, "a": 2}', 'line 1, column 10: "a" is given twice'],
  ['{"__proto__": 1}', "there is no"],
  ['{"a": "b\n"}', "not closed on its line"],
  ['["a', "line 1, column 2: the quotation mark is not closed"],
  ['["C:\\nights\\x"]', "a backslash that JSON does not know"],
  ["[1] 2", 'there is "2" after the end'],
  ["", "the file ends where a value is expected"],
  ["[".repeat(50_000), "nested more than 20 deep"],
  ["\ufeff[1", "the file ends where a comma or ] is expected"],
])("%j: %s", (text, words) => {
  expect(() => parseLocated(text)).toThrow(expect.objectContaining({ code: "bad-rules", detail: expect.stringContaining(words) }));
});

test("finds every value again, and what is missing where it should be", () => {
  const { lineOf } = parseLocated('\ufeff{\n "a": [\n  1,\n  { "b":\n   2 }\n ]\n}');
  expect(lineOf(["a"])).toBe(2);
  expect(lineOf(["a", 0])).toBe(3);
  expect(lineOf(["a", 1, "b"])).toBe(5);
  expect(lineOf(["a", 1, "nothing"])).toBe(4);
  expect(lineOf([])).toBe(1);
});
