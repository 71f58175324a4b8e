import { type ReactNode, useEffect, useState } from "react";
import { useStore } from "zustand";
import type { FrameRow } from "../../../../shared/contract.ts";
import type { StretchChoice } from "../../../../shared/picture-address.ts";
import { FrameMarks } from "../../components/FrameMarks.tsx";
import { Icon } from "../../components/Icon.tsx";
import type { StarColumns } from "../../components/StarMarks.tsx";
import { nightStore } from "../../stores/night.ts";
import type { PicturePool } from "../../stores/picture-pool.ts";
import { pictureOf, SMALL_WIDTH, small, whyNoPicture } from "../../stores/pictures.ts";
import { settingsStore } from "../../stores/settings.ts";
import { texts } from "../../texts/index.ts";
import { Picture, type Seen } from "./Picture.tsx";
import { SharpPart } from "./SharpPart.tsx";
import type { Glass, Size, View } from "./view-transform.ts";

interface FrameViewParts {
  row: FrameRow;
  pool: PicturePool;
  width: number;
  stretch: StretchChoice;
  frame: Size;
  glass: Glass;
  view: View;
  scale: number;
  /** What is drawn over it: null for pictures that are only compared with. */
  marks: { stars: StarColumns | null } | null;
  onSeen?: (seen: Seen) => void;
}

/** A frame's picture on its sheet, sharp where it is enlarged, with what was found on it. */
export function FrameView({ row, pool, width, stretch, frame, glass, view, scale, marks, onSeen }: FrameViewParts) {
  // Pictures change with the night's stretch.
  useStore(nightStore, ({ head }) => head?.pictures);
  const overlays = useStore(settingsStore, (settings) => settings.overlays);
  const [seen, setSeen] = useState<{ address: string; seen: Seen }>({ address: "", seen: "before" });
  const [tries, setTries] = useState(0);
  const address = pictureOf(row.id, { kind: "whole", width }, stretch);
  const now = seen.address === address ? seen.seen : "before";
  useEffect(() => onSeen?.(now), [now, onSeen]);

  if (row.frame.error !== null) return <NoPicture row={row} address={null} onAgain={null} />;
  return (
    <>
      <div className={`frame-view frame-view-${now}`}>
        <Picture
          key={tries}
          pool={pool}
          address={address}
          standIn={{ pool: small, address: pictureOf(row.id, { kind: "whole", width: SMALL_WIDTH }, stretch) }}
          alt={texts.review.picture.of(row.name)}
          onSeen={(of, what) => setSeen({ address: of, seen: what })}
        />
        {now === "whole" && <SharpPart id={row.id} frame={frame} glass={glass} view={view} stretch={stretch} wholeWidth={width} />}
      </div>
      {marks !== null && (now === "whole" || now === "small") && (
        <FrameMarks frame={row.frame} cells={overlays.cells} trails={overlays.trails} stars={marks.stars} scale={scale} />
      )}
      {now === "before" && <p className="rendering">{texts.review.picture.rendering(row.name)}</p>}
      {now === "none" && <NoPicture row={row} address={address} onAgain={() => setTries(tries + 1)} />}
    </>
  );
}

/** In place of a picture that cannot be made: why, and that the frame can be decided all the same. */
function NoPicture({ row, address, onAgain }: { row: FrameRow; address: string | null; onAgain: (() => void) | null }) {
  const [why, setWhy] = useState<string | null>(null);
  useEffect(() => {
    if (address === null) return;
    const ended = new AbortController();
    void whyNoPicture(address, ended.signal).then((said) => !ended.signal.aborted && setWhy(said));
    return () => ended.abort();
  }, [address]);
  const { error } = row.frame;
  return (
    <NoPictureWords title={texts.review.picture.none}>
      {error === null ? (
        <>
          {why !== null && <p>{why}</p>}
          <p className="quiet">{texts.review.picture.noneLead}</p>
        </>
      ) : (
        <>
          <p>{error.message}</p>
          <p className="quiet">{error.action}</p>
          <p className="quiet">{texts.review.picture.unreadableLead}</p>
        </>
      )}
      {onAgain !== null && (
        <button type="button" className="button" onClick={onAgain}>
          {texts.review.picture.again}
        </button>
      )}
    </NoPictureWords>
  );
}

export function NoPictureWords({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="no-picture" role="status">
      <Icon name="unreadable" size={28} />
      <h3>{title}</h3>
      {children}
    </div>
  );
}
