import { NebuliftError } from "../../shared/errors.ts";
import type { ByteSource } from "./fits-source.ts";

interface Entry {
  type: number;
  count: number;
  /** Where the value lies. */
  position: number;
}

/** TIFF 6.0, section 2, field types 1 to 12; BigTIFF adds 16 to 18. Bytes per value. */
const TYPE_SIZES: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
const MOST_ENTRIES = 4096;
const MOST_DIRECTORIES = 64;
const LONGEST_TEXT = 1 << 20;

/** One image file directory: tags and their values, read when asked for. */
export class TiffDirectory {
  private readonly entries: Map<number, Entry>;
  private readonly source: ByteSource;
  private readonly littleEndian: boolean;

  constructor(source: ByteSource, littleEndian: boolean, entries: Map<number, Entry>) {
    this.source = source;
    this.littleEndian = littleEndian;
    this.entries = entries;
  }

  has(tag: number): boolean {
    return this.entries.has(tag);
  }

  count(tag: number): number {
    return this.entries.get(tag)?.count ?? 0;
  }

  /** The first value as a number, null when the tag is absent or of another kind. */
  number(tag: number): number | null {
    return this.numbers(tag, 1)[0] ?? null;
  }

  /** Up to `most` values as numbers (rationals divided); empty when absent. */
  numbers(tag: number, most: number): number[] {
    const entry = this.entries.get(tag);
    if (!entry || entry.type === 2) return [];
    const size = TYPE_SIZES[entry.type];
    const count = Math.min(entry.count, most);
    const bytes = this.fetch(entry, count * size);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: count }, (_, i) => valueAt(view, i * size, entry.type, this.littleEndian));
  }

  /** The same for what can only be sizes, places and codes. Throws `bad-header` for anything but whole numbers from 0. */
  integer(tag: number): number | null {
    return this.integers(tag, 1)[0] ?? null;
  }

  integers(tag: number, most: number): number[] {
    const values = this.numbers(tag, most);
    const odd = values.find((value) => !Number.isSafeInteger(value) || value < 0);
    if (odd !== undefined) throw new NebuliftError("bad-header", `TIFF tag ${tag} is ${odd}`);
    return values;
  }

  /** Text up to its first NUL, trimmed; null when absent or empty. */
  text(tag: number): string | null {
    const bytes = this.bytes(tag, LONGEST_TEXT);
    if (!bytes) return null;
    const end = bytes.indexOf(0);
    const text = new TextDecoder("utf-8").decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
    return text === "" ? null : text;
  }

  /** Up to `most` bytes of a value; null when the tag is absent. */
  bytes(tag: number, most: number): Uint8Array | null {
    const entry = this.entries.get(tag);
    if (!entry) return null;
    return this.fetch(entry, Math.min(entry.count * TYPE_SIZES[entry.type], most));
  }

  private fetch(entry: Entry, length: number): Uint8Array {
    if (entry.position + length > this.source.size) throw new NebuliftError("truncated", "a tag's value lies beyond the end of the file");
    const bytes = new Uint8Array(length);
    this.source.read(entry.position, bytes);
    return bytes;
  }
}

function valueAt(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
    case 13:
      return view.getUint32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, little));
    case 17:
      return Number(view.getBigInt64(at, little));
    default:
      return view.getUint8(at);
  }
}

/** A TIFF 6.0 or BigTIFF file's directories. Sub-directories (EXIF, SubIFDs) are read when asked for. */
export class TiffFile {
  readonly littleEndian: boolean;
  readonly source: ByteSource;
  private readonly big: boolean;
  private readonly first: number;

  private constructor(source: ByteSource, littleEndian: boolean, big: boolean, first: number) {
    this.source = source;
    this.littleEndian = littleEndian;
    this.big = big;
    this.first = first;
  }

