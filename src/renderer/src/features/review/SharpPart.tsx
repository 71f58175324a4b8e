import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { StretchChoice } from "../../../../shared/picture-address.ts";
import { parts, pictureOf } from "../../stores/pictures.ts";
import { cropAround, type Glass, partInSight, type Rect, type Size, type View, zoomOf } from "./view-transform.ts";

interface SharpParts {
  id: string;
  frame: Size;
  glass: Glass;
  view: View;
  stretch: StretchChoice;
  /** Of the picture of the whole frame that lies below. */
  wholeWidth: number;
}

/** ms that a pan or zoom must rest before main is asked for pixels. */
const RESTED = 70;
/** A picture may be enlarged this much before its pixels show. */
const ENOUGH = 1.05;

/**
 * The part in sight at the sensor's own pixels, over the enlarged picture of the whole frame: panning past its edge shows
 * that picture for a moment, never a gap.
 */
export function SharpPart({ id, frame, glass, view, stretch, wholeWidth }: SharpParts) {
  const needed = zoomOf(view, frame, glass) > Math.min(1, wholeWidth / frame.width) * ENOUGH;
  const rect = needed ? cropAround(partInSight(view, frame, glass), frame) : null;
  const address = rect === null ? null : pictureOf(id, { kind: "crop", ...rect }, stretch);
  const [shown, setShown] = useState<{ address: string; rect: Rect; id: string; stretch: StretchChoice } | null>(null);
  const latest = useRef(rect);
  latest.current = rect;

  useEffect(() => {
    if (address === null) return;
    let over = false;
    const show = () => latest.current !== null && setShown({ address, rect: latest.current, id, stretch });
    if (parts.peek(address)?.state === "ready") {
      show();
      return;
    }
    const timer = setTimeout(() => {
      void parts.get(address).done.then((good) => good && !over && show());
    }, RESTED);
    return () => {
      over = true;
      clearTimeout(timer);
      parts.callOff(address);
    };
  }, [address, id, stretch]);

  const own = needed && shown !== null && shown.id === id && shown.stretch === stretch ? shown : null;
  return own === null ? null : <Pixels address={own.address} rect={own.rect} frame={frame} />;
}

function Pixels({ address, rect, frame }: { address: string; rect: Rect; frame: Size }) {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { image } = parts.get(address);
    image.alt = "";
    holder.current?.replaceChildren(image);
  }, [address]);
  const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
  return (
    <div
      ref={holder}
      className="picture-holder picture-part"
      style={{
        left: percent(rect.x, frame.width),
        top: percent(rect.y, frame.height),
        width: percent(rect.width, frame.width),
        height: percent(rect.height, frame.height),
      }}
    />
  );
}
