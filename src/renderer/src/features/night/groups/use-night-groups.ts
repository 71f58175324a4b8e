import { useMemo } from "react";
import { useStore } from "zustand";
import type { NightHead } from "../../../../../shared/contract.ts";
import { nightStore } from "../../../stores/night.ts";
import { type NightGroup, nightGroups } from "./night-groups.ts";

export function useNightGroups({ groups }: NightHead): NightGroup[] {
  const rows = useStore(nightStore, (state) => state.rows);
  return useMemo(() => nightGroups(rows, groups), [rows, groups]);
}
