import { GRID_COLUMNS, type ReasonCode } from "../../shared/domain.ts";
import { type Compared, deviation, type GroupBaseline, weightByAir, weightOf } from "./group-baseline.ts";
import { chanceBeyondRatio, type Harm, nearRatio, ratioTest } from "./harm.ts";
import { seenShape } from "./seen-shape.ts";
import type { JudgeSettings } from "./settings.ts";

/** Altitude counts as the cause where what it leaves is within this factor of the limit. */
const ALONE = 1.2;

/** Weight lost, and sky that is brighter than the group's, everywhere or in places. */
export function skyHarms(compared: Compared, group: GroupBaseline, settings: JudgeSettings, dimming: readonly Harm[]): Harm[] {
  const { frame, photometry } = compared;
  const { background } = frame.measurement;
  const { limits, notable } = settings;
  const out: Harm[] = [];
  const weight = weightOf(frame, photometry, compared.air);
  const brighter = group.background
    ? (background.level - compared.pedestal) / Math.max(1e-9, group.background.median - compared.pedestal)
    : 1;
  const skyZ = group.background ? deviation(background.level, group.background) : 0;
  if (weight !== null && group.weight) {
    const ratio = weight / group.weight.median;
    // A target so low that altitude alone halves its weight is no worse a frame for it, yet it is said.
    const byAir = weightByAir(compared.air);
    const judged = byAir < ALONE * limits.weight ? ratio / byAir : ratio;
    out.push({
      code: weightCause(compared, group, dimming, brighter),
      metric: "weight",
      value: judged,
      unit: "ratio",
      baseline: 1,
      limit: limits.weight,
      z: deviation(weight, group.weight),
      ...ratioTest(judged, limits.weight, 0.1, "below"),
      notable: nearRatio(ratio, limits.weight, 0.1, "below"),
      where: null,
    });
  }
  if (group.background && skyZ > notable && brighter > 1.3) {
    out.push({
      code: "sky-glow",
      metric: "background",
      value: background.level,
      unit: "ADU",
      baseline: group.background.median,
      limit: null,
      z: skyZ,
      probability: 0,
      test: null,
      notable: true,
      where: null,
    });
  }
  out.push(...localGlow(compared, settings, dimming));
  return out;
}

/** What took the weight: the strongest of dimming, blur and noise, in logarithms. */
function weightCause(compared: Compared, group: GroupBaseline, dimming: readonly Harm[], brighter: number): ReasonCode {
  const { frame, photometry } = compared;
  const t = photometry.transparency !== null && group.transparency ? -Math.log(photometry.transparency / group.transparency.median) : 0;
  const seen = seenShape(frame.measurement);
  const blur = seen.fwhm !== null && group.fwhmSeen ? Math.log(seen.fwhm / group.fwhmSeen.median) : 0;
  const noise = group.noise ? Math.log(frame.measurement.background.noise / group.noise.median) : 0;
  if (noise >= t && noise >= blur) return brighter > 1.1 ? "sky-glow" : "low-snr";
  if (t >= blur) return dimming[0]?.code ?? "clouds";
  const coherent = frame.measurement.shape.angleCoherence ?? 0;
  return coherent > 0.5 && (seen.eccentricity ?? 0) > 0.5 ? "tracking" : "focus";
}

/** What hides sky, and where, when stars say that something does. */
function hiding(dimming: readonly Harm[]): Pick<Harm, "code" | "where"> | null {
  const cells = dimming.find((harm) => harm.metric === "cellsWithoutStars" || harm.metric === "cellTransparency");
  return cells && (cells.where?.cells?.length ?? 0) > 0 ? cells : null;
}

function localGlow(compared: Compared, settings: JudgeSettings, dimming: readonly Harm[]): Harm[] {
  const { sky, photometry } = compared;
  const raised: number[] = [];
  sky.cellZ.forEach((value, cell) => {
    const kept = (photometry.cellTransparency[cell] ?? 1) > 0.85;
    if (value !== null && value > 6 && (sky.cellRise[cell] ?? 0) > 0.05 && kept) raised.push(cell);
  });
  const ratio = sky.gradientRatio;
  const hidden = sky.darkened ? hiding(dimming) : null;
  const probability = chanceBeyondRatio(ratio, settings.limits.gradient, 0.12, "above");
  const counts = raised.length >= 2 || probability >= 0.05 ? 1 : 0;
  const cells = raised.map((cell): [number, number] => [cell % GRID_COLUMNS, Math.floor(cell / GRID_COLUMNS)]);
  return [
    {
      code: hidden?.code ?? "stray-light",
      metric: "gradient",
      value: ratio,
      unit: "ratio",
      baseline: 1,
      limit: settings.limits.gradient,
      z: null,
      ...ratioTest(ratio, settings.limits.gradient, 0.12, "above", counts),
      notable: raised.length >= 2 || nearRatio(ratio, settings.limits.gradient, 0.12, "above"),
      where: hidden?.where ?? { cells },
    },
  ];
}
