import type { Stretch } from "../../shared/domain.ts";
import { type FrameResult, linkedStretch } from "../engine/index.ts";
import type { JudgedNight } from "../verdict/index.ts";

/**
 * One stretch for all frames of a group, made of its clean ones: stretched each by itself, a cloudy frame looks like the
 * others. Keyed by the frame's path; frames of groups without a clean frame are linked among themselves.
 */
export function nightStretches(results: ReadonlyMap<string, Pick<FrameResult, "measurement">>, judged: JudgedNight): Map<string, Stretch> {
  const stretches = new Map<string, Stretch>();
  for (const group of judged.groups) {
    const clean = group.frames.filter((path) => judged.frames.get(path)?.verdict.kind === "clean");
    const models = (clean.length > 0 ? clean : group.frames).flatMap((path) => results.get(path)?.measurement?.stretch ?? []);
    if (models.length === 0) continue;
    const stretch = linkedStretch(models);
    for (const path of group.frames) stretches.set(path, stretch);
  }
  return stretches;
}
