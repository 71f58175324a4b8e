import type { Random } from "./random.ts";
import type { DefectKind, DefectSpec } from "./spec.ts";

/** How many frames a fault usually lasts, as a share of the night; 0 strikes single frames. */
const LENGTH: Record<DefectKind, number> = {
  cloud: 0.16,
  veil: 0.14,
  dew: 0.2,
  obstruction: 0.14,
  "stray-light": 0.08,
  moonrise: 0,
  dawn: 0,
  focus: 0.16,
  wind: 0.07,
  tracking: 0.07,
  "periodic-error": 0.12,
  rotation: 0.12,
  jump: 0,
  satellite: 0,
  aeroplane: 0,
  "cosmic-rays": 0,
  "sensor-fault": 0,
  overexposed: 0,
  shutter: 0,
  "off-target": 0.06,
};

/** Where faults that only grow stand: at the end of the night. */
const AT_THE_END: readonly DefectKind[] = ["dew", "obstruction"];

/**
 * Spreads faults over a night of `frames`, one after another in random order with good frames between, so that more
 * than half of the night stays good while there is room. Strengths left open are drawn from barely visible to gross.
 */
export function scheduleDefects(
  wanted: readonly { kind: DefectKind; strength: number | null }[],
  frames: number,
  random: Random,
): DefectSpec[] {
  const inPlace = wanted.filter(({ kind }) => kind !== "dawn" && kind !== "moonrise");
  const order = inPlace
    .map((defect) => ({ defect, key: (AT_THE_END.includes(defect.kind) ? 1 : 0) + random.uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ defect }) => defect);
  const lengths = order.map(({ kind }) => Math.max(1, Math.round(LENGTH[kind] * frames * random.range(0.7, 1.3))));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const shrink = Math.min(1, (0.5 * frames) / Math.max(1, total));
  const used = lengths.map((length) => Math.max(1, Math.floor(length * shrink)));
  const free = Math.max(0, frames - used.reduce((sum, length) => sum + length, 0));
  const gap = free / (order.length + 1);
  let next = gap * random.range(0.8, 1.2);
  return order.map(({ kind, strength }, i) => {
    const from = Math.max(0, Math.min(frames - used[i], Math.round(next)));
    next = from + used[i] + gap * random.range(0.6, 1);
    const ends = AT_THE_END.includes(kind) && i === order.length - 1 ? frames - 1 : from + used[i] - 1;
    return { kind, from, to: ends, strength: strength ?? random.range(0.15, 1) };
  });
}
