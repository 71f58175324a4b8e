import type { Stretch } from "../../../shared/domain.ts";
import { aduOfDisplay, displayOf } from "../../engine/index.ts";

/** Frames that share a stretch, by path. */
export interface StretchedGroup {
  frames: readonly string[];
  stretch: Stretch;
}

/** While frames arrive, pictures change at most this often, ms. */
const LEAST_TIME = 4000;
/** Difference of brightness on the screen, 0..1, that is worth making all pictures anew: while frames arrive, and once none do. */
const NOTICEABLE = { arriving: 0.04, atRest: 0.01 };
/** Display values at which two stretches are compared: shadows, sky, midtones, highlights. */
const COMPARED_AT = [0.1, 0.25, 0.5, 0.75];

/**
 * The stretches that pictures are shown in. A group's own moves a little with every frame; thumbnails that followed it
 * would flicker. So the one that is shown stays until the difference can be seen.
 */
export class SteadyStretches {
  readonly #shown = new Map<string, Stretch>();
  #since = Number.NEGATIVE_INFINITY;
  #version = 0;

  /** Counts the changes of what pictures look like. */
  get version(): number {
    return this.#version;
  }

  /** By the frame's path. */
  get shown(): ReadonlyMap<string, Stretch> {
    return this.#shown;
  }

  /** Takes in the stretches as the night knows them now; `now` in ms. */
  take(groups: readonly StretchedGroup[], now: number, atRest: boolean): void {
    const noticeable = atRest ? NOTICEABLE.atRest : NOTICEABLE.arriving;
    const stale = groups.filter((group) => this.#isStale(group, noticeable));
    const renewed = stale.length > 0 && (atRest || now - this.#since >= LEAST_TIME);
    for (const group of groups) {
      const shown = this.#shownIn(group)[0] ?? group.stretch;
      const stretch = renewed && stale.includes(group) ? group.stretch : shown;
      for (const path of group.frames) if (renewed || !this.#shown.has(path)) this.#shown.set(path, stretch);
    }
    if (!renewed) return;
    this.#version++;
    this.#since = now;
  }

  #shownIn({ frames }: StretchedGroup): Stretch[] {
    return frames.flatMap((path) => this.#shown.get(path) ?? []);
  }

  #isStale(group: StretchedGroup, noticeable: number): boolean {
    // Frames of groups that have become one may still be shown in two ways.
    return [...new Set(this.#shownIn(group))].some((shown) => difference(shown, group.stretch) > noticeable);
  }
}

/** Largest difference of brightness on the screen, 0..1. */
function difference(a: Stretch, b: Stretch): number {
  return Math.max(...COMPARED_AT.map((y) => Math.abs(y - displayOf(b, aduOfDisplay(a, y)))));
}
