import { createStore } from "zustand/vanilla";
import type { VerdictKind } from "../../../shared/domain.ts";
import type { ErrorEnvelope } from "../../../shared/errors.ts";

/** Measurements that can be seen over the night. */
export const PLOTTED = ["fwhm", "stars", "transparency", "background", "eccentricity", "hfr"] as const;

/** What the user looks at: nothing here is known to main or outlives the window. */
export interface ViewState {
  selected: string | null;
  /** null shows all. */
  verdict: VerdictKind | null;
  words: string;
  sort: { column: string; descending: boolean };
  plotted: (typeof PLOTTED)[number];
  marks: boolean;
  /** The last thing that went wrong, until it is dismissed. */
  trouble: ErrorEnvelope | null;
}

const FRESH_VIEW: ViewState = {
  selected: null,
  verdict: null,
  words: "",
  sort: { column: "time", descending: false },
  plotted: "fwhm",
  marks: true,
  trouble: null,
};

export const viewStore = createStore<ViewState>(() => FRESH_VIEW);

/** A new night begins without the old one's selection and search; how it is looked at stays. */
export function freshNightView(): void {
  viewStore.setState({ selected: null, verdict: null, words: "", trouble: null });
}
