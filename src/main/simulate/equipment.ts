import type { SensorSpec, TelescopeSpec } from "./spec.ts";

/** Telescopes as amateurs use them; aberrations are what a decent sample shows, presets and seeds add to them. */
export const TELESCOPES = [
  scope("Lens 135 f/2.8", 135, 48, { spot: 7, vignetting: 0.45, coma: 0.8, curvature: 1.2 }),
  scope("RedCat 51", 250, 51, { vignetting: 0.3 }),
  scope("Refractor 80 f/6", 480, 80, { vignetting: 0.2, curvature: 0.8 }),
  scope("Refractor 106 f/5", 530, 106, { spot: 3.5, vignetting: 0.25 }),
  scope("Newton 150 f/5", 750, 150, { obstruction: 0.33, vanes: 4, coma: 1.5, vignetting: 0.3 }),
  scope("Newton 200 f/4", 800, 200, { obstruction: 0.35, vanes: 4, coma: 1, vignetting: 0.4 }),
  scope("Refractor 130 f/7", 910, 130, { spot: 3 }),
  scope("Ritchey-Chretien 200 f/8", 1600, 203, { obstruction: 0.45, vanes: 4, curvature: 1 }),
  scope("Schmidt-Cassegrain 235 f/6.3", 1480, 235, { spot: 6, obstruction: 0.36, coma: 1.2, vignetting: 0.35 }),
  scope("Corrected Newton 300 f/4", 1200, 300, { obstruction: 0.3, vanes: 3, vignetting: 0.3 }),
] as const satisfies TelescopeSpec[];

function scope(name: string, focalLength: number, aperture: number, more: Partial<TelescopeSpec>): TelescopeSpec {
  return {
    name,
    focalLength,
    aperture,
    obstruction: 0,
    throughput: 0.85,
    spot: 4,
    vignetting: 0.15,
    tilt: [0, 0],
    curvature: 0,
    coma: 0,
    vanes: 0,
    dust: 6,
    focusPerDegree: 0.5,
    ...more,
  };
}

/** Cameras: read noise, full well and gain as their makers' curves give them at the usual settings. */
export const SENSORS = [
  camera("Simulated IMX571M", 6248, 4176, 3.76, 16, 0.25, { readNoise: 1.5, fullWell: 16400, quantumEfficiency: 0.85, gain: 100 }),
  camera("Simulated IMX533M", 3008, 3008, 3.76, 14, 0.25, { readNoise: 1.5, fullWell: 16400, quantumEfficiency: 0.85, gain: 100 }),
  camera("Simulated IMX183M", 5496, 3672, 2.4, 12, 0.25, {
    readNoise: 1.7,
    fullWell: 15000,
    ampGlow: 0.6,
    quantumEfficiency: 0.8,
    gain: 111,
  }),
  camera("Simulated MN34230M", 4656, 3520, 3.8, 12, 0.31, {
    readNoise: 1.5,
    fullWell: 20000,
    ampGlow: 0.15,
    quantumEfficiency: 0.6,
    gain: 139,
  }),
  camera("Simulated KAF-8300", 3326, 2504, 5.4, 16, 0.37, {
    readNoise: 8,
    fullWell: 25500,
    quantumEfficiency: 0.55,
    gain: 0,
    hotPixels: 900,
  }),
  camera("Simulated IMX455M", 9576, 6388, 3.76, 16, 0.25, { readNoise: 1.5, fullWell: 16400, quantumEfficiency: 0.85, gain: 100 }),
  camera("Simulated ICX829", 752, 580, 8.6, 16, 0.6, { readNoise: 6, fullWell: 39000, quantumEfficiency: 0.7, gain: 0 }),
  camera("Simulated APS-C reflex", 6000, 4000, 3.9, 14, 0.5, {
    readNoise: 3,
    fullWell: 30000,
    cfa: "RGGB",
    quantumEfficiency: 0.5,
    banding: 0.8,
  }),
] as const satisfies SensorSpec[];

function camera(
  name: string,
  width: number,
  height: number,
  pixel: number,
  bits: SensorSpec["bits"],
  electronsPerAdu: number,
  more: Partial<SensorSpec>,
): SensorSpec {
  return {
    name,
    width,
    height,
    pixel,
    bits,
    electronsPerAdu,
    cfa: null,
    quantumEfficiency: 0.8,
    gain: 100,
    pedestal: 500,
    readNoise: 2,
    fullWell: 16000,
    darkCurrent: 0.002,
    hotPixels: 250,
    ampGlow: 0,
    banding: 0,
    badColumns: 0,
    prnu: 0.004,
    temperature: -10,
    ...more,
  };
}
