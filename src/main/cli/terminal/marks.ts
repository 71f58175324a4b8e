import { GRID_COLUMNS, GRID_ROWS, type Reason } from "../../../shared/domain.ts";
import type { ScreenPicture } from "../../report-services.ts";

export interface MarkedPicture {
  picture: ScreenPicture;
  /** Picture pixels per sensor pixel. */
  scale: number;
  /** Stored rows run upwards on the picture. */
  flipped: boolean;
}

/** A copy with the reasons' places drawn in orange: outlines of cells, lines beside trails. */
export function withMarks({ picture, scale, flipped }: MarkedPicture, reasons: readonly Reason[]): ScreenPicture {
  const { width, height } = picture;
  const rgb = Uint8Array.from(picture.rgb);
  const dot = (x: number, y: number): void => {
    const row = flipped ? height - 1 - y : y;
    if (x >= 0 && x < width && row >= 0 && row < height) rgb.set([255, 150, 0], 3 * (row * width + x));
  };
  for (const { where } of reasons) {
    for (const [column, row] of where?.cells ?? []) outline(dot, column, row, width, height);
    for (const [x1, y1, x2, y2] of where?.lines ?? []) beside(dot, x1 * scale, y1 * scale, x2 * scale, y2 * scale, width + height);
  }
  return { width, height, rgb };
}

type Dot = (x: number, y: number) => void;

function outline(dot: Dot, column: number, row: number, width: number, height: number): void {
  const [left, right] = [column, column + 1].map((i) => Math.min(width - 1, Math.round((i * width) / GRID_COLUMNS)));
  const [top, bottom] = [row, row + 1].map((i) => Math.min(height - 1, Math.round((i * height) / GRID_ROWS)));
  // Dashed, so that the sky under it stays visible.
  for (let x = left; x <= right; x++) if (x % 6 < 3) for (const y of [top, bottom]) dot(x, y);
  for (let y = top; y <= bottom; y++) if (y % 6 < 3) for (const x of [left, right]) dot(x, y);
}

/** Two dashed lines, so that the trail between them stays visible. `most` bounds the steps for lines far outside. */
function beside(dot: Dot, x1: number, y1: number, x2: number, y2: number, most: number): void {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (!Number.isFinite(length) || length === 0) return;
  const [nx, ny] = [(-(y2 - y1) / length) * 5, ((x2 - x1) / length) * 5];
  const steps = Math.min(2 * most, Math.ceil(length));
  for (let i = 0; i <= steps; i++) {
    if (i % 8 >= 4) continue;
    const [x, y] = [x1 + ((x2 - x1) * i) / steps, y1 + ((y2 - y1) * i) / steps];
    for (const side of [-1, 1]) dot(Math.round(x + side * nx), Math.round(y + side * ny));
  }
}
