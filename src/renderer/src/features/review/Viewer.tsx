import { type RefCallback, type RefObject, useRef, useState } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import type { StretchChoice } from "../../../../shared/picture-address.ts";
import { Shortened } from "../../components/Shortened.tsx";
import { detailStore } from "../../stores/detail.ts";
import { frames, parts, pictureOf, references } from "../../stores/pictures.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { CornersView } from "./CornersView.tsx";
import { FrameView, NoPictureWords } from "./FrameView.tsx";
import type { Seen } from "./Picture.tsx";
import { type Overlay, overlayOf, overlayTransform } from "./registration.ts";
import { Stage } from "./Stage.tsx";
import { StatusLine } from "./StatusLine.tsx";
import { Tools } from "./Tools.tsx";
import { type Blink, useBlink } from "./use-blink.ts";
import { useGlass } from "./use-glass.ts";
import { type Arrangement, useLook } from "./use-look.ts";
import { useAhead, usePrefetch } from "./use-prefetch.ts";
import { VerdictTag } from "./VerdictTag.tsx";
import { cropAround, type Glass, partInSight, pictureWidth, type Size, type View } from "./view-transform.ts";
import "./viewer.css";

interface ViewerParts {
  row: FrameRow | null;
  reference: FrameRow | null;
  pinned: boolean;
  /** Frames that are likely to be next, the likeliest first. */
  next: readonly FrameRow[];
  view: View;
  onView: (view: View) => void;
}

/** The picture of the frame that is decided about, however it is looked at. */
export function Viewer({ row, reference, pinned, next, view, onView }: ViewerParts) {
  const [arrangement, setArrangement] = useState<Arrangement>("one");
  const [seen, setSeen] = useState<Seen>("before");
  const pointer = useRef<{ x: number; y: number } | null>(null);
  const [glass, box] = useGlass();
  const chosen = useStore(settingsStore, (settings) => settings.stretch);
  const blink = useBlink(row?.id ?? null, seen === "whole" || seen === "none");
  const comparing = arrangement === "compare" || blink.mode === "pair";
  // Two frames can only be compared in one and the same stretch.
  const stretch: StretchChoice = comparing ? "night" : chosen;
  const frame = sizeOf(row);
  const overlay = row === null || reference === null ? null : overlayOf(reference.frame, row.frame);
  const width = glass === null ? null : pictureWidth(frame, glass);

  useLook({ row, reference, view, onView, frame, glass, pointer, blink, arrangement, setArrangement });
  const addressOf = (other: FrameRow) => (width === null ? "" : pictureOf(other.id, { kind: "whole", width }, stretch));
  const readable = next.filter(({ frame: { error } }) => error === null);
  usePrefetch(frames, row === null ? "" : addressOf(row), width === null ? [] : readable.map(addressOf), seen === "whole");

  useAhead(
    references,
    reference === null || reference.frame.error !== null || width === null ? [] : [addressOf(reference)],
    seen === "whole",
  );
  useAhead(parts, cropsOf(next, view, frame, glass, stretch), seen === "whole");

  const sight = { row, reference, pinned, overlay, frame, width, stretch, view, onView, pointer, blink, onSeen: setSeen };
  return (
    <div className="viewer">
      <Tools blink={blink} view={view} arrangement={arrangement} pinned={pinned} reference={reference} />
      {arrangement === "compare" && row !== null && reference !== null ? (
        <Pair {...sight} row={row} reference={reference} box={box} glass={glass} />
      ) : arrangement === "corners" && row !== null ? (
        <CornersStage row={row} stretch={stretch} box={box} glass={glass} />
      ) : (
        <One {...sight} box={box} glass={glass} />
      )}
      <StatusLine
        row={row}
        view={view}
        frame={frame}
        glass={glass}
        stretch={stretch}
        comparing={comparing}
        overlay={overlay}
        blink={blink}
        reference={reference}
        arrangement={arrangement}
      />
    </div>
  );
}

function sizeOf(row: FrameRow | null): Size {
  return { width: row?.frame.metadata?.width ?? 3, height: row?.frame.metadata?.height ?? 2 };
}

/** At 100 %, the part in sight of the next two frames: flipping through them is then as sharp as it is quick. */
function cropsOf(next: readonly FrameRow[], view: View, frame: Size, glass: Glass | null, stretch: StretchChoice): string[] {
  if (view.zoom === "fit" || glass === null) return [];
  const rect = cropAround(partInSight(view, frame, glass), frame);
  return next
    .filter((row) => row.frame.error === null)
    .slice(0, 2)
    .map(({ id }) => pictureOf(id, { kind: "crop", ...rect }, stretch));
}

