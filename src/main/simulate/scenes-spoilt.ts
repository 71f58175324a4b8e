import { Random } from "./random.ts";
import type { DefectKind, DefectSpec, NightSpec, PresetOptions } from "./spec.ts";
import { PLAIN_FIELD, type Play, scopeNamed, stage } from "./stage.ts";

type MakeNight = (options: PresetOptions, seed: number) => NightSpec;

const SCOPES = ["Refractor 106 f/5", "Newton 200 f/4", "Refractor 130 f/7", "Corrected Newton 300 f/4"] as const;

/** A plain night on one of a few telescopes, with the faults that `faults` gives for its number of frames. */
function spoilt(
  name: string,
  frames: number,
  faults: (frames: number, random: Random) => DefectSpec[],
  more: Partial<Play> = {},
): MakeNight {
  return (options, seed) => {
    const random = new Random(seed).fork(`faults/${name}`);
    const target = { ...PLAIN_FIELD, starDensity: random.logRange(300, 2500) };
    const spec = stage({ name, frames, telescope: scopeNamed(random.pick(SCOPES)), target, ...more }, options, seed);
    return { ...spec, defects: faults(spec.sequence[0].count, random.fork("course")) };
  };
}

/** A fault in every frame; `strengths` is drawn anew for each. */
const everyFrame = (kind: DefectKind, weakest: number, strongest: number) => (frames: number, random: Random) =>
  Array.from(
    { length: frames },
    (_, i): DefectSpec => ({ kind, from: i, to: i, strength: random.range(weakest, strongest), course: "steady" }),
  );

/** Nights that are lost from the first frame to the last. */
export const LOST_SCENES = {
  clouded: spoilt("clouded", 30, (frames) => [{ kind: "cloud", from: 0, to: frames - 1, strength: 0.92, course: "steady" }]),
  unfocused: spoilt("unfocused", 30, everyFrame("focus", 0.72, 0.82)),
  untracked: spoilt("untracked", 30, everyFrame("tracking", 0.55, 0.75)),
  /** A haze of changing thickness, never thin: only the differences can be seen, and the haloes. */
  veiled: spoilt("veiled", 30, (frames, random) => [
    { kind: "dew", from: 0, to: frames - 1, strength: 0.65, course: "steady" },
    ...everyFrame("veil", 0.45, 0.95)(frames, random),
  ]),
} as const satisfies Record<string, MakeNight>;

/**
 * Long sequences that go bad slowly: a baseline that follows its last frames follows the fault. The first quarter is good, the
 * last half bad.
 */
const SLOW_FRAMES = 78;
const slow = (name: string, kind: DefectKind, strength: number, more: Partial<DefectSpec> = {}): MakeNight =>
  spoilt(name, SLOW_FRAMES, (frames) => [{ kind, from: Math.round(0.25 * frames), to: frames - 1, strength, course: "growing", ...more }]);

export const SLOW_SCENES = {
  tree: slow("tree", "obstruction", 0.8, { look: "tree" }),
  dome: slow("dome", "obstruction", 0.8, { look: "dome" }),
  /** The observatory's roof: straight, black and sharp. */
  roof: slow("roof", "obstruction", 0.8, { look: "roof" }),
  "thin-veil": slow("thin-veil", "veil", 0.85),
  dew: slow("dew", "dew", 0.95),
  "patchy-cloud": slow("patchy-cloud", "cloud", 0.8),
} as const satisfies Record<string, MakeNight>;

/** Every second frame has a fault, in strengths from nothing upwards in random order, between frames that have none. */
const sweep = (name: string, kind: DefectKind, weakest: number, strongest: number, more: Partial<Play> = {}): MakeNight =>
  spoilt(
    name,
    72,
    (frames, random) => {
      const places = Array.from({ length: Math.floor(frames / 2) }, (_, i) => 2 * i + 1);
      const order = places.map((at) => ({ at, key: random.uniform() })).sort((a, b) => a.key - b.key);
      return order.map(({ at }, rank): DefectSpec => {
        const strength = weakest + ((strongest - weakest) * rank) / Math.max(1, order.length - 1);
        return { kind, from: at, to: at, strength, course: "steady" };
      });
    },
    more,
  );

/** From what nobody sees to what nobody misses: where does the judgement begin to see it? */
export const SWEEP_SCENES = {
  "sweep-trail": sweep("sweep-trail", "satellite", 0, 0.55),
  "sweep-cloud": sweep("sweep-cloud", "cloud", 0.1, 0.85),
  "sweep-veil": sweep("sweep-veil", "veil", 0.2, 0.85),
  "sweep-focus": sweep("sweep-focus", "focus", 0.02, 0.5),
  "sweep-tracking": sweep("sweep-tracking", "tracking", 0, 0.7),
} as const satisfies Record<string, MakeNight>;

/** A sound night with one veiled frame in its middle: from how many frames on is it seen? */
export const SHORT_SCENES = {
  short: spoilt("short", 8, (frames) => {
    const at = frames >> 1;
    return [{ kind: "veil", from: at, to: at, strength: 0.85, course: "steady" }];
  }),
} as const satisfies Record<string, MakeNight>;
