import type { Entry } from "./good-part.ts";
import { chanceBeyond, type Harm } from "./harm.ts";
import { median } from "./robust.ts";
import type { JudgeSettings } from "./settings.ts";

/** Offsets within this share of the smaller side belong to one pointing. */
const SAME_POINTING = 0.1;
/** A second pointing of at least this share of the group was meant: panels of a mosaic, a field shared between two nights. */
const DELIBERATE = 0.3;

/**
 * Another field than the group's, or one shifted so far that much of the frame will be cropped. `field` is the group's main one.
 * In a group too small to compare nothing is off target.
 */
export function offTarget(entry: Entry, part: Entry[], field: number, settings: JudgeSettings): Harm[] {
  if (part.length < settings.leastGroup) return [];
  const { photometry, frame } = entry;
  const registered = part.filter((other) => other.photometry.field === field);
  if (registered.length < 0.6 * part.length) return [];
  const { width, height } = frame.measurement;
  const smaller = Math.min(width, height);
  const base = { code: "off-target", unit: "px", baseline: 0, z: null, where: null } as const;
  if (photometry.field !== field) {
    const typical = median(registered.map((other) => other.frame.measurement.list.x.length)) ?? 0;
    if (frame.measurement.list.x.length < Math.max(12, 0.4 * typical)) return [];
    return [{ ...base, metric: "matchedStars", unit: "stars", value: 0, limit: 3, probability: 0.9, notable: true }];
  }
  const { shift } = photometry;
  if (!shift) return [];
  const shifts = registered.map((other) => other.photometry.shift ?? [0, 0]);
  const centre = [0, 1].map((axis) => median(shifts.map((other) => other[axis])) ?? 0);
  const offset = Math.hypot(shift[0] - centre[0], shift[1] - centre[1]);
  const share = offset / smaller;
  const probability = chanceBeyond(share, settings.limits.shift, 0.02, "above");
  if (probability < 0.01) return [];
  const alike = shifts.filter((other) => Math.hypot(other[0] - shift[0], other[1] - shift[1]) < SAME_POINTING * smaller).length;
  const meant = alike >= Math.max(settings.leastGroup, DELIBERATE * registered.length);
  return [
    {
      ...base,
      metric: "shift",
      value: offset,
      limit: settings.limits.shift * smaller,
      probability: meant ? 0 : probability,
      notable: true,
    },
  ];
}
