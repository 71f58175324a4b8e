import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import type { StretchChoice } from "../../../../shared/picture-address.ts";
import { SATURATED } from "../../components/StarMarks.tsx";
import { measured } from "../../quantities.ts";
import { detailStore } from "../../stores/detail.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import type { Overlay } from "./registration.ts";
import type { Blink } from "./use-blink.ts";
import type { Arrangement } from "./use-look.ts";
import { type Glass, type Size, type View, zoomOf } from "./view-transform.ts";

interface StatusParts {
  row: FrameRow | null;
  view: View;
  frame: Size;
  glass: Glass | null;
  stretch: StretchChoice;
  comparing: boolean;
  overlay: Overlay | null;
  blink: Blink;
  reference: FrameRow | null;
  arrangement: Arrangement;
}

/** How the picture is being shown: zoom, stretch, what it is compared with, and what the rings mean. */
export function StatusLine({ row, view, frame, glass, stretch, comparing, overlay, blink, reference, arrangement }: StatusParts) {
  const chosen = useStore(settingsStore, (settings) => settings.stretch);
  const words = texts.review.status;
  const zoom = glass === null ? "" : String(Math.round((arrangement === "corners" ? 1 : zoomOf(view, frame, glass)) * 100));
  const fits = view.zoom === "fit" && arrangement !== "corners";
  // What cannot be read has no size to zoom.
  const sized = row !== null && row.frame.metadata !== null;
  const linked = comparing && chosen !== stretch ? words.linkedForNow : words.linked;
  return (
    <p className="status-line">
      <span className="status-zoom">{sized && (fits ? words.fit(zoom) : words.zoom(zoom))}</span>
      <span>{stretch === "night" ? linked : words.own}</span>
      {blink.mode !== "off" && <span className="status-blink">{blinkText(blink, reference)}</span>}
      {comparing && <span>{overlay === null ? words.notAligned : words.aligned}</span>}
      <StarLegend row={row} />
    </p>
  );
}

function blinkText(blink: Blink, reference: FrameRow | null): string {
  const rate = measured(settingsStore.getState().blinkRate);
  if (blink.mode === "play") return texts.review.blink.play(rate);
  const name = reference?.name ?? "";
  return blink.still ? texts.review.blink.step(name) : texts.review.blink.pair(name, rate);
}

function StarLegend({ row }: { row: FrameRow | null }) {
  const shown = useStore(settingsStore, (settings) => settings.overlays.stars);
  const stars = useStore(detailStore, ({ known }) => (row === null ? undefined : known.get(row.id)?.detail?.stars));
  if (!shown || stars === undefined) return null;
  const count = stars.x.length;
  const saturated = stars.flags.some((flags) => (flags & SATURATED) !== 0);
  return (
    <span className="status-end">
      {count === 0 ? texts.review.status.noStars : texts.review.status.stars(count)}
      {saturated && `; ${texts.review.status.saturated}`}
    </span>
  );
}
