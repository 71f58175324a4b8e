import type { FrameMetadata, PierSide } from "../../shared/domain.ts";
import { timeFromKeywords } from "./header-time.ts";
import { imageTypeFromKeywords, stackCountFromKeywords } from "./image-type.ts";
import type { Keywords } from "./keywords.ts";
import { focalLengthFromKeywords, pixelScaleFromKeywords, pixelSizeFromKeywords } from "./pixel-size.ts";
import { degrees, parseSexagesimal, rightAscension } from "./sky-angle.ts";
import { centreFromWcs } from "./wcs.ts";

/** Reads one keyword; null when it has no sensible value, and then the next name is asked. */
type Reader<T> = (keywords: Keywords, name: string) => T | null;

/** Numbers outside [least, most] are somebody's "not available" (-1, -999, 1e300) and count as absent. */
function number(least: number, most: number, factor = 1): Reader<number> {
  return (keywords, name) => {
    const value = keywords.number(name);
    return value !== null && value * factor >= least && value * factor <= most ? value * factor : null;
  };
}

function integer(least: number, most: number): Reader<number> {
  return (keywords, name) => {
    const value = keywords.integer(name);
    return value !== null && value >= least && value <= most ? value : null;
  };
}

function angle(least: number, most: number): Reader<number> {
  return (keywords, name) => degrees(keywords, name, least, most);
}

const NOTHING = /^(?:|none|null|n\/?a|nan|unknown|undefined|not (?:set|available|specified)|no (?:object|target|filter)|-+)$/i;

const text: Reader<string> = (keywords, name) => {
  const value = keywords.get(name);
  if (typeof value === "boolean") return null;
  const words = keywords.text(name);
  return words === null || NOTHING.test(words) ? null : words;
};

/** A name, not a version number alone. */
const named: Reader<string> = (keywords, name) => {
  const words = text(keywords, name);
  return words !== null && /[a-z].*[a-z]/i.test(words) ? words : null;
};

const celsius: Reader<number> = (keywords, name) => {
  const value = keywords.number(name);
  if (value === null) return null;
  const kelvin = /kelvin|\[K\]/i.test(keywords.comment(name)) || value > 150;
  const degreesC = kelvin ? value - 273.15 : value;
  return degreesC >= -150 && degreesC <= 80 ? degreesC : null;
};

/** ASCOM's PierSide: 0 is pierEast, 1 pierWest. */
const pierSide: Reader<PierSide> = (keywords, name) => {
  const side = (keywords.text(name) ?? "").toLowerCase().replace(/[^a-z0-9]/g, "");
  if (side === "e" || side === "0" || /^(?:pier)?east/.test(side)) return "east";
  return side === "w" || side === "1" || /^(?:pier)?west/.test(side) ? "west" : null;
};

/** A converter's ceiling, 2^n - 1 or that shifted up to 16 bits: DATAMAX is as often merely the brightest pixel. */
const converterCeiling: Reader<number> = (keywords, name) => {
  const value = keywords.number(name);
  if (value === null) return null;
  const isCeiling = [8, 10, 12, 14, 16].some((bits) => Math.abs(2 ** bits - value) <= 1) || (value >= 65_472 && value <= 65_536);
  return isCeiling ? value : null;
};

/**
 * Names of each quantity, best first, and how to read it: what N.I.N.A., SGP, Voyager, MaxIm, TheSkyX (SBFITSEXT), APT,
 * SharpCap, Siril, ASIAIR, Seestar, KStars/INDI, FireCapture, AstroArt, Prism, DSLR programs and observatories write.
 */
