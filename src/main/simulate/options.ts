import { NebuliftError } from "../../shared/errors.ts";
import { nightSpec, PRESETS, type PresetName } from "./presets.ts";
import { DEFECT_KINDS, type DefectKind, type NightSpec, type PresetOptions } from "./spec.ts";

/** What `nebulift simulate` takes, as given on the command line. */
export interface SimulateArguments {
  preset?: string | undefined;
  frames?: string | undefined;
  /** WIDTHxHEIGHT */
  size?: string | undefined;
  seed?: string | undefined;
  bayer?: boolean | undefined;
  /** `none`, `all`, or kinds with or without a strength: `cloud,focus=0.4,satellite`. */
  defects?: string | undefined;
}

/** Faults may be asked for by the reason a verdict gives, too. */
const ALSO_CALLED: Record<string, DefectKind> = {
  clouds: "cloud",
  trail: "satellite",
  trails: "satellite",
  "sky-glow": "dawn",
  "no-stars": "shutter",
};

const MOST_FRAMES = 2000;
const MOST_PIXELS = 160e6;

/** Turns arguments into a night's recipe. Throws `bad-usage` naming the argument and what it takes. */
export function simulateOptions(given: SimulateArguments): { spec: NightSpec; seed: number } {
  const preset = PRESETS.find((name): name is PresetName => name === (given.preset ?? "demo"));
  if (preset === undefined) throw usage("--preset", given.preset, `one of ${PRESETS.join(", ")}`);
  const seed = given.seed === undefined ? 1 : whole("--seed", given.seed, 0, Number.MAX_SAFE_INTEGER);
  const options: PresetOptions = {
    frames: given.frames === undefined ? null : whole("--frames", given.frames, 1, MOST_FRAMES),
    ...sizeOf(given.size),
    bayer: given.bayer ?? null,
    defects: defectsOf(given.defects),
  };
  return { spec: nightSpec(preset, options, seed), seed };
}

function sizeOf(text: string | undefined): { width: number | null; height: number | null } {
  if (text === undefined) return { width: null, height: null };
  const match = /^(\d{2,5})[xX](\d{2,5})$/.exec(text.trim());
  const width = Number(match?.[1]);
  const height = Number(match?.[2]);
  if (!(width >= 64 && height >= 64 && width * height <= MOST_PIXELS))
    throw usage("--size", text, "WIDTHxHEIGHT, e.g. 1920x1280, at least 64x64");
  return { width, height };
}

function defectsOf(text: string | undefined): { kind: DefectKind; strength: number | null }[] | null {
  if (text === undefined) return null;
  const trimmed = text.trim();
  if (trimmed === "none" || trimmed === "") return [];
  if (trimmed === "all") return DEFECT_KINDS.map((kind) => ({ kind, strength: null }));
  return trimmed.split(",").map((part) => {
    const [name, value] = part.trim().split("=");
    const kind = DEFECT_KINDS.find((known): known is DefectKind => known === (ALSO_CALLED[name] ?? name));
    if (kind === undefined) throw usage("--defects", name, `none, all, or some of ${DEFECT_KINDS.join(", ")}`);
    if (value === undefined) return { kind, strength: null };
    const strength = Number(value);
    if (!(strength >= 0 && strength <= 1)) throw usage("--defects", part, "strengths from 0 to 1, as in cloud=0.5");
    return { kind, strength };
  });
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw usage(name, text, `a whole number from ${least} to ${most}`);
  return value;
}

const usage = (name: string, given: string | undefined, takes: string): NebuliftError =>
  new NebuliftError("bad-usage", `${name} "${given ?? ""}": it takes ${takes}`);
