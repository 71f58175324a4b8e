import { createStore } from "zustand/vanilla";
import type { RulesState } from "../../../shared/contract.ts";

/** The limits and rules that hold, as main last told them; null until it has. */
export const rulesStore = createStore<{ rules: RulesState | null }>(() => ({ rules: null }));
