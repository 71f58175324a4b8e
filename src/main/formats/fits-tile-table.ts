import { NebuliftError } from "../../shared/errors.ts";
import type { ImageHdu } from "./fits-image.ts";
import { type ByteSource, freshBytes } from "./fits-source.ts";

/** Bytes of one element by TFORM code (FITS standard 4.0, table 18). */
const ELEMENT_BYTES: Record<string, number> = { L: 1, B: 1, I: 2, J: 4, K: 8, A: 1, E: 4, D: 8, C: 8, M: 16 };

/** The heap is read in windows of this size: tiles follow one another, and a tile of one row is a few kilobytes. */
const WINDOW = 1 << 20;

interface Column {
  offset: number;
  code: string;
  /** `P` and `Q` columns hold where in the heap an array is, in 32 or 64 bits. */
  descriptor: "P" | "Q" | null;
}

/** A tile's bytes in the heap, and the TFORM code of what they are. */
export interface HeapPart {
  bytes: Uint8Array;
  code: string;
}

/** The binary table of a tile-compressed image: a row per tile, its data in the heap. Every offset is checked before use. */
export class TileTable {
  readonly rows: number;
  private readonly rowBytes: number;
  private readonly table: DataView;
  private readonly columns: Map<string, Column>;
  private readonly source: ByteSource;
  private readonly heap: number;
  private readonly heapBytes: number;
  private window = new Uint8Array(0);
  private windowStart = 0;

  constructor(source: ByteSource, hdu: ImageHdu) {
    const integer = (name: string, otherwise: number) => hdu.own.integer(name) ?? otherwise;
    this.source = source;
    this.rowBytes = integer("NAXIS1", 0);
    this.rows = integer("NAXIS2", 0);
    const tableBytes = this.rowBytes * this.rows;
    const gap = integer("THEAP", tableBytes);
    if (gap < tableBytes || gap > hdu.dataBytes) throw new NebuliftError("bad-header", `THEAP is ${gap}`);
    this.heap = hdu.dataOffset + gap;
    this.heapBytes = hdu.dataBytes - gap;
    this.columns = readColumns(hdu, this.rowBytes);
    const bytes = freshBytes(tableBytes);
    source.read(hdu.dataOffset, bytes);
    this.table = new DataView(bytes.buffer);
  }

  has(name: string): boolean {
    return this.columns.has(name);
  }

  /** The array of `row` in a variable-length column, valid until the next call; null when there is none. */
  part(name: string, row: number): HeapPart | null {
    const column = this.columns.get(name);
    if (column === undefined || column.descriptor === null) return null;
    const at = row * this.rowBytes + column.offset;
    const wide = column.descriptor === "Q";
    const count = wide ? Number(this.table.getBigUint64(at)) : this.table.getUint32(at);
    if (count === 0) return null;
    const offset = wide ? Number(this.table.getBigUint64(at + 8)) : this.table.getUint32(at + 4);
    const length = count * (ELEMENT_BYTES[column.code] ?? 1);
    if (offset + length > this.heapBytes) {
      throw new NebuliftError("bad-data", `tile ${row + 1} lies outside the table's heap`);
    }
    return { bytes: this.read(offset, length), code: column.code };
  }

  /** A number of `row`; null when there is no such column. */
  value(name: string, row: number): number | null {
    const column = this.columns.get(name);
    if (column === undefined) return null;
    const at = row * this.rowBytes + column.offset;
    switch (column.code) {
      case "D":
        return this.table.getFloat64(at);
      case "E":
        return this.table.getFloat32(at);
      case "K":
        return Number(this.table.getBigInt64(at));
      case "J":
        return this.table.getInt32(at);
      case "I":
        return this.table.getInt16(at);
      default:
        return this.table.getUint8(at);
    }
  }

  private read(offset: number, length: number): Uint8Array {
    const inside = offset >= this.windowStart && offset + length <= this.windowStart + this.window.length;
    if (!inside) {
      const size = Math.min(Math.max(length, WINDOW), this.heapBytes - offset);
      if (this.window.length !== size) this.window = new Uint8Array(size);
      // Until it is filled it holds nothing.
      this.windowStart = Number.POSITIVE_INFINITY;
      this.source.read(this.heap + offset, this.window);
      this.windowStart = offset;
    }
    const at = offset - this.windowStart;
    return this.window.subarray(at, at + length);
  }
}

function readColumns(hdu: ImageHdu, rowBytes: number): Map<string, Column> {
  const fields = hdu.own.integer("TFIELDS") ?? 0;
  if (fields < 1 || fields > 999) throw new NebuliftError("bad-header", `TFIELDS is ${fields}`);
  const columns = new Map<string, Column>();
  let offset = 0;
  for (let field = 1; field <= fields; field++) {
    const form = (hdu.own.text(`TFORM${field}`) ?? "").toUpperCase();
    const match = /^(\d{0,9})(?:([PQ])([LBIJKAEDCM])|([LXBIJKAEDCM]))/.exec(form);
    if (match === null) throw new NebuliftError("bad-header", `TFORM${field} is ${form === "" ? "missing" : form}`);
    const repeat = match[1] === "" ? 1 : Number(match[1]);
    const descriptor = match[2] === "P" || match[2] === "Q" ? match[2] : null;
    const width = columnBytes(repeat, descriptor, match[4]);
    const name = (hdu.own.text(`TTYPE${field}`) ?? "").toUpperCase();
    if (repeat > 0 && !columns.has(name)) columns.set(name, { offset, code: match[3] ?? match[4], descriptor });
    offset += width;
    if (offset > rowBytes) throw new NebuliftError("bad-header", `its columns are wider than NAXIS1 ${rowBytes}`);
  }
  return columns;
}

function columnBytes(repeat: number, descriptor: "P" | "Q" | null, code: string): number {
  if (descriptor !== null) return repeat === 0 ? 0 : descriptor === "P" ? 8 : 16;
  return code === "X" ? Math.ceil(repeat / 8) : repeat * ELEMENT_BYTES[code];
}
