import type { Stretch } from "../../shared/domain.ts";
import { MOSAIC_GAP } from "../../shared/picture-address.ts";
import { previewScratchBytes } from "./kernels/preview-kernels.ts";
import type { PreparedFrame } from "./prepared.ts";

export interface PreviewOptions {
  /** Wanted width in pixels of the screen; a frame that is smaller is shown as it is. */
  width: number;
  stretch: Stretch;
  /** Of the file: rows stored bottom-up are turned over, so that previews show what was seen. */
  rowOrder: "top-down" | "bottom-up";
}

export interface Preview {
  width: number;
  height: number;
  /** Grey, 8 bits, rows from the top of the picture. */
  data: Uint8Array;
  /** Pixels of the screen per sensor pixel: evidence in sensor pixels is drawn at (x + 0.5) * scale - 0.5. */
  scale: number;
}

/** The frame as a grey picture: area means of the binned plane (or of the pixels themselves where that is too coarse). */
export function renderPreview(frame: PreparedFrame, { width, stretch, rowOrder }: PreviewOptions): Preview {
  const wanted = Math.max(1, Math.min(Math.round(width), frame.width));
  // The binned plane has a quarter of the pixels and gives the same means, as long as it is not enlarged.
  const plane = frame.binnedWidth >= wanted && frame.binnedHeight > 0 ? binnedPlane(frame) : fullPlane(frame);
  const scale = plane.width / wanted;
  const rows = Math.max(1, Math.floor(plane.height / scale + 1e-9));
  const data = render(frame, plane, { left: 0, top: 0, scale: Math.min(scale, plane.height), columns: wanted, rows }, stretch, rowOrder);
  return { width: wanted, height: rows, data, scale: 1 / (scale * plane.bin * frame.sampling) };
}

/** A region in measured pixels, (0, 0) the first stored pixel's corner, y along the stored rows. */
export interface CropRegion {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * A part of the frame at `zoom` screen pixels per measured pixel (1 = every pixel once). Regions that reach beyond the
 * frame are moved inside and, where they are larger, cut. `scale` is screen pixels per sensor pixel.
 */
export function renderCrop(
  frame: PreparedFrame,
  region: CropRegion,
  zoom: number,
  stretch: Stretch,
  rowOrder: PreviewOptions["rowOrder"],
): Preview {
  const width = Math.max(1, Math.min(Math.round(region.width), frame.width));
  const height = Math.max(1, Math.min(Math.round(region.height), frame.height));
  const left = Math.max(0, Math.min(Math.round(region.x), frame.width - width));
  const top = Math.max(0, Math.min(Math.round(region.y), frame.height - height));
  const columns = Math.max(1, Math.floor(width * zoom));
  const rows = Math.max(1, Math.floor(height * zoom));
  const data = render(frame, fullPlane(frame), { left, top, scale: 1 / zoom, columns, rows }, stretch, rowOrder);
  return { width: columns, height: rows, data, scale: zoom / frame.sampling };
}

/**
 * Corners, middles of the edges and centre of the frame as 3 x 3 squares of `side` measured pixels, each pixel once: how stars
 * are shaped all over the field, at one glance. In frames that are smaller than three squares the parts overlap.
 */
export function renderMosaic(frame: PreparedFrame, side: number, stretch: Stretch, rowOrder: PreviewOptions["rowOrder"]): Preview {
  const tile = Math.max(1, Math.min(Math.round(side), frame.width, frame.height));
  const whole = 3 * tile + 2 * MOSAIC_GAP;
  const data = new Uint8Array(whole * whole);
  const places = (length: number) => [0, Math.floor((length - tile) / 2), length - tile];
  const rows = places(frame.height);
  if (rowOrder === "bottom-up") rows.reverse();
  rows.forEach((y, row) => {
    places(frame.width).forEach((x, column) => {
      const part = renderCrop(frame, { x, y, width: tile, height: tile }, 1, stretch, rowOrder).data;
      const start = (row * whole + column) * (tile + MOSAIC_GAP);
      for (let line = 0; line < tile; line++) data.set(part.subarray(line * tile, (line + 1) * tile), start + line * whole);
    });
  });
  return { width: whole, height: whole, data, scale: 1 / frame.sampling };
}

interface Plane {
  offset: number;
  width: number;
  height: number;
  black: number;
  step: number;
  /** Measured pixels per pixel of this plane, along one axis. */
  bin: 1 | 2;
}

function fullPlane(frame: PreparedFrame): Plane {
  return { offset: frame.pixels, width: frame.width, height: frame.height, black: frame.black, step: frame.step, bin: 1 };
}

function binnedPlane(frame: PreparedFrame): Plane {
  const { binned, binnedWidth, binnedHeight, binnedBlack, binnedStep } = frame;
  return { offset: binned, width: binnedWidth, height: binnedHeight, black: binnedBlack, step: binnedStep, bin: 2 };
}

interface Raster {
  left: number;
  top: number;
  /** Pixels of the plane per pixel of the screen. */
  scale: number;
  columns: number;
  rows: number;
}

function render(frame: PreparedFrame, plane: Plane, raster: Raster, stretch: Stretch, rowOrder: PreviewOptions["rowOrder"]): Uint8Array {
  const { kernels } = frame;
  const mark = kernels.mark();
  try {
    const scratch = kernels.take(previewScratchBytes(raster.columns, raster.scale));
    const out = kernels.take(raster.columns * raster.rows);
    // count -> ADU -> normalised by the range -> between shadows and highlights.
    const [black, white] = stretch.range;
    const gain = 1 / ((white - black) * Math.max(1e-12, stretch.highlights - stretch.shadows));
    const factor = plane.step * gain;
    const offset = (plane.black - black) * gain - stretch.shadows / Math.max(1e-12, stretch.highlights - stretch.shadows);
    kernels.call.greyMeans(
      plane.offset,
      plane.width,
      plane.height,
      raster.left,
      raster.top,
      raster.scale,
      raster.columns,
      raster.rows,
      factor,
      offset,
      Math.min(1 - 1e-6, Math.max(0, stretch.midtones)),
      rowOrder === "bottom-up",
      scratch,
      out,
    );
    return kernels.u8(out, raster.columns * raster.rows).slice();
  } finally {
    kernels.release(mark);
  }
}