interface Sight {
  row: FrameRow | null;
  reference: FrameRow | null;
  pinned: boolean;
  overlay: Overlay | null;
  frame: Size;
  width: number | null;
  stretch: StretchChoice;
  view: View;
  onView: (view: View) => void;
  pointer: RefObject<{ x: number; y: number } | null>;
  blink: Blink;
  onSeen: (seen: Seen) => void;
  box: RefCallback<HTMLElement>;
  glass: Glass | null;
}

function useStars(row: FrameRow | null) {
  const wanted = useStore(settingsStore, (settings) => settings.overlays.stars);
  const detail = useStore(detailStore, ({ known }) => (row === null ? undefined : known.get(row.id)));
  return { shown: wanted ? (detail?.detail?.stars ?? null) : null, known: detail?.detail?.stars ?? null };
}

function One({ row, reference, overlay, frame, width, stretch, view, onView, pointer, blink, onSeen, box, glass }: Sight) {
  const { shown: stars } = useStars(row);
  const label = blink.mode !== "pair" ? null : blink.flipped && reference !== null ? reference : row;
  return (
    <Stage
      {...{ box, glass, frame, view, onView, pointer }}
      over={
        label !== null && (
          <p className={`stage-label${blink.flipped ? "" : " stage-label-active"}`}>
            {blink.flipped ? texts.review.blink.reference : texts.review.blink.frame}: {label.name}
          </p>
        )
      }
    >
      {({ scale }) =>
        row === null ? (
          <NoPictureWords title={texts.review.picture.gone}>
            <p className="quiet">{texts.review.picture.goneLead}</p>
          </NoPictureWords>
        ) : (
          glass !== null &&
          width !== null && (
            <>
              <FrameView
                {...{ row, width, stretch, frame, glass, view, scale, onSeen }}
                pool={frames}
                marks={blink.flipped ? null : { stars }}
              />
              {blink.mode === "pair" && reference !== null && (
                <div
                  className="blink-layer"
                  style={{
                    visibility: blink.flipped ? "visible" : "hidden",
                    transform: overlay === null ? undefined : overlayTransform(overlay, scale),
                  }}
                >
                  <FrameView {...{ width, stretch, frame, glass, view, scale }} row={reference} pool={references} marks={null} />
                </div>
              )}
            </>
          )
        )
      }
    </Stage>
  );
}

/** The reference at left, the frame that is decided about at right; zoom and place are one. */
function Pair(sight: Sight & { row: FrameRow; reference: FrameRow }) {
  const { row, reference, pinned, overlay, frame, width, stretch, view, onView, pointer, onSeen, box, glass } = sight;
  const { shown: stars } = useStars(row);
  const [otherGlass, other] = useGlass();
  return (
    <section className="pair" aria-label={texts.review.compare.label}>
      <figure className="pair-side">
        <figcaption className="pair-head">
          <strong>{pinned ? texts.review.compare.pinned : texts.review.compare.best}</strong>
          <span className="pair-name">
            <Shortened text={reference.name} />
          </span>
          <VerdictTag frame={reference.frame} />
        </figcaption>
        <Stage {...{ frame, view, onView, pointer }} box={other} glass={otherGlass}>
          {({ scale }) =>
            otherGlass !== null &&
            width !== null && (
              <div className="blink-layer" style={{ transform: overlay === null ? undefined : overlayTransform(overlay, scale) }}>
                <FrameView {...{ width, stretch, frame, view, scale }} glass={otherGlass} row={reference} pool={references} marks={null} />
              </div>
            )
          }
        </Stage>
      </figure>
      <figure className="pair-side pair-active">
        <figcaption className="pair-head">
          <strong>{texts.review.compare.candidate}</strong>
          <span className="pair-name">
            <Shortened text={row.name} />
          </span>
          <VerdictTag frame={row.frame} />
        </figcaption>
        <Stage {...{ frame, view, onView, pointer, box, glass }}>
          {({ scale }) =>
            glass !== null &&
            width !== null && <FrameView {...{ row, width, stretch, frame, glass, view, scale, onSeen }} pool={frames} marks={{ stars }} />
          }
        </Stage>
      </figure>
    </section>
  );
}

function CornersStage({ row, stretch, box, glass }: Pick<Sight, "stretch" | "box" | "glass"> & { row: FrameRow }) {
  const { known } = useStars(row);
  return (
    <div ref={box} className="stage">
      {glass !== null && row.frame.error === null && <CornersView {...{ row, glass, stretch }} stars={known} />}
      {row.frame.error !== null && (
        <NoPictureWords title={texts.review.picture.none}>
          <p>{row.frame.error.message}</p>
          <p className="quiet">{row.frame.error.action}</p>
        </NoPictureWords>
      )}
    </div>
  );
}
