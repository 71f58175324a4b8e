import { useEffect } from "react";
import type { PicturePool } from "../../stores/picture-pool.ts";

const AT_ONCE = 2;

/** Makes these pictures ready, the first ones first, once the one before the eyes is there; calls off all others. */
export function usePrefetch(pool: PicturePool, current: string, next: readonly string[], ready: boolean): void {
  const wanted = next.join(" ");
  useEffect(() => {
    const addresses = wanted === "" ? [] : wanted.split(" ");
    pool.only([current, ...addresses]);
    if (!ready) return;
    let over = false;
    const rest = [...addresses];
    const work = async () => {
      for (let address = rest.shift(); address !== undefined && !over; address = rest.shift()) await pool.get(address).done;
    };
    for (let i = 0; i < AT_ONCE; i++) void work();
    return () => {
      over = true;
    };
  }, [pool, current, wanted, ready]);
}
