import type { CfaPattern, FrameMetadata, FrameWarning } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { DecodedFrame } from "./decoded-frame.ts";
import { addExif, cameraName } from "./exif.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { FrameFile } from "./frame-file.ts";
import { Keywords } from "./keywords.ts";
import { metadataFromKeywords } from "./metadata.ts";
import { cfaOfTiff, shiftCfa } from "./raw-cfa.ts";
import { RawDecoder } from "./raw-decoder.ts";
import {
  bayerOf,
  checkBoxesComplete,
  checkRafComplete,
  checkSegmentsComplete,
  dngLevels,
  type RawLevels,
  xTransOfRaf,
} from "./raw-sensor.ts";
import type { TiffDirectory, TiffFile } from "./tiff-directory.ts";

/** A camera's RAW file is far smaller; LibRaw holds it whole. */
const LARGEST_FILE = 1 << 30;
/** The strongest lossy compression of mosaics keeps two to three bits a pixel. */
const MOST_PIXELS_PER_BIT = 2;
const X_TRANS = 9;
/** DNG tags. */
const CFA_PATTERN = 33422;
const ACTIVE_AREA = 50829;

/** What is known of a RAW file before LibRaw sees it. */
export interface RawFile {
  file: FileBytes;
  /** RAF, CR3, ORF ... or TIFF. */
  kind: string;
  /** TIFF-based RAW: the file's directories and the one with the mosaic. */
  tiff: { file: TiffFile; directory: TiffDirectory } | null;
}

/** A camera's RAW frame: the mosaic of the visible area as the sensor gave it, rows top down, nothing subtracted or scaled. */
export interface RawFrame extends FrameFile {
  /** Black levels are known once the frame is prepared. */
  readonly levels: RawLevels;
}

/**
 * Opens a camera's RAW file through LibRaw. The frame takes over the file. Throws `truncated`, `too-large`, `unsupported`,
 * `bad-header`, `bad-data`, `feature-missing`.
 */
export async function openRaw(raw: RawFile, maxSamples: number): Promise<RawFrame> {
  const { file } = raw;
  if (file.size > LARGEST_FILE) throw new NebuliftError("too-large", `${file.size} bytes of RAW`);
  checkBefore(raw, maxSamples);
  const decoder = await RawDecoder.open(file.slice(0, file.size));
  try {
    return describe(raw, decoder, maxSamples);
  } catch (error) {
    decoder.close();
    throw error;
  }
}

/** What can be known to be too large or cut short is refused before LibRaw allocates for it. */
function checkBefore(raw: RawFile, maxSamples: number): void {
  if (raw.kind === "RAF") checkRafComplete(raw.file);
  if (raw.kind === "CR3") checkBoxesComplete(raw.file);
  if (!raw.tiff) return;
  const { directory } = raw.tiff;
  const width = directory.integer(256) ?? 0;
  const height = directory.integer(257) ?? 0;
  if (width * height * (directory.integer(277) ?? 1) > maxSamples) throw new NebuliftError("too-large", `${width} x ${height}`);
  // Panasonic's RW2 and Olympus' ORF use the same tags for other things.
  if (raw.kind === "TIFF") checkSegmentsComplete(raw.file, directory);
}

type About = ReturnType<RawDecoder["metadata"]>;

function describe(raw: RawFile, decoder: RawDecoder, maxSamples: number): RawFrame {
  const about = decoder.metadata();
  if (about.raw_width * about.raw_height > maxSamples) throw new NebuliftError("too-large", `${about.raw_width} x ${about.raw_height}`);
  const pixels = about.raw_width * about.raw_height;
  // LibRaw makes up what a damaged header asks for, at several bytes a pixel.
  if (pixels / 8 > MOST_PIXELS_PER_BIT * raw.file.size) throw new NebuliftError("truncated", `${pixels} pixels in ${raw.file.size} bytes`);
  // LibRaw turns its two numbers with the camera; the mosaic is left as it was read out.
  const turned = about.flip >= 5;
  const width = turned ? about.height : about.width;
  const height = turned ? about.width : about.height;
  if (width < 1 || height < 1) throw new NebuliftError("no-image-data", `${width} x ${height}`);
  if (about.left_margin + width > about.raw_width || about.top_margin + height > about.raw_height) {
    throw new NebuliftError("unsupported", "a sensor whose rows do not run along the picture's edge");
  }
  const warnings: FrameWarning[] = [];
  const stated = raw.tiff ? dngLevels(raw.tiff.directory) : { black: null, white: null };
  const levels: RawLevels = { black: stated.black ?? [0, 0, 0, 0], white: stated.white ?? about.color_data?.maximum ?? 65535 };
  const metadata = rawMetadata(raw, about, warnings);
  metadata.saturation ??= levels.white;
  const frame = new DecodedFrame({
    summary: { format: "raw", width, height, planes: 1, cfa: cfaOfRaw(raw, about), rowOrder: "top-down", metadata, warnings },
    coding: { type: "u16", littleEndian: true, zero: 0, scale: 1, blank: null },
    decode: async () => {
      const pixels = visibleMosaic(decoder, width, height);
      const black = decoder.metadata().color_data?.black ?? 0;
      if (!stated.black) levels.black = blackLevels(about, black);
      decoder.close();
      return [pixels];
    },
    release() {
      decoder.close();
      raw.file.close();
    },
  });
  return Object.assign(frame, { levels });
}

