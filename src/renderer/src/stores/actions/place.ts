import { call } from "../../bridge.ts";
import { nightStore } from "../night.ts";
import { viewStore } from "../view.ts";
import { attempt } from "./attempt.ts";

const SETTLED = 500;

/** Tells main where the user is once they stay there, so that the next start can go on from it. */
export function followPlace(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  viewStore.subscribe(({ pane, selected }, before) => {
    if (pane === before.pane && selected === before.selected) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (nightStore.getState().head === null) return;
      void attempt(async () => {
        await call("app.place", { pane, frame: selected });
      });
    }, SETTLED);
  });
}