  /** Magic numbers besides 42 are those of RAW formats that are TIFF inside (ORF, RW2). Throws `not-an-image`, `truncated`. */
  static open(source: ByteSource, magics: readonly number[] = [42]): TiffFile {
    const head = new Uint8Array(Math.min(16, source.size));
    source.read(0, head);
    const view = new DataView(head.buffer);
    const order = head.length < 8 ? 0 : view.getUint16(0);
    const littleEndian = order === 0x4949;
    if (!littleEndian && order !== 0x4d4d) throw new NebuliftError("not-an-image", "no TIFF signature");
    const magic = view.getUint16(2, littleEndian);
    if (magic === 43 && head.length === 16) return new TiffFile(source, littleEndian, true, Number(view.getBigUint64(8, littleEndian)));
    if (!magics.includes(magic)) throw new NebuliftError("not-an-image", `TIFF magic number ${magic}`);
    return new TiffFile(source, littleEndian, false, view.getUint32(4, littleEndian));
  }

  /** The chain of directories, at most 64; a chain that runs in a circle or out of the file ends there. */
  directories(): TiffDirectory[] {
    const found: TiffDirectory[] = [];
    const seen = new Set<number>();
    let at = this.first;
    while (at !== 0 && !seen.has(at) && found.length < MOST_DIRECTORIES) {
      seen.add(at);
      if (found.length > 0 && at + 2 > this.source.size) break;
      const { directory, next } = this.read(at);
      found.push(directory);
      at = next;
    }
    return found;
  }

  /** The directories that a tag of another directory points to (EXIF 34665, SubIFDs 330); what cannot be read is left out. */
  below(directory: TiffDirectory, tag: number): TiffDirectory[] {
    return directory.numbers(tag, MOST_DIRECTORIES).flatMap((at) => {
      try {
        return Number.isSafeInteger(at) && at > 0 ? [this.read(at).directory] : [];
      } catch (error) {
        // The page itself may be whole: only what was asked of this directory is missing.
        if (error instanceof NebuliftError && (error.code === "truncated" || error.code === "bad-header")) return [];
        throw error;
      }
    });
  }

  private read(at: number): { directory: TiffDirectory; next: number } {
    const { big, littleEndian } = this;
    const head = this.view(at, big ? 8 : 2);
    const count = big ? Number(head.getBigUint64(0, littleEndian)) : head.getUint16(0, littleEndian);
    if (count > MOST_ENTRIES) throw new NebuliftError("bad-header", `TIFF directory of ${count} entries`);
    const size = big ? 20 : 12;
    const start = at + (big ? 8 : 2);
    const body = this.view(start, count * size);
    const entries = new Map<number, Entry>();
    for (let i = 0; i < count; i++) this.readEntry(body, i * size, start, entries);
    return { directory: new TiffDirectory(this.source, littleEndian, entries), next: this.nextOf(start + count * size) };
  }

  private readEntry(body: DataView, at: number, start: number, entries: Map<number, Entry>): void {
    const { big, littleEndian } = this;
    const tag = body.getUint16(at, littleEndian);
    const type = body.getUint16(at + 2, littleEndian);
    const size = TYPE_SIZES[type];
    const count = big ? Number(body.getBigUint64(at + 4, littleEndian)) : body.getUint32(at + 4, littleEndian);
    const room = big ? 8 : 4;
    const field = at + (big ? 12 : 8);
    if (size === undefined || count * size > this.source.size) return;
    const pointer = big ? Number(body.getBigUint64(field, littleEndian)) : body.getUint32(field, littleEndian);
    entries.set(tag, { type, count, position: count * size <= room ? start + field : pointer });
  }

  /** Files cut right after their last directory have no pointer to a next one. */
  private nextOf(at: number): number {
    const { big, littleEndian } = this;
    if (at + (big ? 8 : 4) > this.source.size) return 0;
    const view = this.view(at, big ? 8 : 4);
    return big ? Number(view.getBigUint64(0, littleEndian)) : view.getUint32(0, littleEndian);
  }

  private view(at: number, length: number): DataView {
    if (at + length > this.source.size) throw new NebuliftError("truncated", "a TIFF directory lies beyond the end of the file");
    const bytes = new Uint8Array(length);
    this.source.read(at, bytes);
    return new DataView(bytes.buffer);
  }
}
