import { DEFAULT_SETTINGS, judgeNight, type NightFrame } from "../../src/main/verdict/index.ts";
import type { GradedNight } from "./graded.ts";
import { type Line, reportLine } from "./lines.ts";

const FRAMES = 1000;

/** How long it takes to judge a thousand measured frames, at first and again (when a setting is moved). */
export function rejudgingLines(nights: readonly GradedNight[]): Line[] {
  const longest = [...nights].sort((a, b) => largestGroup(b) - largestGroup(a))[0];
  if (longest === undefined) return [];
  const measured: NightFrame[] = [];
  for (const { path, summary, measurement } of longest.state.results.values()) {
    if (summary && measurement) measured.push({ id: path, summary, measurement });
  }
  // The night over and over, each time as new measurements: nothing worked out for a frame serves its copy.
  const frames = Array.from({ length: FRAMES }, (_, i) => {
    const frame = structuredClone(measured[i % measured.length]);
    return { ...frame, id: `${String(i).padStart(4, "0")}/${frame.id}` };
  });
  const first = cpuOf(() => judgeNight(frames, DEFAULT_SETTINGS));
  const again = Math.min(...[0, 1, 2].map(() => cpuOf(() => judgeNight(frames, DEFAULT_SETTINGS))));
  return [
    reportLine(
      "speed",
      `${FRAMES} frames of ${longest.night.name} judged, and judged again`,
      `${first.toFixed(0)} ms, ${again.toFixed(0)} ms of CPU`,
    ),
  ];
}

const largestGroup = ({ groups }: GradedNight): number => Math.max(...groups.map((group) => group.frames));

function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
