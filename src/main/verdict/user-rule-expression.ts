import { NebuliftError } from "../../shared/errors.ts";
import { noSuchName } from "./nearest-name.ts";
import { type PairSign, parseExpression, type RuleTree } from "./user-rule-grammar.ts";
import { isRuleText, RULE_NUMBER_NAMES, RULE_TEXTS, ruleNumber } from "./user-rule-names.ts";
import type { RuleFrame } from "./user-rule-night.ts";

/** null: not known, because the frame lacks a number. What follows from the unknown is unknown, unless the rest decides. */
type Of<T> = (frame: RuleFrame) => T | null;

type Part = { gives: "number"; of: Of<number> } | { gives: "text"; of: Of<string> } | { gives: "truth"; of: Of<boolean> };

export interface RuleExpression {
  holds: Of<boolean>;
  /** Names of numbers and texts, in the order in which they are used. */
  names: readonly string[];
  /** Whether it looks at other frames of the group. */
  relative: boolean;
}

interface Use {
  names: string[];
  relative: boolean;
}

/** Understands an expression once; names, functions and kinds of values are all checked here. Throws `bad-rules`. */
export function compileExpression(text: string): RuleExpression {
  const use: Use = { names: [], relative: false };
  const part = partOf(parseExpression(text), use);
  if (part.gives !== "truth") throw wrong(`it gives a ${part.gives}: compare it with something, as in fwhm > 3`);
  if (use.names.length === 0) throw wrong("it does not look at the frame: name at least one of its numbers");
  return { holds: part.of, names: use.names, relative: use.relative };
}

function partOf(tree: RuleTree, use: Use): Part {
  switch (tree.is) {
    case "value":
      return constant(tree.value);
    case "name":
      return named(tree.name, use);
    case "call":
      return call(tree.name, tree.given, use);
    case "sign":
      return signed(tree.sign, partOf(tree.of, use));
    case "pair":
      return pair(tree.sign, partOf(tree.left, use), partOf(tree.right, use));
  }
}

function constant(value: number | string | boolean): Part {
  if (typeof value === "number") return { gives: "number", of: () => value };
  if (typeof value === "string") return { gives: "text", of: () => value };
  return { gives: "truth", of: () => value };
}

function named(name: string, use: Use): Part {
  if (isRuleText(name)) {
    use.names.push(name);
    return { gives: "text", of: (frame) => frame.text(name) };
  }
  numberName(name, use);
  return { gives: "number", of: (frame) => frame.number(name) };
}

function numberName(name: string, use: Use): void {
  if (Object.hasOwn(OF_GROUP, name) || Object.hasOwn(OF_NUMBERS, name) || name === "known")
    throw wrong(`${name} is a function: write ${name}(...)`);
  if (ruleNumber(name) === null) throw wrong(noSuchName(name, [...RULE_NUMBER_NAMES, ...RULE_TEXTS]));
  use.names.push(name);
}

/** Functions of a metric's name: what the frame's group says of it. */
const OF_GROUP: Record<string, (name: string) => Of<number>> = {
  median: (name) => (frame) => frame.group.baseline(name)?.median ?? null,
  sigma: (name) => (frame) => frame.group.baseline(name)?.sigma ?? null,
  z: (name) => (frame) => whenKnown(frame.number(name), (value) => frame.group.z(name, value)),
  rank: (name) => (frame) => whenKnown(frame.number(name), (value) => frame.group.rank(name, value)),
};

/** Functions of numbers, with how many they take. */
const OF_NUMBERS: Record<string, { least: number; most: number; of: (...values: number[]) => number }> = {
  abs: { least: 1, most: 1, of: Math.abs },
  sqrt: { least: 1, most: 1, of: Math.sqrt },
  log10: { least: 1, most: 1, of: Math.log10 },
  min: { least: 2, most: 8, of: Math.min },
  max: { least: 2, most: 8, of: Math.max },
};

const FUNCTION_NAMES = [...Object.keys(OF_GROUP), ...Object.keys(OF_NUMBERS), "known"];

function call(name: string, given: readonly RuleTree[], use: Use): Part {
  if (name === "known") return known(given, use);
  if (Object.hasOwn(OF_GROUP, name)) {
    const [metric] = given;
    if (given.length !== 1 || metric?.is !== "name") throw wrong(`${name}() takes the name of one number, as in ${name}(fwhm)`);
    if (isRuleText(metric.name)) throw wrong(`${metric.name} is a text: ${name}() takes the name of a number`);
    numberName(metric.name, use);
    use.relative = true;
    return { gives: "number", of: OF_GROUP[name](metric.name) };
  }
  if (!Object.hasOwn(OF_NUMBERS, name)) throw wrong(`${noSuchName(name, FUNCTION_NAMES)} (functions: ${FUNCTION_NAMES.join(", ")})`);
  const { least, most, of } = OF_NUMBERS[name];
  if (given.length < least || given.length > most)
    throw wrong(`${name}() takes ${least === most ? least : `${least} to ${most}`} values, not ${given.length}`);
  const parts = given.map((tree) => numeric(partOf(tree, use), `${name}()`));
  return { gives: "number", of: (frame) => finite(allKnown(parts, frame), of) };
}

