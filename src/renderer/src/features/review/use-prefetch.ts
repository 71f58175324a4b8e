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

/** ms that the eye must rest on a frame before pictures beside the queue's are worth making. */
const RESTED = 250;

/** Makes these ready, too, once the user has stayed a moment; calls them off when others are wanted. */
export function useAhead(pool: PicturePool, addresses: readonly string[], ready: boolean): void {
  const wanted = addresses.join(" ");
  useEffect(() => {
    if (!ready || wanted === "") return;
    const asked = wanted.split(" ");
    const timer = setTimeout(() => {
      for (const address of asked) pool.get(address);
    }, RESTED);
    return () => {
      clearTimeout(timer);
      for (const address of asked) pool.callOff(address);
    };
  }, [pool, wanted, ready]);
}
