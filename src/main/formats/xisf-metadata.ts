import type { CfaPattern, FrameWarning } from "../../shared/domain.ts";
import { cfaFromKeywords } from "./cfa-keywords.ts";
import type { FrameFile } from "./frame-file.ts";
import { keywordValue } from "./keyword-text.ts";
import { Keywords } from "./keywords.ts";
import { metadataFromKeywords } from "./metadata.ts";
import { cfaOf } from "./raw-cfa.ts";
import type { XisfImage } from "./xisf-image.ts";
import { childrenNamed, descendants, type XisfElement } from "./xisf-xml.ts";

/** What a XISF unit says about the image besides its pixels: FITS keywords first, then properties where keywords are silent. */
export function describeXisf(root: XisfElement, image: XisfImage): Pick<FrameFile, "metadata" | "cfa" | "warnings"> {
  const warnings: FrameWarning[] = [];
  const about = [...image.element.children, ...referenced(root, image.element)];
  const keywords = new Keywords();
  for (const element of about) if (element.name === "FITSKeyword") addKeyword(element, keywords);
  const properties = propertiesOf([
    ...about,
    ...childrenNamed(root, "Metadata").flatMap((metadata) => metadata.children),
    ...root.children,
  ]);
  for (const [id, names, unit] of PROPERTIES) addProperty(properties, id, names, unit, keywords);
  const imageType = image.element.attributes.get("imageType");
  if (imageType && !keywords.has("IMAGETYP") && !keywords.has("FRAMETYP")) keywords.add("IMAGETYP", IMAGE_TYPES[imageType] ?? imageType);
  const metadata = metadataFromKeywords(keywords);
  if (image.bounds && metadata.saturation === null && image.type.startsWith("f")) metadata.saturation = image.bounds[1];
  return { metadata, cfa: image.planes === 1 ? cfaOfXisf(about, properties, keywords, warnings) : null, warnings };
}

/** XISF 1.0, 11.5.1, table 13, in the words that FITS headers have for them. */
const IMAGE_TYPES: Record<string, string> = {
  MasterBias: "Master Bias",
  MasterDark: "Master Dark",
  MasterFlat: "Master Flat",
  MasterLight: "Master Light",
};

/** Reference elements stand for elements elsewhere in the unit that carry the same uid. */
function referenced(root: XisfElement, element: XisfElement): XisfElement[] {
  const wanted = new Set(childrenNamed(element, "Reference").map((reference) => reference.attributes.get("ref") ?? ""));
  if (wanted.size === 0) return [];
  return [...descendants(root)].filter((candidate) => candidate.name !== "Reference" && wanted.has(candidate.attributes.get("uid") ?? ""));
}

function addKeyword(element: XisfElement, keywords: Keywords): void {
  const name = element.attributes.get("name") ?? "";
  const comment = element.attributes.get("comment") ?? "";
  const value = element.attributes.get("value") ?? "";
  if (name === "HISTORY" || name === "COMMENT") keywords.addHistory(comment || value);
  else keywords.add(name, keywordValue(value), comment);
}

/** The first of each id wins: those of the image come before those of the unit. */
function propertiesOf(elements: XisfElement[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const element of elements) {
    const id = element.attributes.get("id");
    const value = element.attributes.get("value") ?? element.text;
    if (element.name === "Property" && id && value.trim() !== "" && !found.has(id)) found.set(id, value.trim());
  }
  return found;
}

type Unit = "text" | "number" | "metres";

/** XISF 1.0, 11.4 and annex: property, keywords of the same meaning (the first is written, any silences it), unit. */
const PROPERTIES: [id: string, names: string[], unit: Unit][] = [
  ["Instrument:ExposureTime", ["EXPTIME", "EXPOSURE"], "number"],
  ["Instrument:Filter:Name", ["FILTER"], "text"],
  ["Instrument:Camera:Name", ["INSTRUME"], "text"],
  ["Instrument:Camera:Gain", ["EGAIN", "CVF"], "number"],
  ["Instrument:Camera:ISOSpeed", ["GAIN", "ISOSPEED"], "number"],
  ["Instrument:Camera:XBinning", ["XBINNING"], "number"],
  ["Instrument:Camera:YBinning", ["YBINNING"], "number"],
  ["Instrument:Sensor:Temperature", ["CCD-TEMP", "CCD_TEMP"], "number"],
  ["Instrument:Sensor:TargetTemperature", ["SET-TEMP"], "number"],
  ["Instrument:Sensor:XPixelSize", ["XPIXSZ"], "number"],
  ["Instrument:Sensor:YPixelSize", ["YPIXSZ"], "number"],
  ["Instrument:Telescope:Name", ["TELESCOP"], "text"],
  ["Instrument:Telescope:FocalLength", ["FOCALLEN"], "metres"],
  ["Instrument:Focuser:Position", ["FOCPOS", "FOCUSPOS"], "number"],
  ["Instrument:Focuser:Temperature", ["FOCTEMP", "FOCUSTEM"], "number"],
  ["Observation:Object:Name", ["OBJECT"], "text"],
  ["Observation:Center:RA", ["RA"], "number"],
  ["Observation:Center:Dec", ["DEC"], "number"],
  ["Observation:Object:RA", ["RA"], "number"],
  ["Observation:Object:Dec", ["DEC"], "number"],
  ["Observation:Time:Start", ["DATE-OBS"], "text"],
  ["XISF:CreatorApplication", ["SWCREATE", "PROGRAM", "CREATOR"], "text"],
];

/** No amateur's focal length is 50 m: larger numbers are millimetres from writers that overlooked the unit. */
const LONGEST_METRES = 50;

function addProperty(properties: Map<string, string>, id: string, names: string[], unit: Unit, keywords: Keywords): void {
  const text = properties.get(id);
  if (text === undefined || names.some((name) => keywords.get(name) !== null)) return;
  if (unit === "text") {
    keywords.add(names[0], text);
    return;
  }
  const value = Number(text);
  if (!Number.isFinite(value)) return;
  keywords.add(names[0], unit === "metres" && value < LONGEST_METRES ? value * 1000 : value);
}

/**
 * ColorFilterArray describes the stored pixels; keywords and PixInsight's property of a mosaic's source pattern come
 * after it. An element that says something else than red, green and blue is not replaced by a guess.
 */
function cfaOfXisf(about: XisfElement[], properties: Map<string, string>, keywords: Keywords, warnings: FrameWarning[]): CfaPattern | null {
  const element = about.find((candidate) => candidate.name === "ColorFilterArray");
  if (element) {
    const pattern = element.attributes.get("pattern") ?? "";
    const side = element.attributes.get("width") === "6" || pattern.length === 36 ? 6 : 2;
    const cfa = cfaOf(side, pattern);
    if (!cfa) warnings.push({ code: "odd-header", detail: `colour filter array ${pattern.slice(0, 40)}` });
    return cfa;
  }
  const stated = cfaFromKeywords(keywords, "top-down", 0);
  if (stated) return stated;
  const pattern = (properties.get("PCL:CFASourcePattern") ?? "").toUpperCase();
  return cfaOf(pattern.length === 36 ? 6 : 2, pattern);
}