/** Whether a frame has a number or a text at all. */
function known(given: readonly RuleTree[], use: Use): Part {
  const [tree] = given;
  if (given.length !== 1 || tree?.is !== "name") throw wrong("known() takes one name, as in known(altitude)");
  const { of } = named(tree.name, use);
  return { gives: "truth", of: (frame) => of(frame) !== null };
}

function signed(sign: "not" | "-" | "+", part: Part): Part {
  if (sign === "not") {
    if (part.gives !== "truth") throw wrong("not takes a comparison in brackets, as in not (fwhm > 3)");
    return { gives: "truth", of: (frame) => whenKnown(part.of(frame), (value) => !value) };
  }
  const of = numeric(part, `the sign ${sign}`);
  return { gives: "number", of: sign === "+" ? of : (frame) => whenKnown(of(frame), (value) => -value) };
}

function pair(sign: PairSign, left: Part, right: Part): Part {
  switch (sign) {
    case "and":
    case "or":
      return { gives: "truth", of: logical(sign, truth(left, sign), truth(right, sign)) };
    case "==":
    case "!=":
      return { gives: "truth", of: equal(sign === "==", left, right) };
    case "<":
    case "<=":
    case ">":
    case ">=": {
      if (left.gives === "truth") throw wrong("comparisons do not chain: write 2 < fwhm and fwhm < 4");
      const a = numeric(left, `the sign ${sign}`);
      const b = numeric(right, `the sign ${sign}`);
      const holds = ORDER[sign];
      return { gives: "truth", of: (frame) => bothKnown(a(frame), b(frame), holds) };
    }
    default: {
      const a = numeric(left, `the sign ${sign}`);
      const b = numeric(right, `the sign ${sign}`);
      const result = ARITHMETIC[sign];
      return { gives: "number", of: (frame) => whenKnown(bothKnown(a(frame), b(frame), result), finiteOrUnknown) };
    }
  }
}

const ORDER: Record<"<" | "<=" | ">" | ">=", (a: number, b: number) => boolean> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

const ARITHMETIC: Record<"+" | "-" | "*" | "/", (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};

/** Kleene's three-valued logic: `false and unknown` is false, `true or unknown` is true, all else with unknown is unknown. */
function logical(sign: "and" | "or", left: Of<boolean>, right: Of<boolean>): Of<boolean> {
  const decides = sign === "or";
  return (frame) => {
    const a = left(frame);
    if (a === decides) return decides;
    const b = right(frame);
    if (b === decides) return decides;
    return a === null || b === null ? null : !decides;
  };
}

function equal(wanted: boolean, left: Part, right: Part): Of<boolean> {
  if (left.gives !== right.gives) throw wrong(`a ${left.gives} cannot be compared with a ${right.gives}`);
  // Programs write filters and objects in any case of letters, often padded.
  const plain = (value: number | string | boolean): number | string | boolean =>
    typeof value === "string" ? value.trim().toLowerCase() : value;
  return (frame) =>
    bothKnown<number | string | boolean, boolean>(left.of(frame), right.of(frame), (a, b) => (plain(a) === plain(b)) === wanted);
}

function numeric(part: Part, where: string): Of<number> {
  if (part.gives !== "number") throw wrong(`${where} takes numbers, not a ${part.gives}`);
  return part.of;
}

function truth(part: Part, where: string): Of<boolean> {
  if (part.gives !== "truth")
    throw wrong(`"${where}" joins comparisons, as in fwhm > 3 ${where} stars < 200; it was given a ${part.gives}`);
  return part.of;
}

function whenKnown<T, R>(value: T | null, then: (value: T) => R | null): R | null {
  return value === null ? null : then(value);
}

function bothKnown<T, R>(a: T | null, b: T | null, then: (a: T, b: T) => R): R | null {
  return a === null || b === null ? null : then(a, b);
}

function allKnown(parts: readonly Of<number>[], frame: RuleFrame): number[] | null {
  const values: number[] = [];
  for (const part of parts) {
    const value = part(frame);
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

/** Dividing by zero or the root of a negative number gives nothing that could be compared. */
function finiteOrUnknown(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function finite(values: readonly number[] | null, of: (...values: number[]) => number): number | null {
  return values === null ? null : finiteOrUnknown(of(...values));
}

function wrong(detail: string): NebuliftError {
  return new NebuliftError("bad-rules", detail);
}
