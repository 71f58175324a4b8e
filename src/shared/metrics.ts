/**
 * Every number a frame is reported by, under the flat name that the report, the table and the rules use. The unit is
 * what a value is printed with, `better` says which way is good (null: neither by itself), `what` is one plain sentence.
 */
export interface Metric {
  label: string;
  unit: string;
  better: "lower" | "higher" | null;
  what: string;
}

export const METRICS = {
  stars: {
    label: "Stars",
    unit: "",
    better: "higher",
    what: "Stars that stand at least five times above the noise, those on trails left out.",
  },
  starsSaturated: { label: "Saturated stars", unit: "", better: "lower", what: "Stars whose centre reached the sensor's ceiling." },
  starsBlended: { label: "Blended stars", unit: "", better: null, what: "Stars that overlap a brighter neighbour." },
  starsFitted: { label: "Fitted stars", unit: "", better: null, what: "Stars that the shape numbers stand on." },
  starFlux: { label: "Star flux", unit: "ADU", better: "higher", what: "Light of all measured stars together." },
  fwhm: { label: "FWHM", unit: "px", better: "lower", what: "Width of the stars at half their height, in sensor pixels." },
  fwhmArcsec: { label: "FWHM", unit: "arcsec", better: "lower", what: "Width of the stars at half their height, on the sky." },
  fwhmScatter: { label: "FWHM scatter", unit: "px", better: "lower", what: "How much the star width differs over the frame." },
  hfr: { label: "HFR", unit: "px", better: "lower", what: "Radius around a star that holds half of its light." },
  eccentricity: { label: "Eccentricity", unit: "", better: "lower", what: "How elongated the stars are over the whole frame: 0 is round." },
  eccentricityCentre: {
    label: "Centre eccentricity",
    unit: "",
    better: "lower",
    what: "How elongated the stars are in the middle third, where the optics elongate least.",
  },
  angle: { label: "Elongation angle", unit: "deg", better: null, what: "Direction in which the stars are elongated." },
  angleCoherence: {
    label: "Angle coherence",
    unit: "",
    better: "lower",
    what: "Whether all stars are elongated the same way: 1 means the mount moved, 0 means chance.",
  },
  radialCoherence: {
    label: "Radial coherence",
    unit: "",
    better: null,
    what: "Whether stars point to the centre (1) or around it (-1): a sign of the optics, not of the mount.",
  },
  halo: { label: "Halo", unit: "", better: "lower", what: "Light spread far around the stars; it grows with dew, haze and defocus." },
  donuts: { label: "Donuts", unit: "", better: "lower", what: "Share of the stars that are rings with a dark centre: far out of focus." },
  doubled: {
    label: "Doubled stars",
    unit: "",
    better: "lower",
    what: "Share of the stars that have a twin at one common distance: the mount jumped.",
  },
  moffatBeta: {
    label: "Moffat beta",
    unit: "",
    better: null,
    what: "How steeply the stars' wings fall; lower means more light in the wings.",
  },
  background: { label: "Sky", unit: "ADU", better: "lower", what: "Brightness of the sky, including the camera's offset." },
  skyFill: { label: "Sky of ceiling", unit: "", better: "lower", what: "Sky brightness as a share of the sensor's ceiling." },
  noise: { label: "Noise", unit: "ADU", better: "lower", what: "Sky noise of one measured pixel." },
  noiseMrs: {
    label: "Noise (MRS)",
    unit: "ADU",
    better: "lower",
    what: "Noise of one measured pixel with stars and nebulae taken out at every scale, as PixInsight states it.",
  },
  slopeX: {
    label: "Gradient across",
    unit: "ADU",
    better: null,
    what: "Rise of the sky from the left edge of the frame as stored to the right.",
  },
  slopeY: {
    label: "Gradient along",
    unit: "ADU",
    better: null,
    what: "Rise of the sky from the first row of the frame as stored to the last.",
  },
  radial: {
    label: "Vignetting",
    unit: "ADU",
    better: null,
    what: "How much the sky falls (negative) or rises from the centre to the corners.",
  },
  residual: {
    label: "Sky unevenness",
    unit: "ADU",
    better: "lower",
    what: "What is left of the sky after its gradient and vignetting: patches of cloud, or a nebula.",
  },
  cornerRatio: { label: "Corner / centre", unit: "ratio", better: null, what: "Sky in the corners over sky in the centre." },
  snrWeight: {
    label: "SNR weight",
    unit: "",
    better: "higher",
    what: "Spread of the pixels over the noise, squared; thin cloud can raise it.",
  },
  psfSignalWeight: {
    label: "PSF signal weight",
    unit: "",
    better: "higher",
    what: "PixInsight's weight: light and sharpness of the stars over noise and sky.",
  },
  psfSnr: { label: "PSF SNR", unit: "", better: "higher", what: "PixInsight's signal-to-noise of the stars' light, squared." },
  saturated: { label: "Saturated pixels", unit: "", better: "lower", what: "Share of the pixels at the sensor's ceiling." },
  hotPixels: { label: "Hot pixels", unit: "", better: "lower", what: "Single bright pixels that no star could make." },
  lostRows: {
    label: "Lost rows",
    unit: "",
    better: "lower",
    what: "Share of the rows that hold nothing but one value: a broken download.",
  },
  emptyEdge: { label: "Empty edge", unit: "", better: "lower", what: "Share of the rows at the edges that hold no data." },
  deadColumns: {
    label: "Defective columns",
    unit: "",
    better: "lower",
    what: "Columns that are far darker or brighter than those beside them.",
  },
  rowBanding: {
    label: "Row banding",
    unit: "ratio",
    better: "lower",
    what: "Stripes along rows against the noise expected: 1 means none.",
  },
  columnBanding: {
    label: "Column banding",
    unit: "ratio",
    better: "lower",
    what: "Stripes along columns against the noise expected: 1 means none.",
  },
  trails: { label: "Trails", unit: "", better: "lower", what: "Trails of satellites, aeroplanes or meteors." },
  trailPeakSigma: {
    label: "Brightest trail",
    unit: "sigma",
    better: "lower",
    what: "Peak brightness of the brightest trail against the sky noise.",
  },
  trailWidth: { label: "Widest trail", unit: "px", better: "lower", what: "Width of the widest trail at half its height." },
  trailArea: { label: "Trail area", unit: "", better: "lower", what: "Share of the frame that trails cover." },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** The description of a metric that is known only as text (a rule, a column of a report); null when there is none of that name. */
export function metricOf(name: string): Metric | null {
  return Object.hasOwn(METRICS, name) ? METRICS[name as MetricName] : null;
}
