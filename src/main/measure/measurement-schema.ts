import { z } from "zod";
import { GRID_COLUMNS, GRID_ROWS, type Measurement } from "../../shared/domain.ts";

/** What may come back from the store: the shape of a Measurement without its star list, every number finite. */
const number = z.number();
const count = z.number().min(0);
const optional = z.number().nullable();
const pair = z.tuple([number, number]);
const cells = z.array(z.number().nullable()).length(GRID_COLUMNS * GRID_ROWS);

const background = z.strictObject({
  level: number,
  noise: number,
  noiseMrs: number,
  cells,
  cellNoise: cells,
  slope: pair,
  radial: number,
  residual: number,
  cornerRatio: number,
});

const stars = z.strictObject({ count, counted: count, saturated: count, blended: count, cells, totalFlux: number });

const shape = z.strictObject({
  fitted: count,
  fwhm: optional,
  fwhmScatter: optional,
  fwhmArcsec: optional,
  moffatBeta: optional,
  hfr: optional,
  eccentricity: optional,
  eccentricityCentre: optional,
  angle: optional,
  angleCoherence: optional,
  radialCoherence: optional,
  halo: optional,
  donuts: optional,
  doubled: optional,
  doubledOffset: pair.nullable(),
  cells,
});

const trail = z.strictObject({
  from: pair,
  to: pair,
  width: number,
  peakSigma: number,
  peak: number,
  significance: number,
  area: number,
});

const sensor = z.strictObject({
  ceiling: number,
  ceilingFrom: z.enum(["header", "bit-depth", "data"]),
  saturatedFraction: number,
  hotPixels: count,
  deadColumns: count,
  lostRows: number,
  emptyEdge: number,
  rowBanding: number,
  columnBanding: number,
});

export const measurementSchema: z.ZodType<Omit<Measurement, "list">> = z.strictObject({
  version: z.string().max(200),
  width: z.int().min(1),
  height: z.int().min(1),
  sampling: z.literal([1, 2, 3]),
  background,
  stars,
  shape,
  trails: z.array(trail).max(10_000),
  sensor,
  weights: z.strictObject({ psfSignalWeight: optional, psfSnr: optional, snrWeight: optional }),
  stretch: z.strictObject({ shadows: number, midtones: number, highlights: number, range: pair }),
});
