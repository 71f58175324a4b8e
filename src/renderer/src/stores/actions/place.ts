import { call } from "../../bridge.ts";
import { nightStore } from "../night.ts";
import { viewStore } from "../view.ts";
import { attempt } from "./attempt.ts";

/** Told this often at most, ms: also of somebody who flies through frames, and soon after the last one. */
const EVERY = 500;

/** Tells main where the user is, so that the next start can go on from it. */
export function followPlace(): void {
  let waiting = false;
  viewStore.subscribe(({ pane, selected }, before) => {
    if (waiting || (pane === before.pane && selected === before.selected)) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (nightStore.getState().head === null) return;
      const now = viewStore.getState();
      void attempt(async () => {
        await call("app.place", { pane: now.pane, frame: now.selected });
      });
    }, EVERY);
  });
}
