import { call } from "../../bridge.ts";
import { attempt } from "./attempt.ts";

/** Shows a place that Nebulift wrote to in the system's file manager. */
export function revealPlace(path: string): Promise<void> {
  return attempt(async () => {
    await call("app.reveal", { what: "place", path });
  });
}

/** Shows a frame's file in the system's file manager. */
export function revealFrame(id: string): Promise<void> {
  return attempt(async () => {
    await call("app.reveal", { what: "frame", id });
  });
}
