import { NebuliftError } from "../../shared/errors.ts";
import type { ByteSource } from "./fits-source.ts";
import type { HeaderEdit, HeaderKeyword } from "./header-keyword.ts";
import { childrenNamed, descendants, parseXisfXml, type XisfElement } from "./xisf-xml.ts";

/** XISF 1.0, 9.2: signature, header length, 4 reserved bytes. */
const START = 16;
const LARGEST_HEADER = 64 << 20;
/** Blocks that have to move do so by whole pages, which keeps them aligned as they were. */
const PAGE = 4096;

export function xisfKeywordEdit(source: ByteSource, keyword: HeaderKeyword): HeaderEdit {
  const { xml, length } = readXml(source);
  if (/<(?:[\w.-]+:)?Signature[\s>]/.test(xml))
    throw new NebuliftError("unsupported", "the XISF file is signed, and a change would break its seal");
  const changed = withKeyword(xml, keyword);
  const blocks = [...xml.matchAll(LOCATION)].map((found) => Number(found[2]));
  const first = blocks.length > 0 ? Math.min(...blocks) : START + length;
  if (first < START + length || first > source.size) throw new NebuliftError("bad-header", `a block begins at byte ${first}`);
  const bytes = blocks.length > 0 ? relocated(changed, first) : header(changed, START + Buffer.byteLength(changed));
  check(bytes, keyword);
  return { start: 0, oldLength: first, bytes };
}

export function xisfKeywordValue(source: ByteSource, name: string): number | null {
  return valueIn(readXml(source).xml, name);
}

function valueIn(xml: string, name: string): number | null {
  const image = imageOf(parseXisfXml(xml));
  const found = image && childrenNamed(image, "FITSKeyword").find((child) => child.attributes.get("name")?.toUpperCase() === name);
  const value = Number(found?.attributes.get("value") || Number.NaN);
  return Number.isFinite(value) ? value : null;
}

/** The image that is read: the first one with two dimensions (xisf-image.ts). */
function imageOf(root: XisfElement): XisfElement | null {
  for (const element of descendants(root)) {
    if (element.name === "Image" && (element.attributes.get("geometry") ?? "").split(":").length === 3) return element;
  }
  return null;
}

function readXml(source: ByteSource): { xml: string; length: number } {
  const start = new Uint8Array(START);
  if (source.readUpTo(0, start) < START) throw new NebuliftError("truncated", "the file ends within its first 16 bytes");
  const length = Buffer.from(start.buffer).readUInt32LE(8);
  if (length === 0 || length > LARGEST_HEADER) throw new NebuliftError("bad-header", `header of ${length} bytes`);
  const bytes = Buffer.alloc(Math.min(length, source.size - START));
  if (bytes.length < length || source.readUpTo(START, bytes) < length)
    throw new NebuliftError("truncated", "the file ends inside its header");
  const end = bytes.indexOf(0);
  return { xml: bytes.toString("utf8", 0, end < 0 ? length : end), length };
}

const LOCATION = /(\slocation\s*=\s*["']attachment:)(\d{1,15})(?=:\d)/g;

interface Tag {
  from: number;
  to: number;
  /** Between the brackets. */
  text: string;
}

/** Tags one by one; comments, character data and instructions are stepped over. Every byte is looked at once. */
function* tagsOf(xml: string): Generator<Tag> {
  const after = (what: string, from: number): number => {
    const found = xml.indexOf(what, from);
    if (found < 0) throw new NebuliftError("bad-header", `${what} is missing`);
    return found + what.length;
  };
  for (let from = xml.indexOf("<"); from >= 0; ) {
    let to = from + 1;
    if (xml.startsWith("<!--", from)) to = after("-->", from + 4);
    else if (xml.startsWith("<![CDATA[", from)) to = after("]]>", from + 9);
    else if (xml.startsWith("<?", from)) to = after("?>", from + 2);
    else {
      while (to < xml.length && xml[to] !== ">") to = xml[to] === '"' || xml[to] === "'" ? after(xml[to], to + 1) : to + 1;
      to = after(">", to);
      yield { from, to, text: xml.slice(from + 1, to - 1) };
    }
    from = xml.indexOf("<", to);
  }
}

/** The header with the keyword in its image, in the place of an earlier value if it has one. */
function withKeyword(xml: string, { name, value, comment }: HeaderKeyword): string {
  let image: (Tag & { name: string }) | null = null;
  for (const tag of tagsOf(xml)) {
    const full = /^\/?[^\s/]+/.exec(tag.text)?.[0] ?? "";
    const local = full.replace(/^(\/?)[^:]*:/, "$1");
    if (image === null) {
      if (local === "Image" && /\sgeometry\s*=\s*["']\d+:\d+:\d+["']/.test(tag.text)) image = { ...tag, name: full };
      if (image?.text.endsWith("/")) break;
    } else if (local === "/Image") break;
    else if (local === "FITSKeyword" && attribute(tag.text, "name")?.toUpperCase() === name) {
      const changed = `<${full} name="${name}" value="${value}" comment="${comment}"${tag.text.endsWith("/") ? "/" : ""}>`;
      return xml.slice(0, tag.from) + changed + xml.slice(tag.to);
    }
  }
  if (image === null) throw new NebuliftError("bad-header", "no Image element");
  const prefix = image.name.includes(":") ? image.name.slice(0, image.name.indexOf(":") + 1) : "";
  const keyword = `<${prefix}FITSKeyword name="${name}" value="${value}" comment="${comment}"/>`;
  const opened = image.text.endsWith("/")
    ? `<${image.text.slice(0, -1).trimEnd()}>${keyword}</${image.name}>`
    : `<${image.text}>${keyword}`;
  return xml.slice(0, image.from) + opened + xml.slice(image.to);
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1];
}

/** Header and padding up to where the first block begins now; blocks move only when the header needs their room. */
function relocated(xml: string, first: number): Buffer {
  for (let move = 0; ; move += PAGE) {
    const moved = move === 0 ? xml : xml.replace(LOCATION, (_, before: string, position: string) => before + (Number(position) + move));
    if (START + Buffer.byteLength(moved) <= first + move) return header(moved, first + move);
  }
}

function header(xml: string, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.write("XISF0100", 0, "latin1");
  bytes.writeUInt32LE(Buffer.byteLength(xml), 8);
  bytes.write(xml, START, "utf8");
  return bytes;
}

/** The text was changed as text: what an XML reader makes of it must have the keyword. */
function check(bytes: Buffer, { name, value }: HeaderKeyword): void {
  const xml = bytes.toString("utf8", START, START + bytes.readUInt32LE(8));
  if (valueIn(xml, name) !== value)
    throw new NebuliftError("unsupported", "the XISF header is written in a way that cannot be changed safely");
}
