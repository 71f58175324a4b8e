import { createStore } from "zustand/vanilla";
import type { ExportOutcome, MethodInput } from "../../../shared/contract.ts";
import type { ErrorEnvelope } from "../../../shared/errors.ts";

export type ExportWish = MethodInput<"export.run">;

/** What the user wants handed over, and what came of it. The wish stays for as long as the window is open. */
export interface HandingOverState extends ExportWish {
  outcome: { kind: ExportWish["kind"]; made: ExportOutcome } | null;
  trouble: ErrorEnvelope | null;
}

export const handingOverStore = createStore<HandingOverState>(() => ({
  kind: "siril",
  includeReview: false,
  outcome: null,
  trouble: null,
}));
