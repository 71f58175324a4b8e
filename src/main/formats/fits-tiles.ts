import type { FrameSummary } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";
import type { ImageHdu } from "./fits-image.ts";
import { type ByteSource, freshBytes } from "./fits-source.ts";
import { TileReader } from "./fits-tile-reader.ts";
import type { FrameFile } from "./frame-file.ts";

/** One axis of the image: its length, and a tile's. */
interface Axis {
  size: number;
  tile: number;
}

/**
 * A tile-compressed image (`.fz`; FITS standard 4.0, chapter 10). Rows are decoded when they are asked for: a band is all the
 * tiles side by side that hold them. With fpack's tiles of one row nothing but the rows themselves is ever in memory.
 */
export class TiledFits implements FrameFile {
  readonly format = "fits-tiles";
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  readonly cfa: FrameSummary["cfa"];
  readonly rowOrder: FrameSummary["rowOrder"];
  readonly metadata: FrameSummary["metadata"];
  readonly warnings: FrameSummary["warnings"];
  readonly coding: SampleCoding;
  private readonly source: ByteSource;
  private readonly tiles: TileReader;
  private readonly x: Axis;
  private readonly y: Axis;
  private readonly z: Axis;
  /** Pixels of a tile along all further axes, of which the first is taken. */
  private readonly further: number;
  private readonly sampleBytes: number;
  private band: { y: number; z: number; bytes: Uint8Array } | null = null;

  constructor(source: ByteSource, hdu: ImageHdu, summary: FrameSummary, coding: SampleCoding) {
    this.width = summary.width;
    this.height = summary.height;
    this.planes = summary.planes;
    this.cfa = summary.cfa;
    this.rowOrder = summary.rowOrder;
    this.metadata = summary.metadata;
    this.warnings = summary.warnings;
    this.coding = coding;
    this.source = source;
    this.sampleBytes = BYTES_PER_SAMPLE[coding.type];
    const axes = tileAxes(hdu);
    [this.x, this.y] = axes;
    this.z = axes[2] ?? { size: 1, tile: 1 };
    this.further = axes.slice(3).reduce((product, axis) => product * axis.tile, 1);
    const count = axes.reduce((product, axis) => product * Math.ceil(axis.size / axis.tile), 1);
    this.tiles = new TileReader(source, hdu, coding.blank, count);
    if (hdu.own.has("ZMASKCMP")) this.warnings.push({ code: "odd-header", detail: "its mask of pixels without value is not used" });
  }

  async prepare(): Promise<void> {}

  readRows(plane: number, firstRow: number, rows: number, into: Uint8Array): void {
    const rowBytes = this.width * this.sampleBytes;
    const end = firstRow + rows;
    for (let row = firstRow; row < end; ) {
      const y = Math.floor(row / this.y.tile);
      const z = Math.floor(plane / this.z.tile);
      const bandStart = y * this.y.tile;
      const bandRows = Math.min(this.y.tile, this.height - bandStart);
      const to = (row - firstRow) * rowBytes;
      if (row === bandStart && bandStart + bandRows <= end && this.z.tile === 1) {
        this.decodeBand(y, z, into.subarray(to, to + bandRows * rowBytes));
        row += bandRows;
      } else {
        const count = Math.min(end, bandStart + bandRows) - row;
        const from = ((plane - z * this.z.tile) * bandRows + row - bandStart) * rowBytes;
        into.set(this.keptBand(y, z).subarray(from, from + count * rowBytes), to);
        row += count;
      }
    }
  }

  close(): void {
    this.band = null;
    this.source.close();
  }

  /** The band that was decoded last is kept: tall tiles are asked for in strips of a few rows. */
  private keptBand(y: number, z: number): Uint8Array {
    if (this.band !== null && this.band.y === y && this.band.z === z) return this.band.bytes;
    this.band = null;
    const rows = Math.min(this.y.tile, this.height - y * this.y.tile);
    const depth = Math.min(this.z.tile, this.z.size - z * this.z.tile);
    const bytes = freshBytes(depth * rows * this.width * this.sampleBytes);
    this.decodeBand(y, z, bytes);
    this.band = { y, z, bytes };
    return bytes;
  }

  private decodeBand(y: number, z: number, into: Uint8Array): void {
    const columns = Math.ceil(this.x.size / this.x.tile);
    const bands = Math.ceil(this.y.size / this.y.tile);
    const rows = Math.min(this.y.tile, this.height - y * this.y.tile);
    const depth = Math.min(this.z.tile, this.z.size - z * this.z.tile);
    const rowBytes = this.width * this.sampleBytes;
    for (let x = 0; x < columns; x++) {
      const left = x * this.x.tile;
      const wide = Math.min(this.x.tile, this.width - left);
      const index = (z * bands + y) * columns + x;
      const bytes = this.tiles.read(index, wide * rows * depth * this.further, wide);
      const tileRow = wide * this.sampleBytes;
      const used = rows * depth * tileRow;
      if (tileRow === rowBytes) {
        into.set(bytes.subarray(0, used));
        continue;
      }
      for (let from = 0, to = left * this.sampleBytes; from < used; from += tileRow, to += rowBytes) {
        into.set(bytes.subarray(from, from + tileRow), to);
      }
    }
  }
}

/** Length and tile of the axes that are longer than 1; ZTILEn is by default a row. */
function tileAxes(hdu: ImageHdu): Axis[] {
  if (hdu.shape.interleaved) throw new NebuliftError("unsupported", "tile compression of interleaved colours");
  const axes: Axis[] = [];
  hdu.axes.forEach((size, index) => {
    const name = `ZTILE${index + 1}`;
    const tile = hdu.own.integer(name) ?? (hdu.own.has(name) ? 0 : index === 0 ? size : 1);
    if (tile < 1) throw new NebuliftError("bad-header", `${name} is ${hdu.own.text(name) ?? "empty"}`);
    if (size > 1) axes.push({ size, tile: Math.min(tile, size) });
  });
  return axes;
}
