import { createStore } from "zustand/vanilla";
import type { WorkProgress } from "../../../shared/contract.ts";

/** How far a sort or an export has come; stale once the call that runs it has ended. */
export const workStore = createStore<{ progress: WorkProgress | null }>(() => ({ progress: null }));
