import { useState } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import type { StretchChoice } from "../../../../shared/picture-address.ts";
import type { StarColumns } from "../../components/StarMarks.tsx";
import { fixed, percent } from "../../quantities.ts";
import { nightStore } from "../../stores/night.ts";
import { parts, pictureOf } from "../../stores/pictures.ts";
import { texts } from "../../texts/index.ts";
import { cornerShapes, widestPart } from "./corner-shapes.ts";
import { NoPictureWords } from "./FrameView.tsx";
import { Picture, type Seen } from "./Picture.tsx";
import type { Glass } from "./view-transform.ts";

/** Room for the words under each row of tiles, CSS pixels. */
const WORDS = 30;
/** Tiles are asked for in steps of this, and within what main makes (picture-address.ts). */
const STEP = 16;
const MOST_SIDE = 512;

/** Corners, edges and centre at 100 % side by side with the stars' shape in each: tilt and spacing at a glance. */
export function CornersView({
  row,
  glass,
  stretch,
  stars,
}: {
  row: FrameRow;
  glass: Glass;
  stretch: StretchChoice;
  stars: StarColumns | null;
}) {
  useStore(nightStore, ({ head }) => head?.pictures);
  const [seen, setSeen] = useState<{ address: string; seen: Seen }>({ address: "", seen: "before" });
  const room = Math.floor(Math.min(glass.width, glass.height - WORDS) / 3);
  const side = Math.min(MOST_SIDE, Math.max(STEP * 4, Math.floor((room * glass.density) / STEP) * STEP));
  const shown = (3 * side) / glass.density;
  const address = pictureOf(row.id, { kind: "corners", side }, stretch);
  const now = seen.address === address ? seen.seen : "before";
  const { metadata } = row.frame;
  const shapes = stars === null || metadata === null ? null : cornerShapes(stars, metadata, metadata.rowOrder === "bottom-up");
  const widest = shapes === null ? null : widestPart(shapes);
  return (
    <section className="corners" aria-label={texts.review.corners.label}>
      <div className={`corners-sheet frame-view-${now}`} style={{ width: shown, height: shown }}>
        <Picture
          pool={parts}
          address={address}
          standIn={null}
          alt={texts.review.picture.cornersOf(row.name)}
          onSeen={(of, what) => setSeen({ address: of, seen: what })}
        />
        <div className="stage-tint" />
        <ul className="corner-words">
          {texts.review.corners.parts.map((name, index) => (
            <li key={name}>
              <span className="for-ears">{name}: </span>
              <span className="corner-shape">{shapes !== null && <ShapeWords shape={shapes[index] ?? null} />}</span>
            </li>
          ))}
        </ul>
        {now === "before" && <p className="rendering">{texts.review.picture.rendering(row.name)}</p>}
        {now === "none" && (
          <NoPictureWords title={texts.review.picture.none}>
            <p className="quiet">{texts.review.picture.noneLead}</p>
          </NoPictureWords>
        )}
      </div>
      <p className="corners-word">
        {widest !== null &&
          (widest.share < 0.05
            ? texts.review.corners.even
            : texts.review.corners.widest(texts.review.corners.parts[widest.part] ?? "", percent(widest.share)))}
      </p>
    </section>
  );
}

function ShapeWords({ shape }: { shape: { fwhm: number; eccentricity: number } | null }) {
  if (shape === null) return texts.review.corners.few;
  return (
    <>
      {`${fixed(shape.fwhm, 2)} px`}
      <span className="corner-more">{` · ${texts.review.info.eccentricity.toLowerCase()} ${fixed(shape.eccentricity, 2)}`}</span>
    </>
  );
}
