import { combine, type Harm } from "./harm.ts";

/** From this share of clouded frames on, what looks clear may only be where the cloud was thinnest. */
const CLOUDY = 0.6;
/** So many clear frames in a row are a clear spell; fewer are a gap. */
const SPELL = 4;
const CLEAR = 0.35;
/** Nobody can tell a gap from thin cloud when there is no clear sky to compare with: it goes to review. */
const DOUBT = 0.45;

/**
 * Gaps in a clouded night. The reference is made of the night's own best frames: where nearly all of them were taken through cloud, the
 * best were taken through the thinnest of it. `harms` are those of a group's frames, ordered in time; returns the harm to add to each.
 */
export function gapsInCloud(harms: readonly (readonly Harm[])[]): (Harm | null)[] {
  const clouded = harms.map((of) => of.some((harm) => harm.probability >= 0.5 && (harm.code === "clouds" || harm.code === "veil")));
  const share = clouded.filter(Boolean).length / Math.max(1, harms.length);
  const out: (Harm | null)[] = harms.map(() => null);
  if (share < CLOUDY) return out;
  let from = 0;
  while (from < harms.length) {
    if (combine(harms[from]) >= CLEAR) {
      from++;
      continue;
    }
    let to = from;
    while (to < harms.length && combine(harms[to]) < CLEAR) to++;
    if (to - from < SPELL) for (let i = from; i < to; i++) out[i] = gap(share);
    from = to;
  }
  return out;
}

function gap(share: number): Harm {
  return {
    code: "clouds",
    metric: "cloudedFrames",
    value: share,
    unit: "share",
    baseline: null,
    limit: CLOUDY,
    z: null,
    probability: DOUBT,
    test: null,
    notable: true,
    where: null,
  };
}
