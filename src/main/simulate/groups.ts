import type { MeasuredConditions } from "./conditions.ts";

const HOUR = 3_600_000;

/**
 * Frames that are compared with one another, as docs/judgement.md has it, by the group's name: same target, filter and
 * exposure (a simulated night has one camera). A pause of over an hour after which the telescope stands on the other side of
 * the pier starts a new group; a meridian flip alone does not.
 */
export function groupFrames(frames: readonly MeasuredConditions[]): Map<string, MeasuredConditions[]> {
  const groups = new Map<string, MeasuredConditions[]>();
  for (const [series, list] of Map.groupBy(frames, ({ plan }) => plan.group)) {
    let part = 1;
    list.forEach((frame, i) => {
      if (i > 0 && startsAnew(list[i - 1], frame)) part++;
      const name = part === 1 ? series : `${series}#${part}`;
      const group = groups.get(name);
      if (group) group.push(frame);
      else groups.set(name, [frame]);
    });
  }
  return groups;
}

function startsAnew({ plan: before }: MeasuredConditions, { plan: after }: MeasuredConditions): boolean {
  const pause = after.time - before.time - 1000 * before.exposure;
  return pause > HOUR && before.pierSide !== after.pierSide;
}
