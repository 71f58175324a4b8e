import { constants, createGunzip, gunzipSync } from "node:zlib";
import type { FrameSummary } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { SampleCoding } from "../../shared/pixels.ts";
import { FileBytes } from "./file-bytes.ts";
import { isFits, openImage, summaryOf } from "./fits.ts";
import { BLOCK } from "./fits-header.ts";
import { codingOf, findImage, type ImageHdu } from "./fits-image.ts";
import { freshBytes, MemoryBytes } from "./fits-source.ts";
import type { FrameFile, OpenOptions } from "./frame-file.ts";

/** Compressed bytes that are inflated to find the header; four times as many until it is found. */
const FIRST_LOOK = 16_384;
/** CRC-32 and length. */
const TRAILER = 8;
/** DEFLATE cannot do better than this (zlib's documentation). */
const BEST_RATIO = 1032;
/** What is inflated in vain after the image, to reach the checksum at the end of the stream. */
const TAIL = 64 << 20;
const CHUNK = 1 << 20;

export function isGzip(head: Uint8Array): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * Opens a gzipped FITS file: only as much is inflated as its header needs; `prepare` inflates the image, and never more than
 * the header says it has. Throws as `openFits` does; `not-an-image` for anything else in gzip.
 */
export async function openGzip(path: string, options: OpenOptions = {}): Promise<FrameFile> {
  const file = FileBytes.open(path);
  try {
    return new GzippedFits(file, findInGzip(file, options), options);
  } catch (error) {
    file.close();
    throw error;
  }
}

function findInGzip(file: FileBytes, options: OpenOptions): ImageHdu {
  // The trailer is left out: whether the checksum is right is seen when all has been inflated.
  const body = Math.max(1, file.size - TRAILER);
  for (let look = FIRST_LOOK; ; look *= 4) {
    throwIfCancelled(options.signal);
    const whole = look >= body;
    const head = inflateHead(file.slice(0, Math.min(look, body)));
    if (head.length >= 10 && !isFits(head)) throw new NebuliftError("not-an-image", "gzip of something that is not FITS");
    try {
      const hdu = findImage(new MemoryBytes(head), options.maxSamples);
      if ((hdu.dataOffset + hdu.dataBytes) / BEST_RATIO > file.size) {
        throw new NebuliftError("truncated", `${file.size} bytes of gzip for ${hdu.dataBytes} bytes of image`);
      }
      return hdu;
    } catch (error) {
      const more = error instanceof NebuliftError && (error.code === "truncated" || error.code === "no-image-data" || head.length < 10);
      if (whole || !more) throw error;
    }
  }
}

/** What the beginning of a stream inflates to; a stream that goes on, or breaks later, is no error here. */
function inflateHead(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: bytes.length * BEST_RATIO + CHUNK });
  } catch (error) {
    throw new NebuliftError("bad-data", "the gzip stream is damaged", error);
  }
}

class GzippedFits implements FrameFile {
  readonly format: FrameSummary["format"];
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  readonly cfa: FrameSummary["cfa"];
  readonly rowOrder: FrameSummary["rowOrder"];
  readonly metadata: FrameSummary["metadata"];
  readonly warnings: FrameSummary["warnings"];
  readonly coding: SampleCoding;
  private readonly file: FileBytes;
  private readonly expected: number;
  private readonly options: OpenOptions;
  private inner: FrameFile | null = null;

  constructor(file: FileBytes, hdu: ImageHdu, options: OpenOptions) {
    const summary = summaryOf(hdu);
    this.format = summary.format;
    this.width = summary.width;
    this.height = summary.height;
    this.planes = summary.planes;
    this.cfa = summary.cfa;
    this.rowOrder = summary.rowOrder;
    this.metadata = summary.metadata;
    this.coding = codingOf(hdu, hdu.kind === "tiles");
    this.warnings = summary.warnings;
    this.file = file;
    this.expected = hdu.dataOffset + hdu.dataBytes;
    this.options = options;
  }

  async prepare(): Promise<void> {
    if (this.inner !== null) return;
    const source = new MemoryBytes(await inflate(this.file, this.expected, this.options.signal));
    this.inner = openImage(source, findImage(source, this.options.maxSamples));
    this.file.close();
  }

  readRows(plane: number, firstRow: number, rows: number, into: Uint8Array): void {
    if (this.inner === null) throw new NebuliftError("internal", "rows of a gzipped frame before it was prepared");
    this.inner.readRows(plane, firstRow, rows, into);
  }

  close(): void {
    this.inner?.close();
    this.file.close();
  }
}

/** Inflates `expected` bytes and pads them to whole FITS blocks; goes on to the stream's end if that is near, for its checksum. */
async function inflate(file: FileBytes, expected: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const out = freshBytes(Math.ceil(expected / BLOCK) * BLOCK);
  const stream = createGunzip({ chunkSize: CHUNK });
  feed(file, stream);
  let got = 0;
  try {
    for await (const chunk of stream) {
      throwIfCancelled(signal);
      if (got < out.length) out.set(chunk.subarray(0, out.length - got), got);
      got += chunk.length;
      if (got > expected + TAIL) break;
    }
  } catch (error) {
    throw inflateError(error, got, expected);
  } finally {
    stream.destroy();
  }
  if (got < expected) throw new NebuliftError("truncated", `${got} of ${expected} bytes`);
  return out;
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new NebuliftError("cancelled", "while inflating");
}

/** Hands the file to the stream as fast as it takes it. */
function feed(file: FileBytes, stream: ReturnType<typeof createGunzip>): void {
  let position = 0;
  const more = () => {
    try {
      while (position < file.size && !stream.destroyed) {
        const chunk = file.slice(position, Math.min(CHUNK, file.size - position));
        position += chunk.length;
        if (!stream.write(chunk)) {
          stream.once("drain", more);
          return;
        }
      }
      if (!stream.destroyed) stream.end();
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  more();
}

function inflateError(error: unknown, got: number, expected: number): unknown {
  if (error instanceof NebuliftError) return error;
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  if (code === "Z_BUF_ERROR") return new NebuliftError("truncated", `${got} of ${expected} bytes`, error);
  const message = error instanceof Error ? error.message : String(error);
  if (/incorrect (?:data|length) check/.test(message)) return new NebuliftError("bad-checksum", message, error);
  return new NebuliftError("bad-data", message, error);
}
