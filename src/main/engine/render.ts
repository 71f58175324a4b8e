import type { CfaPattern, FrameSummary, Stretch } from "../../shared/domain.ts";
import { BYTES_PER_SAMPLE, type PixelSource } from "../../shared/pixels.ts";
import { type ColourPicture, colourPreview } from "../formats/index.ts";
import { measureLevels } from "../measure/levels.ts";
import type { PreparedFrame } from "../measure/prepared.ts";
import { type Preview, renderCrop, renderMosaic, renderPreview } from "../measure/preview.ts";
import { fullRange, measureStretch } from "../measure/stretch.ts";
import { levelsOfColours, shrinkTo, stretchColours } from "./colour-picture.ts";
import type { Picture } from "./jpeg.ts";
import type { Crop, PreviewSettings } from "./protocol.ts";

export interface Rendered {
  picture: Picture;
  /** Preview pixels per sensor pixel. */
  scale: number;
  /** The whole frame once more and small, where that was asked for. */
  thumb: Picture | null;
}

type Wish = Pick<PreviewSettings, "width" | "crop" | "colour"> & Partial<Pick<PreviewSettings, "mosaic" | "thumb">>;
type Upright = PixelSource & Pick<FrameSummary, "rowOrder">;

/** The stretch that a frame gets by itself. */
export function ownStretch(source: PixelSource, frame: PreparedFrame): Stretch {
  const highest = frame.black + frame.step * frame.ceilingCount;
  return measureStretch(measureLevels(frame), fullRange(source.coding, highest));
}

/**
 * An upright picture of a frame that has been prepared: in colour where it is wanted and the frame has it, else grey.
 * Mosaics, and crops that are not for somebody who zooms in, are grey, of the measured pixels: they are for looking at star shapes.
 */
export function renderFrame(source: Upright, frame: PreparedFrame, wish: Wish, stretch: Stretch): Rendered {
  const { width, crop, colour, mosaic } = wish;
  const { rowOrder } = source;
  if (typeof mosaic === "number") return grey(renderMosaic(frame, mosaic, stretch, rowOrder));
  const coloured = colour && (source.cfa !== null || source.planes >= 3);
  if (crop?.upright === true && coloured) return colourCrop(source, frame, seenCrop(source, crop, frame.sampling), stretch);
  if (crop !== null) return grey(cropOf(source, frame, crop, width, stretch));
  const small = wish.thumb ?? null;
  if (coloured) {
    const binned = shrinkTo(colourPreview(source, width), width);
    const colours = rowOrder === "bottom-up" ? turned(binned) : binned;
    const sky = measureLevels(frame).median;
    return {
      picture: stretchColours(colours, stretch, sky),
      scale: colours.width / source.width,
      thumb: small === null ? null : stretchColours(shrinkTo(colours, small), stretch, sky),
    };
  }
  const thumb = small === null ? null : grey(renderPreview(frame, { width: small, stretch, rowOrder })).picture;
  return { ...grey(renderPreview(frame, { width, stretch, rowOrder })), thumb };
}

/** Wide enough to tell sky and noise of a colour. */
const LEVELS_WIDTH = 320;

/** A part at one picture pixel per measured pixel, in the colours that the whole has. */
function colourCrop(source: Upright, frame: PreparedFrame, crop: Crop, stretch: Stretch): Rendered {
  const levels = levelsOfColours(colourPreview(source, LEVELS_WIDTH));
  const part = colourPreview(partOf(source, crop), crop.width / frame.sampling);
  const upright = source.rowOrder === "bottom-up" ? turned(part) : part;
  const picture = stretchColours(upright, stretch, measureLevels(frame).median, levels);
  return { picture, scale: part.width / crop.width, thumb: null };
}

/** A rectangle of a frame as if it were a frame. */
function partOf(source: PixelSource, { x, y, width, height }: Crop): PixelSource {
  const bytes = BYTES_PER_SAMPLE[source.coding.type];
  return {
    width,
    height,
    planes: source.planes,
    cfa: source.cfa && patternFrom(source.cfa, x, y),
    coding: source.coding,
    readRows: (plane, firstRow, rows, into) => {
      const whole = new Uint8Array(source.width * bytes * rows);
      source.readRows(plane, y + firstRow, rows, whole);
      for (let row = 0; row < rows; row++) {
        const from = (row * source.width + x) * bytes;
        into.set(whole.subarray(from, from + width * bytes), row * width * bytes);
      }
    },
  };
}

/** The pattern as it is read from column x and row y on. */
function patternFrom({ side, colours }: CfaPattern, x: number, y: number): CfaPattern {
  const letters = Array.from({ length: side * side }, (_, at) => {
    const [column, row] = [(x + (at % side)) % side, (y + Math.floor(at / side)) % side];
    return colours[row * side + column];
  });
  return { side, colours: letters.join("") };
}

function grey({ width, height, data, scale }: Preview): Rendered {
  return { picture: { width, height, channels: 1, data }, scale, thumb: null };
}

function cropOf(source: Upright, frame: PreparedFrame, given: Crop, width: number, stretch: Stretch): Preview {
  const { sampling } = frame;
  const crop = given.upright ? seenCrop(source, given, sampling) : given;
  const region = { x: crop.x / sampling, y: crop.y / sampling, width: crop.width / sampling, height: crop.height / sampling };
  // A window enlarges by itself what it was sent small. Else one screen pixel for each sensor pixel at most: more would only repeat them.
  const zoom = given.upright ? 1 : sampling * Math.min(1, width / Math.max(1, Math.min(crop.width, frame.width * sampling)));
  return renderCrop(frame, region, zoom, stretch, source.rowOrder);
}

/** What of a crop of the upright picture is in the frame, as stored: whole measured pixels, never moved from where it was asked for. */
function seenCrop({ width, height, rowOrder }: Upright, crop: Crop, sampling: number): Crop {
  const top = rowOrder === "bottom-up" ? height - crop.y - crop.height : crop.y;
  const across = seenSpan(crop.x, crop.width, width, sampling);
  const down = seenSpan(top, crop.height, height, sampling);
  return { x: across.from, y: down.from, width: across.length, height: down.length };
}

/** At least one measured pixel: what lies beyond the frame is answered with its border. */
function seenSpan(from: number, length: number, size: number, step: number): { from: number; length: number } {
  const last = Math.max(0, Math.floor(size / step) - 1);
  const within = (place: number) => Math.max(0, Math.min(last, place));
  const first = within(Math.floor(from / step));
  const end = within(Math.ceil((from + length) / step) - 1);
  return { from: first * step, length: (Math.max(first, end) - first + 1) * step };
}

/** Rows in the opposite order. */
function turned({ width, height, planes }: ColourPicture): ColourPicture {
  const turn = (plane: Float32Array): Float32Array => {
    const result = new Float32Array(plane.length);
    for (let y = 0; y < height; y++) result.set(plane.subarray(y * width, (y + 1) * width), (height - 1 - y) * width);
    return result;
  };
  const [red, green, blue] = planes;
  return { width, height, planes: [turn(red), turn(green), turn(blue)] };
}
