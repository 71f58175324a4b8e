import { useRef } from "react";
import type { FrameRow } from "../../../../shared/contract.ts";
import { mark, takeBack } from "../../stores/actions/marking.ts";
import { type PickWay, picking } from "../../stores/selection.ts";
import { say, viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { useCommands } from "../../use-commands.ts";

export interface FramePicking {
  /** Selects, toggles or extends, as a click or a key with these modifiers does. */
  pick(id: string, way: PickWay): void;
}

/** What keys do to the frames of the list, and how frames are picked in it. */
export function useFrameCommands(shown: readonly FrameRow[], selected: FrameRow | null): FramePicking {
  const anchor = useRef<string | null>(null);
  const ids = () => shown.map(({ id }) => id);
  const pick = (id: string, way: PickWay) => {
    const { picked } = viewStore.getState();
    const next = picking({ selected: selected?.id ?? null, picked, anchor: anchor.current }, ids(), id, way);
    anchor.current = next.anchor;
    viewStore.setState({ selected: next.selected, picked: next.picked });
  };
  const go = (place: number) => {
    const row = shown[Math.min(Math.max(place, 0), shown.length - 1)];
    if (row !== undefined) pick(row.id, "only");
  };
  const at = selected === null ? -1 : shown.indexOf(selected);
  const some = shown.length > 0;
  const decide = (verdict: Parameters<typeof mark>[0]) => () => {
    // The first frame is shown as selected before anybody picked one.
    if (selected !== null) viewStore.setState({ selected: selected.id });
    void mark(verdict, ids());
  };
  useCommands({
    "review.keep": some ? decide("clean") : null,
    "review.reject": some ? decide("contaminated") : null,
    "review.doubt": some ? decide("review") : null,
    "review.clear": some ? decide(null) : null,
    "review.undo": () => void takeBack("undo"),
    "review.redo": () => void takeBack("redo"),
    "review.next": some ? () => go(at + 1) : null,
    "review.previous": some ? () => go(at - 1) : null,
    "review.first": some ? () => go(0) : null,
    "review.last": some ? () => go(shown.length - 1) : null,
    "night.selectAll": some
      ? () => {
          viewStore.setState({ picked: new Set(ids()) });
          say(texts.nightPane.frames(shown.length));
        }
      : null,
  });
  return { pick };
}
