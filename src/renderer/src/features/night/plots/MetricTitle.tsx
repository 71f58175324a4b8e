import { metricNamed } from "../../../../../shared/night-metrics.ts";
import { metricLabel, unitText } from "../metric-words.ts";

/** Name and unit of what is plotted; what it means is told on resting. */
export function MetricTitle({ metric }: { metric: string }) {
  const known = metricNamed(metric);
  return (
    <h2 className="timeline-title" data-tip={known?.what}>
      {metricLabel(metric)}
      <span className="unit">{unitText(known?.unit ?? "")}</span>
    </h2>
  );
}
