import { XMLParser } from "fast-xml-parser";
import { NebuliftError } from "../../shared/errors.ts";

/** An element of a XISF header: names without namespace prefix, attribute values with entities resolved. */
export interface XisfElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XisfElement[];
  /** All character data directly within the element. */
  text: string;
}

/** No header of a real frame comes near; inline pixels are what makes one large. */
const MOST_ELEMENTS = 200_000;
const DEEPEST = 64;

/**
 * Parses the XML header of a XISF unit and returns its root. Entities are never expanded beyond XML's own five and
 * character references, document types are refused. Throws `bad-header`.
 */
export function parseXisfXml(text: string): XisfElement {
  if (/<!DOCTYPE/i.test(text)) throw new NebuliftError("bad-header", "document type in a XISF header");
  if (countOf(text, "<") > 2 * MOST_ELEMENTS) throw new NebuliftError("bad-header", `more than ${MOST_ELEMENTS} elements`);
  const root = parse(text)
    .flatMap((node) => elementOf(node, 0) ?? [])
    .find((element) => element.name === "xisf");
  if (!root) throw new NebuliftError("bad-header", "no xisf element");
  return root;
}

export function childrenNamed(element: XisfElement, name: string): XisfElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The element and everything below it, in document order. */
export function* descendants(element: XisfElement): Generator<XisfElement> {
  yield element;
  for (const child of element.children) yield* descendants(child);
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  allowBooleanAttributes: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  htmlEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  maxNestedTags: DEEPEST,
  cdataPropName: "#cdata",
});

function parse(text: string): unknown[] {
  try {
    const nodes: unknown = parser.parse(text);
    return Array.isArray(nodes) ? nodes : [];
  } catch (error) {
    throw new NebuliftError("bad-header", error instanceof Error ? error.message.slice(0, 200) : "malformed XML", error);
  }
}

function elementOf(node: unknown, depth: number): XisfElement | null {
  if (!isRecord(node) || depth > DEEPEST) return null;
  const name = Object.keys(node).find((key) => key !== ":@" && !key.startsWith("#"));
  if (name === undefined) return null;
  const inner = node[name];
  const children: XisfElement[] = [];
  let text = "";
  for (const part of Array.isArray(inner) ? inner : []) {
    const child = elementOf(part, depth + 1);
    if (child) children.push(child);
    else text += textOf(part);
  }
  return { name, attributes: attributesOf(node[":@"]), children, text };
}

function attributesOf(attributes: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (isRecord(attributes)) {
    for (const [name, value] of Object.entries(attributes)) found.set(name, resolveEntities(String(value)));
  }
  return found;
}

function textOf(part: unknown): string {
  if (!isRecord(part)) return "";
  if (typeof part["#text"] === "string") return resolveEntities(part["#text"]);
  const literal = part["#cdata"];
  return Array.isArray(literal) ? literal.map((inner: unknown) => (isRecord(inner) ? String(inner["#text"] ?? "") : "")).join("") : "";
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = hex === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hex, 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

function countOf(text: string, mark: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) count++;
  return count;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
