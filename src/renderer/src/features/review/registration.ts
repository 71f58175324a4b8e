import type { ReportFrame } from "../../../../shared/domain.ts";

/** How one frame's upright picture is laid over another's: turned about its middle, then moved; sensor pixels, degrees. */
export interface Overlay {
  turn: number;
  dx: number;
  dy: number;
}

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
  const back = (-to.turn * Math.PI) / 180;
  const [x, y] = [from.x - to.x, from.y - to.y];
  const dx = Math.cos(back) * x - Math.sin(back) * y;
  const dy = Math.sin(back) * x + Math.cos(back) * y;
  const turn = from.turn - to.turn;
  const common = LEAST_COMMON * (base.metadata?.width ?? 0);
  if (Math.hypot(dx, dy) > common) return null;
  // Measured in stored rows: upside down, what goes up goes down and what turns right turns left.
  return base.metadata?.rowOrder === "bottom-up" ? { turn: -turn, dx, dy: -dy } : { turn, dx, dy };
}

function placeOf({ measurements }: ReportFrame): { x: number; y: number; turn: number } | null {
  const [x, y, turn] = [measurements?.["shiftX"], measurements?.["shiftY"], measurements?.["rotation"]];
  return typeof x === "number" && typeof y === "number" && typeof turn === "number" ? { x, y, turn } : null;
}

/** As CSS writes it, for an element that turns about its middle; `scale` is CSS pixels per sensor pixel. */
export function overlayTransform({ turn, dx, dy }: Overlay, scale: number): string {
  return `translate(${dx * scale}px, ${dy * scale}px) rotate(${turn}deg)`;
}
