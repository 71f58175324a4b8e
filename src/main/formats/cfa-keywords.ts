import type { CfaPattern } from "../../shared/domain.ts";
import type { Keywords } from "./keywords.ts";

export type RowOrder = "top-down" | "bottom-up";

const PATTERN_NAMES = ["BAYERPAT", "BAYER", "BAYER_PA", "BAYERPATTERN", "CFAPAT", "CFAPATTERN", "CFATYPE", "COLORTYP", "MOSAIC", "XTRANS"];
const BAYER = /^(?:RGGB|BGGR|GRBG|GBRG)$/;
const X_TRANS = /^[RGB]{36}$/;

/** ROWORDER as N.I.N.A., Siril, INDI and SharpCap write it; null when the file does not say. */
export function rowOrderFromKeywords(keywords: Keywords): RowOrder | null {
  const text = (keywords.text("ROWORDER") ?? "").toUpperCase().replace(/[^A-Z]/g, "");
  if (text === "TOPDOWN") return "top-down";
  return text === "BOTTOMUP" ? "bottom-up" : null;
}

/**
 * The colour filter array from the first stored pixel; null for mono, and for patterns other than Bayer and X-Trans.
 * The keyword means the pattern at the top left of the scene: stored bottom-up it is turned over by rows, and then moved by
 * XBAYROFF and YBAYROFF (Siril, src/algos/demosaicing.c). Without ROWORDER it is the first stored pixel's: cameras deliver
 * their top row first and capture programs write it as it comes.
 */
export function cfaFromKeywords(keywords: Keywords, rowOrder: RowOrder | null, height: number): CfaPattern | null {
  for (const name of PATTERN_NAMES) {
    const colours = (keywords.text(name) ?? "").toUpperCase().replace(/[^A-Z]/g, "");
    const side = BAYER.test(colours) ? 2 : X_TRANS.test(colours) ? 6 : null;
    if (side === null) continue;
    const dx = keywords.integer("XBAYROFF") ?? keywords.integer("BAYOFFX") ?? 0;
    const dy = keywords.integer("YBAYROFF") ?? keywords.integer("BAYOFFY") ?? 0;
    return { side, colours: fromFirstStored(colours, side, rowOrder === "bottom-up" ? height : null, dx, dy) };
  }
  return null;
}

/** Reads the pattern at (x + dx, y + dy), of which y counts from the other end when the frame of `flippedHeight` is turned over. */
function fromFirstStored(colours: string, side: number, flippedHeight: number | null, dx: number, dy: number): string {
  const wrap = (value: number) => ((value % side) + side) % side;
  let pattern = "";
  for (let y = 0; y < side; y++) {
    const row = flippedHeight === null ? wrap(y + dy) : wrap(flippedHeight - 1 - y - dy);
    for (let x = 0; x < side; x++) pattern += colours[row * side + wrap(x + dx)];
  }
  return pattern;
}
