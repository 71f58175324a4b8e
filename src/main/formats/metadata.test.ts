import { describe, expect, it } from "vitest";
import { imageTypeFromText, stackCountFromKeywords } from "./image-type.ts";
import { Keywords, type KeywordValue, numberFromText } from "./keywords.ts";
import { metadataFromKeywords } from "./metadata.ts";

type Entries = Record<string, KeywordValue | [KeywordValue, string]>;

function keywords(entries: Entries): Keywords {
  const all = new Keywords();
  for (const [name, entry] of Object.entries(entries)) {
    if (Array.isArray(entry)) all.add(name, entry[0], entry[1]);
    else all.add(name, entry);
  }
  return all;
}

function metadata(entries: Entries) {
  return metadataFromKeywords(keywords(entries));
}

describe("metadata in the dialects of capture programs", () => {
  it("N.I.N.A.", () => {
    expect(
      metadata({
        IMAGETYP: "LIGHT",
        EXPOSURE: 180,
        EXPTIME: 180,
        "DATE-LOC": "2023-08-11T23:10:11.5",
        "DATE-OBS": "2023-08-11T21:10:11.500",
        XBINNING: 2,
        YBINNING: 2,
        GAIN: 100,
        OFFSET: 50,
        EGAIN: 0.25,
        XPIXSZ: 7.52,
        YPIXSZ: 7.52,
        INSTRUME: "ZWO ASI2600MM Pro",
        "SET-TEMP": -10,
        "CCD-TEMP": -9.8,
        TELESCOP: "FRA400",
        FOCALLEN: 400,
        FOCRATIO: 5.6,
        RA: 314.75,
        DEC: 44.33,
        CENTALT: 61.2,
        CENTAZ: 112.5,
        AIRMASS: 1.14,
        PIERSIDE: "East",
        FOCPOS: 5123,
        FOCUSPOS: 5123,
        FOCTEMP: 14.3,
        ROTATOR: 12.5,
        ROTATANG: 12.5,
        FILTER: "Ha",
        OBJECT: "NGC 7000",
        OBJCTRA: "20 59 00",
        OBJCTDEC: "+44 19 48",
        MPSAS: 21.3,
        ROWORDER: "TOP-DOWN",
        SWCREATE: "N.I.N.A. 2.3.0.9001 (x64)",
      }),
    ).toMatchObject({
      imageType: "light",
      exposure: 180,
      time: Date.UTC(2023, 7, 11, 21, 10, 11, 500),
      binning: [2, 2],
      gain: 100,
      offset: 50,
      electronsPerAdu: 0.25,
      pixelSize: 7.52,
      pixelScale: expect.closeTo(3.878, 3),
      temperature: -9.8,
      focalLength: 400,
      altitude: 61.2,
      azimuth: 112.5,
      airmass: 1.14,
      pierSide: "east",
      focuserPosition: 5123,
      focuserTemperature: 14.3,
      rotator: 12.5,
      filter: "Ha",
      object: "NGC 7000",
      rightAscension: 314.75,
      declination: 44.33,
      skyQuality: 21.3,
      software: "N.I.N.A. 2.3.0.9001 (x64)",
      stackCount: null,
    });
  });

  it("SGP, MaxIm and TheSkyX with texts for angles", () => {
    expect(
      metadata({
        IMAGETYP: "Light Frame",
        EXPTIME: 600,
        "DATE-OBS": "2018-10-18T03:51:07",
        XPIXSZ: [9, "Pixel width in microns after binning"],
        XBINNING: 1,
        YBINNING: 1,
        OBJCTRA: "04 10 08.830",
        OBJCTDEC: "-22 50 22.92",
        OBJCTALT: "65 48 43",
        OBJCTAZ: "24 07 59",
        FOCUSPOS: 7350,
        FOCUSTEM: 19.68,
        "CCD-TEMP": "-15.1 C",
        FILTER: "Lum",
        TELESCOP: "C14",
        FOCALLEN: 3910,
      }),
    ).toMatchObject({
      imageType: "light",
      rightAscension: expect.closeTo(62.536792, 5),
      declination: expect.closeTo(-22.8397, 5),
      altitude: expect.closeTo(65.811944, 5),
      azimuth: expect.closeTo(24.133056, 5),
      focuserPosition: 7350,
      temperature: -15.1,
      pixelScale: expect.closeTo(0.47478, 4),
      binning: [1, 1],
    });
  });

  it("INDI and KStars", () => {
    expect(
      metadata({
        FRAME: "Light",
        IMAGETYP: "Light Frame",
        EXPTIME: 30,
        PIXSIZE1: 2.9,
        PIXSIZE2: 2.9,
        XBINNING: 2,
        YBINNING: 2,
        XPIXSZ: 5.8,
        FOCALLEN: 300,
        SCALE: 3.9878,
        PIERSIDE: "WEST",
        RA: [1.596955, "Object J2000 RA in Degrees"],
        OBJCTRA: " 0 06 23.27",
        OBJECT: "Unknown",
        GAIN: 90,
      }),
    ).toMatchObject({ pixelSize: 5.8, pixelScale: 3.9878, pierSide: "west", rightAscension: 1.596955, object: null, gain: 90 });
  });

  it("AstroArt, Prism, observatories and DSLR programs", () => {
    expect(metadata({ EXPOSURE: "120,5", BINX: 2, BINY: 1, TEMPERAT: -20, "FILT-1": "R" })).toMatchObject({
      exposure: 120.5,
      binning: [2, 1],
      temperature: -20,
      filter: "R",
    });
    expect(metadata({ FLENGTH: 2.4, XPIXELSZ: 10.8, CCDSUM: "2 2" })).toMatchObject({
      focalLength: 2400,
      binning: [2, 2],
      pixelSize: 10.8,
    });
    expect(metadata({ ISOSPEED: "800", EXPTIME: "1/2", CAMERA: "Canon EOS 6D" })).toMatchObject({
      gain: 800,
      exposure: null,
      camera: "Canon EOS 6D",
    });
    expect(metadata({ EXPOINUS: 10000 })).toMatchObject({ exposure: 0.01 });
    expect(metadata({ CAMTEMP: [270, "CCD Temperature in Kelvin, =-1 if no data"] }).temperature).toBeCloseTo(-3.15, 6);
    expect(metadata({ CAMTEMP: [-1, "CCD Temperature in Kelvin, =-1 if no data"] }).temperature).toBeNull();
    expect(metadata({ IM_SCALE: 5.21, TELALT: 74.7, TELAZ: 352.1, CAMFOCUS: "2225" })).toMatchObject({
      pixelScale: 5.21,
      altitude: 74.7,
      azimuth: 352.1,
      focuserPosition: 2225,
    });
  });

  it("plate solutions: CD, PC with CDELT, CDELT; nothing from axes that are not the sky", () => {
    const sky = { CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRVAL1: 83.8, CRVAL2: -5.4 };
    const turned = { CD1_1: -3e-4, CD1_2: 4e-4, CD2_1: 4e-4, CD2_2: 3e-4 };
    expect(metadata({ ...sky, ...turned })).toMatchObject({ pixelScale: expect.closeTo(1.8, 9), rightAscension: 83.8, declination: -5.4 });
    expect(metadata({ ...sky, PC1_1: 0.6, PC1_2: 0.8, PC2_1: -0.8, PC2_2: 0.6, CDELT1: -5e-4, CDELT2: 5e-4 }).pixelScale).toBeCloseTo(
      1.8,
      9,
    );
    expect(metadata({ ...sky, CDELT1: -30, CDELT2: 30, CUNIT1: "arcsec", CUNIT2: "arcsec" }).pixelScale).toBeCloseTo(30, 9);
    expect(metadata({ CDELT1: 1, CDELT2: 1 }).pixelScale).toBeNull();
    expect(metadata({ ...sky, ...turned, XPIXSZ: 3.76, FOCALLEN: 1000 }).pixelScale).toBeCloseTo(1.8, 9);
  });

  it("takes XPIXSZ as binned unless something tells otherwise", () => {
    expect(metadata({ XBINNING: 2, XPIXSZ: 7.52 }).pixelSize).toBe(7.52);
    expect(metadata({ XBINNING: 2, XPIXSZ: 3.76 }).pixelSize).toBe(7.52);
    expect(metadata({ XBINNING: 2, XPIXSZ: [3.76, "Pixel size in microns (with binning)"] }).pixelSize).toBe(3.76);
    expect(metadata({ XBINNING: 2, XPIXSZ: [4.63, "unbinned"] }).pixelSize).toBe(9.26);
    expect(metadata({ XBINNING: 2, XPIXSZ: 4.63 }).pixelSize).toBe(4.63);
    expect(metadata({ XBINNING: 3, PIXSIZE1: 2.4 }).pixelSize).toBeCloseTo(7.2, 9);
  });

  it("is null for what is absent or absurd", () => {
    const nothing = Object.values(metadata({})).filter((value) => value !== null);
    expect(nothing).toEqual(["unknown"]);
    expect(
      metadata({
        EXPTIME: -5,
        GAIN: -1,
        "CCD-TEMP": 999,
        FOCALLEN: 0,
        AIRMASS: -1,
        CENTALT: 1e300,
        XBINNING: 0,
        MPSAS: 0,
        OBJECT: "  ",
        FILTER: "None",
        PIERSIDE: "unknown",
        SATURATE: 0,
        XPIXSZ: -3,
        DEC: 400,
        RA: "here",
        TELESCOP: true,
      }),
    ).toEqual(metadata({}));
    expect(metadata({ EXPTIME: -1, EXPOSURE: 30 }).exposure).toBe(30);
  });

  it("believes DATAMAX only when it is a converter's ceiling", () => {
    expect(metadata({ DATAMAX: 65535 }).saturation).toBe(65535);
    expect(metadata({ DATAMAX: 65520 }).saturation).toBe(65520);
    expect(metadata({ DATAMAX: 16383 }).saturation).toBe(16383);
    expect(metadata({ DATAMAX: 20136 }).saturation).toBeNull();
    expect(metadata({ SATURATE: 60000, DATAMAX: 65535 }).saturation).toBe(60000);
  });
});

