import type { CfaPattern } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { BYTES_PER_SAMPLE, type SampleCoding } from "../../shared/pixels.ts";
import { cfaOfTiff } from "./raw-cfa.ts";
import type { TiffDirectory, TiffFile } from "./tiff-directory.ts";

export type TiffCompression = "none" | "lzw" | "deflate" | "packbits" | "zstd";

/** How the pixels of a TIFF page lie in the file (TIFF 6.0, sections 8, 15 and Adobe's technical notes). */
export interface TiffLayout {
  width: number;
  height: number;
  /** Samples stored per pixel, and how many of them are colours (alpha comes last and is dropped). */
  samples: number;
  planes: number;
  type: SampleCoding["type"];
  compression: TiffCompression;
  /** 1 none, 2 differences of samples, 3 differences of floating point bytes. */
  predictor: 1 | 2 | 3;
  /** Colours side by side in each segment, or one after the other. */
  interleaved: boolean;
  segmentWidth: number;
  segmentHeight: number;
  /** Segments per row of segments, and rows of segments; 1 across for strips. */
  across: number;
  down: number;
  offsets: number[];
  lengths: number[];
  inverted: boolean;
  bottomUp: boolean;
  cfa: CfaPattern | null;
}

const COMPRESSIONS: Record<number, TiffCompression> = {
  1: "none",
  5: "lzw",
  8: "deflate",
  32946: "deflate",
  32773: "packbits",
  50000: "zstd",
};

/** Photometric interpretations whose samples are linear in brightness as stored: white-is-zero, black-is-zero, RGB, CFA, linear raw. */
const PHOTOMETRIC = [0, 1, 2, 32803, 34892];

/**
 * Describes the first full-size page. Null when the page uses what this reader leaves to libvips (JPEG within TIFF,
 * palettes, packed bits). Throws `no-image-data`, `bad-header`, `too-large`, `truncated`.
 */
export function tiffLayout(file: TiffFile, page: TiffDirectory, maxSamples: number): TiffLayout | null {
  const width = page.integer(256) ?? 0;
  const height = page.integer(257) ?? 0;
  if (!(width > 0) || !(height > 0)) throw new NebuliftError("no-image-data", "a TIFF page without width or height");
  const samples = page.integer(277) ?? 1;
  if (samples < 1 || samples > 64) throw new NebuliftError("bad-header", `${samples} samples per pixel`);
  if (width * height * samples > maxSamples) throw new NebuliftError("too-large", `${width} x ${height} x ${samples}`);
  const photometric = page.integer(262) ?? (samples >= 3 ? 2 : 1);
  const type = sampleType(page, samples);
  const compression = COMPRESSIONS[page.integer(259) ?? 1];
  const predictor = page.integer(317) ?? 1;
  if (!type || !compression || !PHOTOMETRIC.includes(photometric) || (page.integer(266) ?? 1) !== 1) return null;
  if (predictor !== 1 && predictor !== 2 && predictor !== 3) throw new NebuliftError("unsupported", `TIFF predictor ${predictor}`);
  if (predictor === 3 && type !== "f32" && type !== "f64") throw new NebuliftError("bad-header", "floating point predictor on integers");
  const planes = colourPlanes(page, samples, photometric);
  const orientation = page.integer(274) ?? 1;
  return {
    width,
    height,
    samples,
    planes,
    type,
    compression,
    predictor,
    inverted: photometric === 0,
    bottomUp: orientation === 3 || orientation === 4,
    cfa: planes === 1 && photometric === 32803 ? cfaOfTiff(page) : null,
    ...segments(file, page, { width, height, samples, bytes: BYTES_PER_SAMPLE[type] }),
  };
}

/** TIFF 6.0: ExtraSamples says how many are not colours; without it grey has one and RGB three. */
function colourPlanes(page: TiffDirectory, samples: number, photometric: number): number {
  const colours = photometric === 2 || photometric === 34892 ? 3 : 1;
  const extra = page.count(338);
  const planes = extra > 0 ? samples - extra : Math.min(samples, colours);
  if (planes < 1) throw new NebuliftError("bad-header", `${extra} extra of ${samples} samples`);
  return photometric === 32803 ? 1 : planes;
}

function sampleType(page: TiffDirectory, samples: number): SampleCoding["type"] | null {
  const bits = page.has(258) ? page.integers(258, samples) : [1];
  const format = page.integer(339) ?? 1;
  if (bits.some((other) => other !== bits[0])) return null;
  const kind = format === 1 || format === 4 ? "u" : format === 2 ? "i" : format === 3 ? "f" : "";
  const type = `${kind}${bits[0]}`;
  return isSampleType(type) ? type : null;
}

function isSampleType(name: string): name is SampleCoding["type"] {
  return name in BYTES_PER_SAMPLE;
}

function segments(
  file: TiffFile,
  page: TiffDirectory,
  image: { width: number; height: number; samples: number; bytes: number },
): Pick<TiffLayout, "interleaved" | "segmentWidth" | "segmentHeight" | "across" | "down" | "offsets" | "lengths"> {
  const tiled = page.has(322);
  const segmentWidth = tiled ? (page.integer(322) ?? 0) : image.width;
  const segmentHeight = tiled ? (page.integer(323) ?? 0) : Math.min(page.integer(278) ?? image.height, image.height);
  if (!(segmentWidth >= 1) || !(segmentHeight >= 1))
    throw new NebuliftError("bad-header", `segments of ${segmentWidth} x ${segmentHeight}`);
  const interleaved = image.samples === 1 || (page.integer(284) ?? 1) === 1;
  const across = Math.ceil(image.width / segmentWidth);
  const down = Math.ceil(image.height / segmentHeight);
  const needed = across * down * (interleaved ? 1 : image.samples);
  const size = segmentWidth * segmentHeight * image.bytes * (interleaved ? image.samples : 1);
  if (size > 2 ** 31) throw new NebuliftError("too-large", `TIFF segments of ${size} bytes`);
  if (needed > file.source.size) throw new NebuliftError("bad-header", `${needed} segments in ${file.source.size} bytes`);
  const offsets = page.integers(tiled ? 324 : 273, needed);
  let lengths = page.integers(tiled ? 325 : 279, needed);
  if (lengths.length === 0 && needed === 1) lengths = [Math.max(0, file.source.size - (offsets[0] ?? 0))];
  if (offsets.length < needed || lengths.length < needed) {
    throw new NebuliftError("bad-header", `${Math.min(offsets.length, lengths.length)} of ${needed} TIFF segments`);
  }
  return { interleaved, segmentWidth, segmentHeight, across, down, offsets, lengths };
}
