import { createStore } from "zustand/vanilla";
import type { Pane } from "../../../shared/desktop-settings.ts";
import type { VerdictKind } from "../../../shared/domain.ts";
import type { ErrorEnvelope } from "../../../shared/errors.ts";

export type DialogName = "palette" | "keys" | "sort" | "export" | "rules";

/** A short word that something was done, with what undoes it; it goes away by itself. */
export interface Toast {
  text: string;
  action: { label: string; run: () => void } | null;
}

/** What the user looks at: nothing here is known to main or outlives the window. */
export interface ViewState {
  pane: Pane;
  /** The one dialog that is open. */
  dialog: DialogName | null;
  /** The frame before the eyes, in every pane. */
  selected: string | null;
  /** Frames picked together, by lasso or in the table; empty: only the selected one counts. */
  picked: ReadonlySet<string>;
  /** null shows all. */
  verdict: VerdictKind | null;
  /** Id of the group that is shown alone; null shows all. */
  group: string | null;
  words: string;
  sort: { column: string; descending: boolean };
  /** The last thing that went wrong, until it is dismissed. */
  trouble: ErrorEnvelope | null;
  toast: Toast | null;
  /** What a screen reader is told now. */
  said: string;
}

const FRESH_VIEW: ViewState = {
  pane: "night",
  dialog: null,
  selected: null,
  picked: new Set(),
  verdict: null,
  group: null,
  words: "",
  sort: { column: "time", descending: false },
  trouble: null,
  toast: null,
  said: "",
};

export const viewStore = createStore<ViewState>(() => FRESH_VIEW);

/** A new night begins without the old one's selection and search; how it is looked at stays. */
export function freshNightView(): void {
  viewStore.setState({
    pane: "night",
    dialog: null,
    selected: null,
    picked: new Set(),
    verdict: null,
    group: null,
    words: "",
    trouble: null,
    toast: null,
  });
}

/** Shows a pane, and closes what lay over the one before. */
export function showPane(pane: Pane): void {
  viewStore.setState({ pane, dialog: null });
}

export function say(said: string): void {
  viewStore.setState({ said });
}

/** Says it to eyes and ears alike. */
export function toast(text: string, action: Toast["action"] = null): void {
  viewStore.setState({ toast: { text, action }, said: text });
}
