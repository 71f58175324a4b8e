/**
 * Where a frame's picture lies in its window. Lengths of windows and sheets are CSS pixels, those of frames sensor pixels;
 * `zoom` counts the screen's own pixels per sensor pixel, so that 1 is 100 % on every screen.
 */
export interface View {
  zoom: "fit" | number;
  /** The point of the frame in the middle of the window, 0..1 from its upper left corner: frames of any size share it. */
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Glass extends Size {
  /** Screen pixels per CSS pixel. */
  density: number;
}

export interface Rect extends Size {
  x: number;
  y: number;
}

export const FITTED: View = { zoom: "fit", x: 0.5, y: 0.5 };
const MOST_ZOOM = 2;
/** Crops begin and end on multiples of this, so that small moves ask for nothing new. */
const CROP_STEP = 256;
/** Round the part in sight, so that panning shows sharp pixels at once. */
const CROP_MARGIN = 192;
/** Longest side of a crop that main makes (picture-address.ts). */
const MOST_CROP = 4096;

/** Screen pixels per sensor pixel at which the whole frame just fits. */
export function fitZoom(frame: Size, glass: Glass): number {
  return Math.min(glass.width / frame.width, glass.height / frame.height) * glass.density;
}

export function zoomOf(view: View, frame: Size, glass: Glass): number {
  return view.zoom === "fit" ? fitZoom(frame, glass) : view.zoom;
}

/** The frame's sheet in the window, CSS pixels. It never leaves a gap that it could fill; what is smaller lies in the middle. */
export function sheetOf(view: View, frame: Size, glass: Glass): Rect {
  const scale = zoomOf(view, frame, glass) / glass.density;
  const [width, height] = [frame.width * scale, frame.height * scale];
  return { x: placed(view.x, width, glass.width), y: placed(view.y, height, glass.height), width, height };
}

function placed(centre: number, length: number, room: number): number {
  if (length <= room) return (room - length) / 2;
  return Math.min(0, Math.max(room - length, room / 2 - centre * length));
}

/** The view at another zoom, with the point under `at` (CSS pixels of the window) staying where it is. */
export function zoomedTo(zoom: number, view: View, frame: Size, glass: Glass, at: { x: number; y: number }): View {
  const least = Math.min(fitZoom(frame, glass), 1);
  const wanted = Math.min(Math.max(zoom, least), Math.max(MOST_ZOOM, least));
  if (wanted <= fitZoom(frame, glass) && fitZoom(frame, glass) <= 1) return FITTED;
  const before = sheetOf(view, frame, glass);
  const [u, v] = [(at.x - before.x) / before.width, (at.y - before.y) / before.height];
  const scale = wanted / glass.density;
  const x = u + (glass.width / 2 - at.x) / (frame.width * scale);
  const y = v + (glass.height / 2 - at.y) / (frame.height * scale);
  return settled({ zoom: wanted, x, y }, frame, glass);
}

/** The view after its picture was moved by so many CSS pixels. */
export function panned(view: View, frame: Size, glass: Glass, dx: number, dy: number): View {
  if (view.zoom === "fit") return view;
  const { width, height } = sheetOf(view, frame, glass);
  return settled({ ...view, x: view.x - dx / width, y: view.y - dy / height }, frame, glass);
}

/** Between 100 % at this point and the whole frame. */
export function toggledZoom(view: View, frame: Size, glass: Glass, at: { x: number; y: number }): View {
  return view.zoom === "fit" ? zoomedTo(1, view, frame, glass, at) : FITTED;
}

/** A centre that the sheet can have: a drag beyond the edge must not have to be taken back first. */
function settled(view: View, frame: Size, glass: Glass): View {
  const sheet = sheetOf(view, frame, glass);
  return { ...view, x: (glass.width / 2 - sheet.x) / sheet.width, y: (glass.height / 2 - sheet.y) / sheet.height };
}

/** The part of the frame that is in sight, sensor pixels. */
export function partInSight(view: View, frame: Size, glass: Glass): Rect {
  const sheet = sheetOf(view, frame, glass);
  const scale = sheet.width / frame.width;
  const x = Math.max(0, -sheet.x / scale);
  const y = Math.max(0, -sheet.y / scale);
  return { x, y, width: Math.min(frame.width - x, glass.width / scale), height: Math.min(frame.height - y, glass.height / scale) };
}

/** The crop to ask for around that part: on a coarse raster, with a margin, inside the frame. */
export function cropAround(part: Rect, frame: Size): Rect {
  const [x, width] = span(part.x, part.width, frame.width);
  const [y, height] = span(part.y, part.height, frame.height);
  return { x, y, width, height };
}

function span(from: number, length: number, most: number): [from: number, length: number] {
  const start = Math.max(0, Math.floor((from - CROP_MARGIN) / CROP_STEP) * CROP_STEP);
  const end = Math.min(most, Math.ceil((from + length + CROP_MARGIN) / CROP_STEP) * CROP_STEP);
  return [start, Math.min(end - start, MOST_CROP)];
}

/** Widths that whole pictures are asked for in: few, so that what was prefetched is what is shown. */
const WIDTHS = [1024, 1600, 2400, 3200];

export function pictureWidth(frame: Size, glass: Glass): number {
  const wanted = Math.min(frame.width, frame.width * fitZoom(frame, glass));
  return WIDTHS.find((width) => width >= wanted) ?? 3200;
}
