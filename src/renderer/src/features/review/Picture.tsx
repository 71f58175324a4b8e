import { useLayoutEffect, useRef } from "react";
import type { PicturePool } from "../../stores/picture-pool.ts";

/** How much of the wanted picture is seen: nothing of it yet, a small one enlarged, or itself. */
export type Seen = "before" | "small" | "whole" | "none";

interface PictureParts {
  pool: PicturePool;
  address: string;
  /** A small picture of the same frame that stands in when the wanted one takes longer than an eye notices. */
  standIn: { pool: PicturePool; address: string } | null;
  alt: string;
  onSeen: (address: string, seen: Seen) => void;
}

/** ms; sooner, a coarse picture would only flicker. */
const PATIENCE = 30;
/** ms between two requests below which the user is flying past: only who stays is worth main's work. */
const FLYING = 90;

/**
 * A picture that is never blank: the one before stays until the next is decoded. Elements come from the pool ready to
 * paint and are put in place as they are, so that nothing is decoded on the way to the screen.
 */
export function Picture({ pool, address, standIn, alt, onSeen }: PictureParts) {
  const holder = useRef<HTMLDivElement>(null);
  const changed = useRef(0);
  const [smallPool, smallAddress] = [standIn?.pool ?? null, standIn?.address ?? null];

  // biome-ignore lint/correctness/useExhaustiveDependencies: other words for the same picture are put on it below
  useLayoutEffect(() => {
    let over = false;
    const place = (image: HTMLImageElement, seen: Seen) => {
      if (over || holder.current === null) return;
      image.alt = alt;
      if (holder.current.firstChild !== image) holder.current.replaceChildren(image);
      onSeen(address, seen);
    };
    const known = pool.peek(address);
    if (known?.state === "ready") {
      place(pool.get(address).image, "whole");
      changed.current = performance.now();
      return;
    }
    onSeen(address, "before");
    const flying = performance.now() - changed.current < FLYING;
    changed.current = performance.now();
    let shown = false;
    const ask = () => {
      const wanted = pool.get(address);
      void wanted.done.then((good) => {
        shown = true;
        if (good) place(wanted.image, "whole");
        else if (!over) onSeen(address, "none");
      });
    };
    const asking = setTimeout(ask, flying ? FLYING : 0);
    const waiting = setTimeout(() => {
      if (smallPool === null || smallAddress === null) return;
      const coarse = smallPool.get(smallAddress);
      void coarse.done.then((good) => good && !shown && place(coarse.image, "small"));
    }, PATIENCE);
    return () => {
      over = true;
      clearTimeout(asking);
      clearTimeout(waiting);
    };
  }, [pool, address, smallPool, smallAddress]);

  return <div ref={holder} className="picture-holder" />;
}
