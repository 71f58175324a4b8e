import type { Random } from "../../src/main/simulate/random.ts";
import { EDGES } from "./mutate-bytes.ts";

type XmlMutator = (xml: string, random: Random) => string;

const GEOMETRIES = [
  "0:0:0",
  "640:480",
  "641:480:1",
  "639:480:1",
  "640:480:3",
  "1:1:1",
  "-1:480:1",
  "99999:99999:99",
  "4294967296:4294967296:1",
  "a:b:c",
  "20000:20000:1",
  "640:480:1:1",
  "6.4e2:480:1",
] as const;
const CODECS = ["zlib", "lz4", "lz4hc", "zstd", "zlib+sh", "lz4+sh", "zstd+sh", "lzma", "", "+sh"] as const;
const FORMATS = [
  "UInt8",
  "UInt16",
  "UInt32",
  "UInt64",
  "Int8",
  "Int16",
  "Int32",
  "Int64",
  "Float32",
  "Float64",
  "Complex32",
  "uint16",
  "",
] as const;

function size(random: Random): string {
  return random.pick([
    "0",
    "1",
    "614400",
    "614401",
    "614399",
    "1228800",
    "1e9",
    "-5",
    "999999999999999",
    "9999999999999999",
    "",
    `${random.pick(EDGES)}`,
  ]);
}

function location(random: Random): string {
  const kinds = [
    `attachment:${size(random)}:${size(random)}`,
    `attachment:8192:${size(random)}`,
    `attachment:${random.integer(9000)}:614400`,
    "attachment:8192",
    "inline:base64",
    "inline:hex",
    "inline:rot13",
    "embedded",
    "url(http://127.0.0.1/x)",
    "path(/etc/passwd)",
    "",
  ] as const;
  return random.pick(kinds);
}

/** Gives an attribute, wherever it first stands, another value. */
function attribute(xml: string, name: string, value: string): string {
  const pattern = new RegExp(`(\\s${name}=")[^"]*"`);
  return pattern.test(xml)
    ? xml.replace(pattern, (_, start: string) => `${start}${value}"`)
    : xml.replace("<Image ", `<Image ${name}="${value}" `);
}

const WAYS: readonly [XmlMutator, ...XmlMutator[]] = [
  (xml, random) => attribute(xml, "geometry", random.pick(GEOMETRIES)),
  (xml, random) => attribute(xml, "location", location(random)),
  (xml, random) => attribute(xml, "sampleFormat", random.pick(FORMATS)),
  (xml, random) => attribute(xml, "compression", `${random.pick(CODECS)}:${size(random)}:${random.integer(20)}`),
  (xml, random) =>
    attribute(xml, "subblocks", Array.from({ length: 1 + random.integer(5) }, () => `${size(random)},${size(random)}`).join(":")),
  (xml, random) => attribute(xml, "pixelStorage", random.pick(["Normal", "Planar", "planar", "x"])),
  (xml, random) => attribute(xml, "byteOrder", random.pick(["big", "little", "middle"])),
  (xml, random) => attribute(xml, "colorSpace", random.pick(["RGB", "Gray", "CIELab", ""])),
  (xml, random) => attribute(xml, "bounds", random.pick(["0:1", "1:0", "NaN:1", "0:1e308", "-1e308:1e308", "0", "0:65535"])),
  (xml, random) => attribute(xml, "checksum", random.pick(["sha-1:00", "sha-256:zz", "md5:00", "sha3-512:ff", ":", "sha-1"])),
  (xml, random) => xml.replace(/"[^"]*"/, `"${"&amp;".repeat(random.integer(2000))}"`),
  (xml) => xml.replace("<xisf", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xisf').replace("</xisf>", "&b;</xisf>"),
  (xml, random) => xml.replace("</xisf>", `${"<a>".repeat(random.integer(5000))}</xisf>`),
  (xml, random) => {
    const depth = random.integer(200);
    return xml.replace("<Image ", `${"<Image>".repeat(depth)}<Image `).replace("</Image>", `</Image>${"</Image>".repeat(depth)}`);
  },
  (xml, random) => xml.replace("</xisf>", `${'<FITSKeyword name="A" value="1" comment=""/>'.repeat(random.integer(3000))}</xisf>`),
  (xml) => xml.replace(/<Image /, '<Image geometry="8:8:1" sampleFormat="UInt8" location="attachment:0:64"/><Image '),
  (xml) => xml.replace("<Image ", '<Reference ref="r"/><Image uid="r" '),
  (xml, random) => xml.slice(0, random.integer(xml.length)),
  (xml, random) => {
    const at = random.integer(xml.length);
    return (
      xml.slice(0, at) +
      random.pick(["<", ">", '"', "&", "\0", "\ufeff", "]]>", "<![CDATA[", "<!--", "&#x0;", "&#99999999;", "xmlns:", '__proto__="1" ']) +
      xml.slice(at)
    );
  },
  (xml, random) => {
    const at = random.integer(xml.length);
    return xml.slice(0, at) + xml.slice(at + 1 + random.integer(30));
  },
  (xml) => xml.replaceAll("FITSKeyword", "__proto__"),
  (xml, random) => xml.replace("<Image ", `<Image imageType="${random.pick(["MasterDark", "Light", "SlopeMap"])}" `),
];

const START = 16;

/** Changes the XML header, its stated length, or the bytes of the block behind it. */
export function mutateXisf(bytes: Buffer, random: Random): Buffer {
  if (bytes.length < START) return bytes;
  // An earlier change may have made it say anything.
  const length = Math.min(bytes.readUInt32LE(8), bytes.length - START);
  if (random.chance(0.08)) {
    bytes.writeUInt32LE(random.chance(0.5) ? random.pick(EDGES) : random.integer(2 * length + 1), 8);
    return bytes;
  }
  if (random.chance(0.15)) {
    const block = Math.min(START + length, bytes.length - 1);
    for (let i = 1 + random.integer(20); i > 0; i--) bytes[block + random.integer(bytes.length - block)] = random.integer(256);
    return bytes;
  }
  const xml = bytes.toString("utf8", START, Math.min(bytes.length, START + length));
  const changed = Buffer.from(random.pick(WAYS)(xml, random));
  const start = Buffer.from(bytes.subarray(0, START));
  start.writeUInt32LE(changed.length, 8);
  // The block stays where it is, unless the header has grown over it.
  const body = bytes.subarray(Math.min(bytes.length, START + Math.max(length, changed.length)));
  const gap = Buffer.alloc(Math.max(0, length - changed.length));
  return Buffer.concat([start, changed, gap, body]);
}