const NUMBERS = {
  exposure: [
    [["EXPTIME", "EXPOSURE", "EXP_TIME", "EXPOSTIM", "EXP-TIME", "AEXPTIME", "TM-EXPOS", "ITIME", "XPOSURE"], number(0, 1e6)],
    [["EXPOINUS"], number(0, 1e6, 1e-6)],
  ],
  gain: [[["GAIN", "CAMGAIN", "GAINSET", "ISOSPEED", "ISO", "ISO-VAL", "CCDGAIN"], number(0, 1e6)]],
  offset: [[["OFFSET", "BLKLEVEL", "BLACKLEV", "CCDOFFST", "CAMOFFST", "BRIGHTNE"], number(0, 1e6)]],
  electronsPerAdu: [[["EGAIN", "CVF", "E_GAIN", "E-GAIN", "ELECGAIN", "EPERADU"], number(1e-4, 1e4)]],
  temperature: [
    [
      ["CCD-TEMP", "CCD_TEMP", "CCDTEMP", "TEMPERAT", "CAMTCCD", "CAMTEMP", "DET-TEMP", "DETTEMP", "SENSTEMP", "TEMPCCD", "SET-TEMP"],
      celsius,
    ],
  ],
  focuserPosition: [[["FOCPOS", "FOCUSPOS", "FOCUSER", "FOCUS", "CAMFOCUS", "FOCPOSN", "TELFOCUS", "FOCSTEP"], number(-1e7, 1e7)]],
  focuserTemperature: [[["FOCTEMP", "FOCUSTEM", "FOCUSTMP", "FOC-TEMP", "TEMPFOC"], celsius]],
  altitude: [[["CENTALT", "OBJCTALT", "TELALT", "ALT-OBJ", "ALT", "ALTSTART", "EL", "ALTITUDE"], angle(-90, 90)]],
  azimuth: [[["CENTAZ", "OBJCTAZ", "TELAZ", "AZ-OBJ", "AZ", "AZSTART", "AZIMUTH"], angle(0, 360)]],
  declination: [[["DEC", "OBJCTDEC", "DEC-OBJ", "TELDEC", "OBJDEC", "DECL"], angle(-90, 90)]],
  rotator: [[["ROTATANG", "ROTATOR", "ROTPOS", "ROTSKYPA", "POSANGLE", "OBJCTROT", "ANGLE", "ROTANG"], angle(-360, 360)]],
  skyQuality: [[["MPSAS", "SQM", "SKYQUAL", "SKYQLTY", "SQMMAG", "SKY-QLTY", "SKYSQM", "SKYBRGHT"], number(5, 25)]],
  airmass: [[["AIRMASS", "SECZ", "AIRM"], number(0.99, 60)]],
  saturation: [
    [["SATURATE", "SATURVAL", "SATLEVEL", "MAXADU", "MAX-ADU", "SATADU", "ADUMAX", "WHITELEV"], number(200, 2 ** 32)],
    [["DATAMAX"], converterCeiling],
  ],
  bitDepth: [[["BITDEPTH", "BIT-DEPTH", "ADCBITS", "ADCDEPTH", "ADC-BITS", "CAMBITS", "SENSBITS", "BITCAMPX"], integer(8, 32)]],
} as const satisfies Partial<Record<keyof FrameMetadata, readonly (readonly [readonly string[], Reader<number>])[]>>;

const TEXTS = {
  object: [["OBJECT", "TARGET", "TARGNAME", "OBJNAME", "TARGETNA"], text],
  filter: [["FILTER", "FILT-1", "FILTER1", "FILTERS", "INSFILTE", "FILTNAM1", "FILTNAME", "FILTERID"], text],
  camera: [["INSTRUME", "CAMERA", "CAMMODEL", "CAMNAME", "CAMERANA", "DETNAM", "DETECTOR", "MODEL"], text],
  telescope: [["TELESCOP", "TELNAME", "SCOPE", "OTA"], text],
  software: [["SWCREATE", "CREATOR", "PROGRAM", "SOFTWARE", "SWCREATO", "APPLICAT", "PROGNAME", "SOFTVER"], named],
} as const satisfies Partial<Record<keyof FrameMetadata, readonly [readonly string[], Reader<string>]>>;

function first<T>(keywords: Keywords, names: readonly string[], read: Reader<T>): T | null {
  for (const name of names) {
    if (!keywords.has(name)) continue;
    const value = read(keywords, name);
    if (value !== null) return value;
  }
  return null;
}

function numberOf(keywords: Keywords, field: keyof typeof NUMBERS): number | null {
  for (const [names, read] of NUMBERS[field]) {
    const value = first(keywords, names, read);
    if (value !== null) return value;
  }
  return null;
}

