import type { FrameSummary, Stretch } from "../../shared/domain.ts";
import type { PixelSource } from "../../shared/pixels.ts";
import { type ColourPicture, colourPreview } from "../formats/index.ts";
import { measureLevels } from "../measure/levels.ts";
import type { PreparedFrame } from "../measure/prepared.ts";
import { type Preview, renderCrop, renderPreview } from "../measure/preview.ts";
import { fullRange, measureStretch } from "../measure/stretch.ts";
import { shrinkTo, stretchColours } from "./colour-picture.ts";
import type { Picture } from "./jpeg.ts";
import type { Crop, PreviewSettings } from "./protocol.ts";

export interface Rendered {
  picture: Picture;
  /** Preview pixels per sensor pixel. */
  scale: number;
}

/** The stretch that a frame gets by itself. */
export function ownStretch(source: PixelSource, frame: PreparedFrame): Stretch {
  const highest = frame.black + frame.step * frame.ceilingCount;
  return measureStretch(measureLevels(frame), fullRange(source.coding, highest));
}

/**
 * An upright picture of a frame that has been prepared: in colour where it is wanted and the frame has it, else grey.
 * Crops are grey, of the measured pixels: they are for looking at star shapes.
 */
export function renderFrame(
  source: PixelSource & Pick<FrameSummary, "rowOrder">,
  frame: PreparedFrame,
  { width, crop, colour }: Pick<PreviewSettings, "width" | "crop" | "colour">,
  stretch: Stretch,
): Rendered {
  const { rowOrder } = source;
  if (crop !== null) return grey(cropOf(frame, crop, width, stretch, rowOrder));
  if (colour && (source.cfa !== null || source.planes >= 3)) {
    const colours = shrinkTo(colourPreview(source, width), width);
    const picture = stretchColours(rowOrder === "bottom-up" ? turned(colours) : colours, stretch, measureLevels(frame).median);
    return { picture, scale: colours.width / source.width };
  }
  return grey(renderPreview(frame, { width, stretch, rowOrder }));
}

function grey({ width, height, data, scale }: Preview): Rendered {
  return { picture: { width, height, channels: 1, data }, scale };
}

function cropOf(frame: PreparedFrame, crop: Crop, width: number, stretch: Stretch, rowOrder: FrameSummary["rowOrder"]): Preview {
  const { sampling } = frame;
  const region = { x: crop.x / sampling, y: crop.y / sampling, width: crop.width / sampling, height: crop.height / sampling };
  // One screen pixel for each sensor pixel at most: more would only repeat them.
  const zoom = sampling * Math.min(1, width / Math.max(1, Math.min(crop.width, frame.width * sampling)));
  return renderCrop(frame, region, zoom, stretch, rowOrder);
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
