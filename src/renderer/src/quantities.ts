/** Numbers as people read them. Units stand in column heads and labels unless a function says otherwise. */

const minus = "\u2212";
const none = "\u2013";

export function fixed(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const text = value.toFixed(digits);
  // A rounded zero has no sign.
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", minus);
}

/** Whole numbers with thin spaces between thousands. */
export function whole(value: number | null | undefined): string {
  return fixed(value, 0).replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");
}

/** As many digits as a measurement of this size deserves. */
export function measured(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const size = Math.abs(value);
  if (size >= 100 || (Number.isInteger(value) && size >= 10)) return whole(value);
  if (size >= 10) return fixed(value, 1);
  if (size >= 0.01 || size === 0) return Number.isInteger(value) ? whole(value) : fixed(value, 2);
  return value.toExponential(1).replace("-", minus);
}

/** "3 h 24 min", "24 min", "40 s": integration time, from minutes. */
export function integration(minutes: number): string {
  if (minutes > 0 && minutes < 1) return `${Math.round(minutes * 60)} s`;
  const rounded = Math.round(minutes);
  const hours = Math.floor(rounded / 60);
  if (hours === 0) return `${rounded} min`;
  return rounded % 60 === 0 ? `${hours} h` : `${hours} h ${rounded % 60} min`;
}

/** "12 s", "3 min 05 s", "1 h 10 min": waiting time, from seconds. */
export function wait(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}

/** "21:04:33" in UTC, as capture programs write it into headers, from milliseconds since 1970. */
export function clock(time: number | null | undefined): string {
  return time === null || time === undefined || !Number.isFinite(time) ? none : new Date(time).toISOString().slice(11, 19);
}

export function moment(time: number | null | undefined): string {
  return time === null || time === undefined || !Number.isFinite(time) ? none : new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

/** Keeps each number and its unit on one line. */
export function unbroken(text: string): string {
  return text.replaceAll(/(?<=\d) (?=%|px\b|σ|ADU\b|arcsec\b|s\b|×)|(?<=[<>]) (?=\d)/g, "\u00a0");
}

export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 1) return "< 1 %";
  if (value > 99 && value < 100) return "> 99 %";
  return `${Math.round(value)} %`;
}

/** "+3.2 σ"; beyond a hundred the number itself says nothing more. */
export function sigmas(z: number | null): string {
  if (z === null || !Number.isFinite(z)) return none;
  if (Math.abs(z) >= 100) return `${z < 0 ? `< ${minus}` : "> +"}100 σ`;
  const size = Math.abs(z) >= 10 ? whole(Math.abs(z)) : fixed(Math.abs(z), 1);
  return size === fixed(0, 1) ? `${size} σ` : `${z < 0 ? minus : "+"}${size} σ`;
}
