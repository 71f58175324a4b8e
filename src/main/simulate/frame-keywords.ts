import type { FramePlan, NightPlan } from "./frame-plan.ts";
import { bodiesAt } from "./sky.ts";

/** A header card: name, value, comment. */
export type Keyword = [name: string, value: string | number | boolean, comment?: string];

/** The header N.I.N.A. writes (NINA.Image/FileFormat/FITS/FITSHeader.cs), as far as the simulation knows it. */
export function frameKeywords(plan: NightPlan, frame: FramePlan): Keyword[] {
  const { site, telescope, sensor, weather, targets, mount } = plan.spec;
  const target = targets[frame.target];
  const utc = (time: number) => new Date(time).toISOString().slice(0, 23);
  const keywords: Keyword[] = [
    ["IMAGETYP", "LIGHT", "Type of exposure"],
    ["EXPOSURE", frame.exposure, "[s] Exposure duration"],
    ["EXPTIME", frame.exposure, "[s] Exposure duration"],
    ["DATE-OBS", utc(frame.time), "Time of observation (UTC)"],
    ["DATE-AVG", utc(frame.time + frame.exposure * 500), "Averaged midpoint time (UTC)"],
    ["XBINNING", 1, "X axis binning factor"],
    ["YBINNING", 1, "Y axis binning factor"],
    ["GAIN", sensor.gain, "Sensor gain"],
    ["OFFSET", Math.round(sensor.pedestal / 10), "Sensor gain offset"],
    ["EGAIN", round(sensor.electronsPerAdu, 6), "[e-/ADU] Electrons per A/D unit"],
    ["XPIXSZ", sensor.pixel, "[um] Pixel X axis size"],
    ["YPIXSZ", sensor.pixel, "[um] Pixel Y axis size"],
    ["INSTRUME", sensor.name, "Imaging instrument name"],
    ["SET-TEMP", sensor.temperature, "[degC] CCD temperature setpoint"],
    ["CCD-TEMP", sensor.temperature, "[degC] CCD temperature"],
    ["TELESCOP", telescope.name, "Name of telescope"],
    ["FOCALLEN", telescope.focalLength, "[mm] Focal length"],
    ["FOCRATIO", round(telescope.focalLength / telescope.aperture, 2), "Focal ratio"],
    ["RA", round(target.rightAscension, 6), "[deg] RA of telescope"],
    ["DEC", round(target.declination, 6), "[deg] Declination of telescope"],
    ["CENTALT", round(frame.altitude, 4), "[deg] Altitude of telescope"],
    ["CENTAZ", round(frame.azimuth, 4), "[deg] Azimuth of telescope"],
    ["AIRMASS", round(frame.airmass, 5), "Airmass at frame center"],
    ["PIERSIDE", frame.pierSide === "east" ? "East" : "West", "Telescope pointing state"],
    ["SITEELEV", site.elevation, "[m] Observation site elevation"],
    ["SITELAT", site.latitude, "[deg] Observation site latitude"],
    ["SITELONG", site.longitude, "[deg] Observation site longitude"],
    ["FILTER", frame.filter, "Active filter name"],
    ["OBJECT", target.name, "Name of the object of interest"],
    ["OBJCTROT", mount.cameraAngle, "[deg] planned rotation of imaged object"],
    ["FOCNAME", "Simulated focuser", "Focusing equipment name"],
    ["FOCPOS", frame.focuserPosition, "[step] Focuser position"],
    ["FOCTEMP", round(frame.temperature, 2), "[degC] Focuser temperature"],
    ["MPSAS", round(skyQuality(plan, frame), 2), "[mags/arcsec^2] Sky quality"],
    ["AMBTEMP", round(frame.temperature, 2), "[degC] Ambient air temperature"],
    ["ROWORDER", "TOP-DOWN", "FITS Image Orientation"],
    ["EQUINOX", 2000, "Equinox of celestial coordinate system"],
    ["SWCREATE", "Nebulift simulation", "Software that created this file"],
  ];
  if (weather.cooling > 0) keywords.push(["HUMIDITY", 65, "[%] Relative humidity"]);
  if (sensor.cfa !== null) {
    keywords.push(
      ["BAYERPAT", sensor.cfa, "Sensor Bayer pattern"],
      ["XBAYROFF", 0, "Bayer pattern X axis offset"],
      ["YBAYROFF", 0, "Bayer pattern Y axis offset"],
    );
  }
  return keywords;
}

/** What a meter at the site would read: the dark sky brightened as the field's sky is. */
function skyQuality(plan: NightPlan, frame: FramePlan): number {
  const { moonAltitude, sunAltitude } = bodiesAt(frame.time, plan.spec.site);
  if (moonAltitude < 0 && sunAltitude < -18) return plan.spec.site.zenithSky;
  return Math.min(plan.spec.site.zenithSky, 22 - 2.5 * Math.log10(Math.max(1, frame.truth.sky / 100)));
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
