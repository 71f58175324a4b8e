import type { Harm } from "./harm.ts";
import type { FramePhotometry } from "./photometry.ts";
import { median } from "./robust.ts";

/** Numbers of a frame that only its group gives, under the names of NIGHT_METRICS; null where the frame was not compared. */
export interface Found {
  /** Share of the cells that lost their light: hidden, or dimmed. A frame's lost cells are one or the other, the other is 0. */
  cellsWithoutStars: number | null;
  cellTransparency: number | null;
  gradient: number | null;
  /** Share of the rows whose stars are all missing under an unchanged sky. */
  tornRows: number | null;
  /** Distance of the field from the group's middle, px. */
  shift: number | null;
}

/** Where the fields of these frames lie on the median, px; null when none was matched. */
export function fieldCentre(photometry: readonly FramePhotometry[], field: number): [x: number, y: number] | null {
  const shifts = photometry.filter((one) => one.field === field).flatMap((one) => (one.shift ? [one.shift] : []));
  const x = median(shifts.map((shift) => shift[0]));
  const y = median(shifts.map((shift) => shift[1]));
  return x === null || y === null ? null : [x, y];
}

export function foundIn(harms: readonly Harm[], { shift }: FramePhotometry, centre: readonly [x: number, y: number] | null): Found {
  const measured = (metric: string): number | null => harms.find((harm) => harm.metric === metric)?.value ?? null;
  const hidden = measured("cellsWithoutStars");
  const dimmed = measured("cellTransparency");
  const none = hidden === null && dimmed === null ? null : 0;
  return {
    cellsWithoutStars: hidden ?? none,
    cellTransparency: dimmed ?? none,
    gradient: measured("gradient"),
    tornRows: measured("tornRows") ?? none,
    shift: shift && centre ? Math.hypot(shift[0] - centre[0], shift[1] - centre[1]) : null,
  };
}
