import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { AppInfo } from "../../../shared/contract.ts";

/** What main says of itself and of nights before; null until it has answered. */
export const infoStore = createStore<{ info: AppInfo | null }>(() => ({ info: null }));

/** Whether keys are named as on a Mac. */
export function useMac(): boolean {
  return useStore(infoStore, ({ info }) => info?.platform === "mac");
}
