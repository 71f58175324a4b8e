export type { Decision, Decisions, KeptDecision } from "./decisions.ts";
export { type Places, placesOf } from "./places.ts";
export { type Settings, settingGroup } from "./settings.ts";
export type { Sorts } from "./sorts.ts";
export { databaseSoundness } from "./soundness.ts";
export { openStore, type Store } from "./store.ts";
