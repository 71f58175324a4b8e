import type { FrameSummary, Measurement } from "../../shared/domain.ts";

/** A measured light of the night. `id` is unique in the night (its path). */
export interface NightFrame {
  id: string;
  summary: FrameSummary;
  measurement: Measurement;
}

export interface FrameGroup {
  id: string;
  frames: NightFrame[];
}

const HOUR = 3_600_000;
/** A pause after which sky, focus and set-up may be other than before; the parts are compared each with itself. */
const LONGEST_GAP = HOUR;
/** A slew: further apart than this on the sky (degrees) is another field. */
const FIELD_CHANGE = 0.5;

/**
 * Groups frames that may be compared with one another: same object, filter, exposure, binning, gain, size, camera and
 * night, wherever their files lie. A pause of over an hour or a slew to another field starts a new group; a meridian flip alone
 * does not, because stars are matched through it. Frames without a time stay in the order of their paths.
 */
export function groupFrames(frames: readonly NightFrame[]): FrameGroup[] {
  const byKey = new Map<string, NightFrame[]>();
  for (const frame of frames) {
    const key = groupKey(frame);
    const list = byKey.get(key);
    if (list) list.push(frame);
    else byKey.set(key, [frame]);
  }
  const groups: FrameGroup[] = [];
  for (const [key, list] of [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const parts = splitInTime(list);
    parts.forEach((part, index) => {
      groups.push({ id: parts.length === 1 ? key : `${key}/${nightOf(part[0]) ?? index + 1}#${index + 1}`, frames: part });
    });
  }
  return groups;
}

function groupKey({ summary, measurement }: NightFrame): string {
  const m = summary.metadata;
  const parts = [
    m.object?.trim().toLowerCase().replace(/\s+/g, " ") || "no object",
    m.filter?.trim() || "no filter",
    m.exposure === null ? "? s" : `${Number(m.exposure.toPrecision(3))} s`,
    `bin ${m.binning?.join("x") ?? "?"}`,
    `gain ${m.gain ?? "?"}`,
    `${summary.width}x${summary.height}${summary.cfa ? " CFA" : summary.planes > 1 ? ` x${summary.planes}` : ""}`,
  ];
  if (m.camera) parts.push(m.camera.trim());
  // Raw frames in ADU and calibrated ones in 0..1 may lie in one folder: their numbers have nothing in common.
  if (measurement.stretch.range[1] <= 2) parts.push("0..1");
  return parts.join("/");
}

function splitInTime(frames: NightFrame[]): NightFrame[][] {
  const ordered = inOrder(frames);
  const parts: NightFrame[][] = [];
  let last: NightFrame | null = null;
  for (const frame of ordered) {
    const current = parts.at(-1);
    if (current && last && !startsAnew(last, frame)) current.push(frame);
    else parts.push([frame]);
    last = frame;
  }
  return parts;
}

/** By time; frames without one come after those with, by path. */
function inOrder(frames: readonly NightFrame[]): NightFrame[] {
  return [...frames].sort((a, b) => {
    const ta = a.summary.metadata.time ?? Number.POSITIVE_INFINITY;
    const tb = b.summary.metadata.time ?? Number.POSITIVE_INFINITY;
    if (ta !== tb) return ta - tb;
    return a.id < b.id ? -1 : 1;
  });
}

function startsAnew(before: NightFrame, after: NightFrame): boolean {
  const a = before.summary.metadata;
  const b = after.summary.metadata;
  if (a.time === null || b.time === null) return false;
  const gap = b.time - a.time - 1000 * (a.exposure ?? 0);
  if (gap > LONGEST_GAP) return true;
  return separation(a.rightAscension, a.declination, b.rightAscension, b.declination) > FIELD_CHANGE;
}

/** Degrees on the sky, small-angle; 0 when a coordinate is missing. */
function separation(ra1: number | null, dec1: number | null, ra2: number | null, dec2: number | null): number {
  if (ra1 === null || dec1 === null || ra2 === null || dec2 === null) return 0;
  const dRa = (((ra2 - ra1 + 540) % 360) - 180) * Math.cos((((dec1 + dec2) / 2) * Math.PI) / 180);
  return Math.hypot(dRa, dec2 - dec1);
}

/** Date of the evening a frame belongs to (days run from noon to noon, UTC). */
function nightOf(frame: NightFrame): string | null {
  const time = frame.summary.metadata.time;
  if (time === null) return null;
  return new Date(time - 12 * HOUR).toISOString().slice(0, 10);
}
