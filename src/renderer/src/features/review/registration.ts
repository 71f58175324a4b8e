import type { ReportFrame } from "../../../../shared/domain.ts";

/** How one frame's upright picture is laid over another's: turned about its middle, then moved; sensor pixels, degrees. */
export interface Overlay {
  turn: number;
  dx: number;
  dy: number;
}

/** The measured middle is width / 2 from the first pixel's centre; a picture turns about width / 2 from that pixel's edge. */
const HALF = 0.5;

/** Pictures that share less than this of their width are not worth laying over one another. */
const LEAST_COMMON = 0.5;

/**
 * Lays `other` over `base` so that their stars meet. The night's measurements map each frame to one reference: turned by
 * `rotation` and moved by `shiftX`, `shiftY`, both about the frame's middle; so other -> reference -> base. Null where the
 * frames were not matched or have little in common.
 */
export function overlayOf(other: ReportFrame, base: ReportFrame): Overlay | null {
  if (other.group === null || other.group !== base.group) return null;
  const [from, to] = [placeOf(other), placeOf(base)];
  if (from === null || to === null) return null;
  const turn = from.turn - to.turn;
  const [x, y] = turned(from.x - to.x, from.y - to.y, -to.turn);
  const [hx, hy] = turned(HALF, HALF, turn);
  const [dx, dy] = [x + HALF - hx, y + HALF - hy];
  const common = LEAST_COMMON * (base.metadata?.width ?? 0);
  if (Math.hypot(dx, dy) > common) return null;
  // Measured in stored rows: upside down, what goes up goes down and what turns right turns left.
  return base.metadata?.rowOrder === "bottom-up" ? { turn: -turn, dx, dy: -dy } : { turn, dx, dy };
}

function turned(x: number, y: number, degrees: number): [x: number, y: number] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [cos * x - sin * y, sin * x + cos * y];
}

function placeOf({ measurements }: ReportFrame): { x: number; y: number; turn: number } | null {
  const [x, y, turn] = [measurements?.["shiftX"], measurements?.["shiftY"], measurements?.["rotation"]];
  return typeof x === "number" && typeof y === "number" && typeof turn === "number" ? { x, y, turn } : null;
}

/** As CSS writes it, for an element that turns about its middle; `scale` is CSS pixels per sensor pixel. */
export function overlayTransform({ turn, dx, dy }: Overlay, scale: number): string {
  return `translate(${dx * scale}px, ${dy * scale}px) rotate(${turn}deg)`;
}