/** LibRaw keeps what all channels share in one number once the mosaic is decoded; Canon's makernotes tell them apart. */
function blackLevels(about: About, common: number): RawLevels["black"] {
  const canon = about.canon?.ChannelBlackLevel;
  if (canon?.every((level) => level > 0)) return [canon[0], canon[1], canon[2], canon[3]];
  return [common, common, common, common];
}

function visibleMosaic(decoder: RawDecoder, width: number, height: number): Uint8Array {
  const mosaic = decoder.mosaic();
  if (!mosaic) throw new NebuliftError("unsupported", "a RAW file without a 16-bit mosaic");
  const { data, raw_width, left_margin, top_margin } = mosaic;
  if (data.length < (top_margin + height - 1) * raw_width + left_margin + width)
    throw new NebuliftError("bad-data", "LibRaw gave too few pixels");
  if (raw_width === width && top_margin === 0) return new Uint8Array(data.buffer, data.byteOffset, width * height * 2);
  const visible = new Uint16Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (top_margin + row) * raw_width + left_margin;
    visible.set(data.subarray(from, from + width), row * width);
  }
  return new Uint8Array(visible.buffer);
}

function cfaOfRaw(raw: RawFile, about: About): CfaPattern | null {
  const directory = raw.tiff?.directory;
  // A stated pattern of other colours is not red, green and blue, whatever LibRaw makes of it.
  const stated = directory ? cfaOfTiff(directory) : null;
  if (directory?.has(CFA_PATTERN) && !stated) return null;
  if (about.filters !== X_TRANS) return bayerOf(about.filters ?? 0, about.cdesc ?? "");
  if (raw.kind === "RAF") return xTransOfRaf(raw.file, about.left_margin, about.top_margin);
  // The stated pattern begins at the active area; LibRaw moves odd beginnings on by one.
  const [top, left] = directory?.has(ACTIVE_AREA) ? directory.integers(ACTIVE_AREA, 2) : [0, 0];
  return stated && shiftCfa(stated, about.left_margin - left, about.top_margin - top);
}

function rawMetadata(raw: RawFile, about: About, warnings: FrameWarning[]): FrameMetadata {
  const keywords = new Keywords();
  const first = raw.tiff?.file.directories()[0];
  if (raw.tiff && first) addExif(raw.tiff.file, first, keywords, warnings);
  const camera = cameraName(about.camera_make || null, about.camera_model || null);
  if (camera) keywords.add("INSTRUME", camera);
  if (about.shutter > 0) keywords.add("EXPTIME", about.shutter);
  if (about.iso_speed > 0) keywords.add("GAIN", Math.round(about.iso_speed));
  if (about.focal_len > 0) keywords.add("FOCALLEN", about.focal_len);
  if (about.software) keywords.add("SWCREATE", about.software);
  if (about.lens?.Lens) keywords.add("TELESCOP", about.lens.Lens);
  const temperature = [about.metadata_common?.SensorTemperature, about.metadata_common?.CameraTemperature].find(isTemperature);
  if (temperature !== undefined) keywords.add("CCD-TEMP", temperature);
  const time = cameraTime(about.timestamp);
  if (time) keywords.add("DATE-OBS", time);
  const metadata = metadataFromKeywords(keywords);
  const bits = about.color_data?.raw_bps ?? 0;
  if (bits > 0) metadata.bitDepth ??= bits;
  return metadata;
}

/** LibRaw's mark of an unknown temperature is -1000. */
function isTemperature(degrees: number | undefined): degrees is number {
  return degrees !== undefined && degrees > -100 && degrees < 150 && degrees !== 0;
}

/** LibRaw takes the camera's clock for this computer's local time; undone, it is the clock's reading, taken to be UTC. */
function cameraTime(seconds: number): string | null {
  if (!(seconds > 0)) return null;
  const local = new Date(seconds * 1000);
  const clock = Date.UTC(local.getFullYear(), local.getMonth(), local.getDate(), local.getHours(), local.getMinutes(), local.getSeconds());
  return new Date(clock).toISOString();
}
