import { metricNamed } from "../../../../shared/night-metrics.ts";
import { texts } from "../../texts/index.ts";

export function metricLabel(name: string): string {
  return metricNamed(name)?.label ?? name;
}

/** The unit as printed, "" for plain numbers. */
export function unitText(unit: string): string {
  return texts.units[unit] ?? unit;
}
