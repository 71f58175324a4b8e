import type { Entry } from "./good-part.ts";
import { chanceBeyond, differenceTest, type Harm } from "./harm.ts";
import { median } from "./robust.ts";
import type { JudgeSettings } from "./settings.ts";

/** Offsets within this share of the smaller side belong to one pointing. */
const SAME_POINTING = 0.1;
/** A second pointing of at least this share of the group was meant: panels of a mosaic, a field shared between two nights. */
const DELIBERATE = 0.3;

/** Where the frames of a group point: found once for all of them. */
export interface Pointing {
  /** The group's main field. */
  field: number;
  /** Of the frames that show it, px against the reference, and their middle. */
  shifts: readonly (readonly [dx: number, dy: number])[];
  centre: readonly [x: number, y: number];
  /** Length of their star lists. */
  typical: number;
  /** How much it says of a frame that it matches none of them, 0..1. */
  trust: number;
}

/** Null for a group too small to compare, or without a field that most frames show: nothing is off target there. */
export function pointingOf(part: readonly Entry[], field: number, settings: JudgeSettings): Pointing | null {
  if (part.length < settings.leastGroup) return null;
  const registered = part.filter((other) => other.photometry.field === field);
  if (registered.length < 0.6 * part.length) return null;
  const shifts = registered.map((other): readonly [number, number] => other.photometry.shift ?? [0, 0]);
  const middle = (axis: 0 | 1): number => median(shifts.map((shift) => shift[axis])) ?? 0;
  const typical = median(registered.map((other) => other.frame.measurement.list.x.length)) ?? 0;
  return { field, shifts, centre: [middle(0), middle(1)], typical, trust: trustInMatching(registered) };
}

/** Another field than the group's, or one shifted so far that much of the frame will be cropped. */
export function offTarget({ photometry, frame }: Entry, pointing: Pointing | null, settings: JudgeSettings): Harm[] {
  if (!pointing) return [];
  const { shifts, centre } = pointing;
  const { width, height } = frame.measurement;
  const smaller = Math.min(width, height);
  const base = { code: "off-target", unit: "px", baseline: 0, z: null, where: null } as const;
  if (photometry.field !== pointing.field) {
    if (frame.measurement.list.x.length < Math.max(12, 0.4 * pointing.typical)) return [];
    const probability = 0.9 * pointing.trust;
    return [{ ...base, metric: "matchedStars", unit: "stars", value: 0, limit: 3, probability, test: null, notable: true }];
  }
  const { shift } = photometry;
  if (!shift) return [];
  const offset = Math.hypot(shift[0] - centre[0], shift[1] - centre[1]);
  const share = offset / smaller;
  if (chanceBeyond(share, settings.limits.shift, 0.02, "above") < 0.01) return [];
  const alike = shifts.filter((other) => Math.hypot(other[0] - shift[0], other[1] - shift[1]) < SAME_POINTING * smaller).length;
  const meant = alike >= Math.max(settings.leastGroup, DELIBERATE * shifts.length);
  return [
    {
      ...base,
      metric: "shift",
      value: offset,
      limit: settings.limits.shift * smaller,
      ...differenceTest(offset, settings.limits.shift * smaller, 0.02 * smaller, "above", meant ? 0 : 1),
      notable: true,
    },
  ];
}

/** Share of their listed stars that frames of one field find in the reference, from which on not matching at all says something. */
const MATCHING = [0.2, 0.35] as const;

/** Where even frames of one field share few of the things taken for stars (hot pixels, noise), a frame that shares none may be one of them. */
function trustInMatching(registered: readonly Entry[]): number {
  const share = median(registered.map(({ frame, photometry }) => photometry.paired / Math.max(1, frame.measurement.list.x.length))) ?? 0;
  return Math.min(1, Math.max(0, (share - MATCHING[0]) / (MATCHING[1] - MATCHING[0])));
}