describe("image types", () => {
  it.each([
    ["Light Frame", "light"],
    ["LIGHT", "light"],
    ["light", "light"],
    ["object", "light"],
    ["Tricolor Image", "light"],
    ["Bias Frame", "bias"],
    ["Offset", "bias"],
    ["zero", "bias"],
    ["Dark Frame", "dark"],
    ["DARKFLAT", "dark-flat"],
    ["Flat Dark", "dark-flat"],
    ["DARK FLAT", "dark-flat"],
    ["Flat Field", "flat"],
    ["FLAT", "flat"],
    ["Sky Flat", "flat"],
    ["Master Dark", "master"],
    ["masterFlat", "master"],
    ["Stacked", "master"],
    ["EXT", "unknown"],
    ["", "unknown"],
    ["Focus", "unknown"],
  ])("%s is %s", (text, kind) => {
    expect(imageTypeFromText(text)).toBe(kind);
  });

  it("come from the next keyword when one says nothing of use, at last from SBFITSEXT's number", () => {
    expect(metadata({ IMAGETYP: "EXT", FRAME: "Dark" }).imageType).toBe("dark");
    expect(metadata({ PICTTYPE: 4 }).imageType).toBe("flat");
  });
});

describe("stacks", () => {
  it.each<[Entries, string[], number | null]>([
    [{ STACKCNT: 40 }, [], 40],
    [{ NCOMBINE: "12" }, [], 12],
    [{ NCOMBINE: 1 }, [], 1],
    [{ IMCMB001: "a", IMCMB002: "b", IMCMB003: "c" }, [], 3],
    [{}, ["ImageIntegration.numberOfImages: 25"], 25],
    [{}, ["Median stacking with winsorized rejection"], 2],
    [{}, ["ImageCalibration.masterDark.fileName: x"], null],
    [{}, ["Dark subtraction", "Calibrated with a median of nothing"], null],
    [{}, [], null],
  ])("%o %o counts %s", (entries, history, count) => {
    const all = keywords(entries);
    for (const line of history) all.addHistory(line);
    expect(stackCountFromKeywords(all)).toBe(count);
  });
});

describe("numbers in texts", () => {
  it.each([
    ["120", 120],
    ["120 s", 120],
    ["-10.5C", -10.5],
    ["1,5", 1.5],
    ["1.0D-3", 0.001],
    [" +3. ", 3],
    ["2.9um", 2.9],
    ["21.3 mag/arcsec^2", 21.3],
    ["12:30", null],
    ["1/2", null],
    ["f/5", null],
    ["", null],
    ["abc", null],
    ["1.2.3", null],
    ["10 20", null],
    ["1e999", null],
  ])("%s is %s", (text, value) => {
    expect(numberFromText(text)).toBe(value);
  });
});

describe("keywords", () => {
  it("fold names, keep the first value and inherit what is absent", () => {
    const own = keywords({ object: "M 31", "Eso  Det Gain": 2 });
    expect(own.get("OBJECT")).toBe("M 31");
    expect(own.number("ESO DET GAIN")).toBe(2);
    const merged = own.over(keywords({ OBJECT: "M 33", FILTER: "R" }));
    expect([merged.get("OBJECT"), merged.get("FILTER")]).toEqual(["M 31", "R"]);
  });
});
