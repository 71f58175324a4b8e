import { z } from "zod";
import type { RulesDocument } from "../shared/contract.ts";
import { recentNightSchema } from "../shared/contract-night.ts";
import { path } from "../shared/contract-parts.ts";
import { rulesDocument } from "../shared/contract-work.ts";
import { PANES } from "../shared/desktop-settings.ts";
import { NebuliftError } from "../shared/errors.ts";
import { type Settings, settingGroup } from "./storage/index.ts";

const nightBefore = recentNightSchema.omit({ present: true });
const count = z.int().nonnegative();

const nightPlace = z.strictObject({
  title: z.string(),
  paths: z.array(path).min(1),
  watch: z.boolean(),
  state: z.enum(["simulating", "scanning", "grading", "watching", "done", "cancelled", "failed"]),
  pane: z.enum(PANES),
  framePath: z.string().nullable(),
  found: count,
  finished: count,
  review: count,
});
type NightBefore = z.infer<typeof nightBefore>;
type NightPlace = z.infer<typeof nightPlace>;

const NIGHTS = settingGroup<{ nights: NightBefore[] }>("nights", z.strictObject({ nights: z.array(nightBefore).max(20) }), { nights: [] });
const PLACE = settingGroup<{ place: NightPlace | null }>("place", z.strictObject({ place: nightPlace.nullable() }), { place: null });
const RULES = settingGroup<{ document: RulesDocument }>("rules", z.strictObject({ document: rulesDocument }), { document: {} });

/** What the desktop remembers across starts, besides how it looks. Without the store it lasts as long as the process. */
export class DesktopMemory {
  readonly #settings: Settings | null;

  constructor(settings: Settings | null) {
    this.#settings = settings;
  }

  nights(): NightBefore[] {
    return this.#settings?.get(NIGHTS).nights ?? [];
  }

  keepNights(nights: NightBefore[]): void {
    this.#settings?.change(NIGHTS, { nights });
  }

  place(): NightPlace | null {
    return this.#settings?.get(PLACE).place ?? null;
  }

  keepPlace(place: NightPlace | null): void {
    this.#settings?.change(PLACE, { place });
  }

  rules(): RulesDocument {
    return this.#settings?.get(RULES).document ?? {};
  }

  keepRules(document: RulesDocument): void {
    if (!this.#settings) throw new NebuliftError("bad-usage", "rules are not kept without the store");
    this.#settings.change(RULES, { document });
  }
}
