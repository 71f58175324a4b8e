import { call } from "../../bridge.ts";
import { attempt } from "./attempt.ts";

/** Shows the frame's file in the system's file manager. */
export function revealFrame(id: string): Promise<void> {
  return attempt(async () => {
    await call("app.reveal", { what: "frame", id });
  });
}
