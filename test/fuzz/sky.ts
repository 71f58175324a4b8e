import { planNight, simulateOptions } from "../../src/main/simulate/index.ts";
import { renderFrame } from "../../src/main/simulate/render.ts";

export type Keyword = readonly [name: string, value: string | number | boolean | null, comment?: string];

/** A frame of stars that the program calls clean: what the seeds of the fuzzer show. */
export interface SkyFrame {
  width: number;
  height: number;
  /** ADU, row by row. */
  pixels: Uint16Array;
  keywords: readonly Keyword[];
}

const SKY_WIDTH = 640;
const SKY_HEIGHT = 480;

/**
 * A night of faultless frames of one field, the smallest in which the judge compares frames with one another. The first is
 * the one that gets damaged; the others are the group it is judged in.
 */
export function cleanNight(bayer: boolean, frames = 9, [across, down] = [SKY_WIDTH, SKY_HEIGHT]): SkyFrame[] {
  const { spec, seed } = simulateOptions({
    frames: `${frames}`,
    size: `${across}x${down}`,
    seed: "5",
    defects: "none",
    bayer,
  });
  const plan = planNight(spec, seed);
  return plan.frames.map(({ index }) => {
    const { width, height, data, keywords } = renderFrame(plan, index);
    return { width, height, pixels: data, keywords };
  });
}
