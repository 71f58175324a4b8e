const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** "18.2 GB", "640 MB", "0 bytes": decimal, as drives and cards are sold and file managers count. */
export function byteSize(bytes: number): string {
  let [value, unit] = [bytes, 0];
  // 999.5 of one unit would be printed as 1000 of it.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 1 && value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}
