export type { CachedFrame, MeasurementCache } from "./measurement-cache.ts";
export { type Places, placesOf } from "./places.ts";
export { type SettingGroup, type Settings, settingGroup } from "./settings.ts";
export { openStore, type Store, type StoreOptions } from "./store.ts";
