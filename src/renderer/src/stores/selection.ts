/** Which frames are picked together, in the order in which they are shown: pure, as every list of a desktop does it. */
export interface Selection {
  /** The frame before the eyes. */
  selected: string | null;
  /** Empty while only the selected one counts. */
  picked: ReadonlySet<string>;
  /** Where a range began. */
  anchor: string | null;
}

export type PickWay = "only" | "toggle" | "range";

const NONE: ReadonlySet<string> = new Set();

/** A click on a frame, plain, with Ctrl/Cmd, or with Shift. */
export function picking(before: Selection, order: readonly string[], id: string, way: PickWay): Selection {
  if (way === "range") return rangeTo(before, order, id);
  if (way === "only") return { selected: id, picked: NONE, anchor: id };
  const picked = new Set(before.picked.size === 0 && before.selected !== null ? [before.selected] : before.picked);
  if (!picked.delete(id)) picked.add(id);
  return { selected: id, picked: picked.size === 1 && picked.has(id) ? NONE : picked, anchor: id };
}

/** Everything from the anchor to this frame; what was picked before gives way. */
function rangeTo(before: Selection, order: readonly string[], id: string): Selection {
  const anchor = before.anchor !== null && order.includes(before.anchor) ? before.anchor : (before.selected ?? id);
  const [from, to] = [order.indexOf(anchor), order.indexOf(id)].sort((a, b) => a - b);
  if (from === undefined || to === undefined || from < 0) return { selected: id, picked: NONE, anchor: id };
  return { selected: id, picked: from === to ? NONE : new Set(order.slice(from, to + 1)), anchor };
}

/** Frames gathered by a lasso: in place of those picked before, to them, or out of them. */
export function gathered(before: ReadonlySet<string>, found: readonly string[], how: "instead" | "more" | "less"): ReadonlySet<string> {
  if (how === "instead") return new Set(found);
  const picked = new Set(before);
  for (const id of found) {
    if (how === "more") picked.add(id);
    else picked.delete(id);
  }
  return picked;
}

/** The frames that a decision is about, in the order in which they are shown; those out of sight are not meant. */
export function meant({ selected, picked }: Pick<Selection, "selected" | "picked">, order: readonly string[]): string[] {
  if (picked.size > 0) return order.filter((id) => picked.has(id));
  return selected !== null && order.includes(selected) ? [selected] : [];
}

/** The frame to look at once these are decided: the next one below them, at the end the last one that is left above. */
export function nextAfter(ids: readonly string[], order: readonly string[]): string | null {
  const done = new Set(ids);
  const last = order.findLastIndex((id) => done.has(id));
  return order[last + 1] ?? order.findLast((id) => !done.has(id)) ?? ids.at(-1) ?? null;
}
