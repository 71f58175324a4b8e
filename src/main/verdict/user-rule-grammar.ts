import jsep from "jsep";
import { NebuliftError } from "../../shared/errors.ts";

/** Longest text and deepest nesting of an expression: far above what anybody writes, far below what could exhaust anything. */
const LONGEST = 500;
const DEEPEST = 40;

// jsep is set up once for the whole process, and rules are all it is used for: what is not listed here is no operator.
jsep.removeAllBinaryOps();
jsep.removeAllUnaryOps();
for (const word of ["or", "OR", "||"]) jsep.addBinaryOp(word, 1);
for (const word of ["and", "AND", "&&"]) jsep.addBinaryOp(word, 2);
for (const sign of ["==", "!="]) jsep.addBinaryOp(sign, 6);
for (const sign of ["<", "<=", ">", ">="]) jsep.addBinaryOp(sign, 7);
for (const sign of ["+", "-"]) jsep.addBinaryOp(sign, 9);
for (const sign of ["*", "/"]) jsep.addBinaryOp(sign, 10);
for (const word of ["not", "NOT", "!", "-", "+"]) jsep.addUnaryOp(word);
jsep.removeLiteral("null");

/** What is left of an expression's text: nothing else can be written. */
export type RuleTree =
  | { is: "value"; value: number | string | boolean }
  | { is: "name"; name: string }
  | { is: "call"; name: string; given: RuleTree[] }
  | { is: "sign"; sign: "not" | "-" | "+"; of: RuleTree }
  | { is: "pair"; sign: PairSign; left: RuleTree; right: RuleTree };

export type PairSign = "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/";

const SPELLINGS = new Map<string, PairSign>([
  ...(["or", "and", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"] as const).map((sign): [string, PairSign] => [sign, sign]),
  ["OR", "or"],
  ["||", "or"],
  ["AND", "and"],
  ["&&", "and"],
]);

/** Throws `bad-rules` with what is wrong and where. */
export function parseExpression(text: string): RuleTree {
  if (text.length > LONGEST) throw wrong(`an expression has at most ${LONGEST} characters, this one has ${text.length}`);
  return treeOf(parsed(text), 0);
}

function parsed(text: string): jsep.Expression {
  try {
    return jsep(text);
  } catch (error) {
    const at = error instanceof Error && "index" in error && typeof error.index === "number" ? error.index : null;
    const what = error instanceof Error && "description" in error ? String(error.description) : "it cannot be understood";
    const hint = at !== null && text[at] === "=" ? "; to compare, write ==" : "";
    throw wrong(`${what}${at === null ? "" : ` at character ${at + 1}`}${hint}`, error);
  }
}

function treeOf(expression: jsep.Expression, depth: number): RuleTree {
  if (depth > DEEPEST) throw wrong(`brackets and signs are nested more than ${DEEPEST} deep`);
  const node = expression as jsep.CoreExpression;
  const next = (part: jsep.Expression): RuleTree => treeOf(part, depth + 1);
  switch (node.type) {
    case "Literal":
      return literal(node.value);
    case "Identifier":
      return { is: "name", name: node.name };
    case "CallExpression":
      if (node.callee.type !== "Identifier") throw wrong("only the functions listed in docs/rules.md can be called");
      return { is: "call", name: (node.callee as jsep.Identifier).name, given: node.arguments.map(next) };
    case "UnaryExpression": {
      const sign = node.operator.toLowerCase();
      return { is: "sign", sign: sign === "-" || sign === "+" ? sign : "not", of: next(node.argument) };
    }
    case "BinaryExpression": {
      const sign = SPELLINGS.get(node.operator);
      if (sign === undefined) throw wrong(`there is no sign ${node.operator}`);
      return { is: "pair", sign, left: next(node.left), right: next(node.right) };
    }
    case "Compound":
      throw wrong(
        node.body.length === 0 ? "it is empty" : "two values stand side by side without a sign, or a bracket or quotation mark is missing",
      );
    default:
      throw wrong("only numbers, texts in quotation marks, names, comparisons, arithmetic and the listed functions are possible");
  }
}

function literal(value: jsep.Literal["value"]): RuleTree {
  if (typeof value === "number" && !Number.isFinite(value)) throw wrong("a number is too large");
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return { is: "value", value };
  throw wrong("only numbers, texts and true or false are values");
}

function wrong(detail: string, cause?: unknown): NebuliftError {
  return new NebuliftError("bad-rules", detail, cause);
}
