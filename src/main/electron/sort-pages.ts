import { createHash } from "node:crypto";
import type { SortPlanView } from "../../shared/contract.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import type { NightToSort, SortWish } from "./work-port.ts";

/** Moves that cross to the window at a time. */
const PAGE = 200;

/**
 * The last plan, so that turning its pages does not look at every file of the night again. It holds for one wish and one
 * state of the night; its first page always looks anew, for the disk may have changed.
 */
export class SortPages {
  #last: { key: string; plan: SortPlanView } | null = null;

  async page(night: NightToSort, wish: SortWish, from: number, make: () => Promise<SortPlanView>): Promise<SortPlanView> {
    const key = keyOf(night, wish);
    if (from === 0 || this.#last?.key !== key) this.#last = { key, plan: await make() };
    const { plan } = this.#last;
    return { ...plan, moves: plan.moves.slice(from, from + PAGE) };
  }

  forget(): void {
    this.#last = null;
  }
}

function keyOf({ report, root }: NightToSort, { output, action, keepFolders }: SortWish): string {
  const hash = createHash("sha256").update(JSON.stringify([root, output, action, keepFolders]));
  for (const frame of report.frames) hash.update(`${frame.path}\0${finalVerdict(frame)}\0`);
  return hash.digest("hex");
}
