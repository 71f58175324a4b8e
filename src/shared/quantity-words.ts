/** A number as a person would write it: four digits at most, no exponent for everyday sizes, counts without decimals. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toString();
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** A share as people say it: whole percents, one decimal below one percent. */
export function percentText(share: number): string {
  const percent = share * 100;
  const tenths = percent.toFixed(1);
  return `${Math.abs(percent) < 0.95 && Number(tenths) !== 0 ? tenths : Math.round(percent)} %`;
}

/** Integration time from minutes: "40 s", "24 min", "3 h 05 min". */
export function durationText(minutes: number): string {
  if (minutes > 0 && minutes < 1) return `${Math.max(1, Math.round(minutes * 60))} s`;
  const whole = Math.round(minutes);
  if (whole < 90) return `${whole} min`;
  return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, "0")} min`;
}

/** A share that is compared with a goal: one decimal, and 100 % only when it is all. */
export function finePercentText(share: number): string {
  const text = (share * 100).toFixed(1);
  return `${share < 1 && text === "100.0" ? "99.9" : text} %`;
}