function textOf(keywords: Keywords, field: keyof typeof TEXTS): string | null {
  const [names, read] = TEXTS[field];
  return first(keywords, names, read);
}

/** A frame's metadata in Nebulift's units; null for whatever the keywords do not say, or say absurdly. */
export function metadataFromKeywords(keywords: Keywords): FrameMetadata {
  const exposure = numberOf(keywords, "exposure");
  const binning = binningFromKeywords(keywords);
  const pixelSize = pixelSizeFromKeywords(keywords, binning?.[0] ?? 1);
  const focalLength = focalLengthFromKeywords(keywords);
  const centre = centreFromWcs(keywords);
  return {
    imageType: imageTypeFromKeywords(keywords),
    object: textOf(keywords, "object"),
    filter: textOf(keywords, "filter"),
    exposure,
    gain: numberOf(keywords, "gain"),
    offset: numberOf(keywords, "offset"),
    electronsPerAdu: numberOf(keywords, "electronsPerAdu"),
    binning,
    temperature: numberOf(keywords, "temperature"),
    time: timeFromKeywords(keywords, exposure),
    camera: textOf(keywords, "camera"),
    telescope: textOf(keywords, "telescope"),
    pixelSize,
    focalLength,
    pixelScale: pixelScaleFromKeywords(keywords, pixelSize, focalLength),
    focuserPosition: numberOf(keywords, "focuserPosition"),
    focuserTemperature: numberOf(keywords, "focuserTemperature"),
    altitude: numberOf(keywords, "altitude"),
    azimuth: numberOf(keywords, "azimuth"),
    rightAscension: rightAscensionOf(keywords) ?? centre?.rightAscension ?? null,
    declination: numberOf(keywords, "declination") ?? centre?.declination ?? null,
    pierSide: first(keywords, ["PIERSIDE", "PIER-SID", "SIDEPIER", "PIER", "SIDEOFPI", "TELPIER"], pierSide),
    rotator: numberOf(keywords, "rotator"),
    skyQuality: numberOf(keywords, "skyQuality"),
    airmass: numberOf(keywords, "airmass"),
    software: textOf(keywords, "software"),
    stackCount: stackCountFromKeywords(keywords),
    saturation: numberOf(keywords, "saturation"),
    bitDepth: numberOf(keywords, "bitDepth"),
  };
}

/** Some write RA in hours as a number: OBJCTRA beside it, in hours by definition, tells. */
function rightAscensionOf(keywords: Keywords): number | null {
  const direct = first(keywords, ["RA", "OBJCTRA", "RA-OBJ", "TELRA", "OBJRA", "R.A."], rightAscension);
  const hours = parseSexagesimal(keywords.text("OBJCTRA") ?? "");
  if (direct === null || hours === null || typeof keywords.get("RA") !== "number" || direct > 24) return direct;
  return Math.abs(direct - hours) < Math.abs(direct - hours * 15) ? direct * 15 : direct;
}

const BINNING_PAIRS = [
  ["XBINNING", "YBINNING"],
  ["BINX", "BINY"],
  ["XBIN", "YBIN"],
  ["CCDXBIN", "CCDYBIN"],
  ["HBIN", "VBIN"],
  ["BINAXIS1", "BINAXIS2"],
  ["CCDBIN1", "CCDBIN2"],
] as const;

/** Pairs of keywords, or one that says `2x2`, `2 2` (CCDSUM) or `2`. */
function binningFromKeywords(keywords: Keywords): [number, number] | null {
  const factor = integer(1, 32);
  for (const [nameX, nameY] of BINNING_PAIRS) {
    const x = factor(keywords, nameX);
    if (x !== null) return [x, factor(keywords, nameY) ?? x];
  }
  for (const name of ["BINNING", "CCDSUM", "BIN", "BINMODE"]) {
    const match = /^(\d{1,2})(?:\s*[x*:, ]\s*(\d{1,2}))?$/i.exec(keywords.text(name) ?? "");
    if (match === null) continue;
    const [x, y] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (x >= 1 && y >= 1 && x <= 32 && y <= 32) return [x, y];
  }
  return null;
}
