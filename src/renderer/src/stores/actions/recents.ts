import { call } from "../../bridge.ts";
import { infoStore } from "../info.ts";
import { attempt } from "./attempt.ts";

/** Takes a night off the list of recent ones; its files and decisions stay. Resolves with whether it is off. */
export async function forgetRecent(id: string): Promise<boolean> {
  let gone = false;
  await attempt(async () => {
    const recent = await call("night.forgetRecent", { id });
    const { info } = infoStore.getState();
    if (info !== null) infoStore.setState({ info: { ...info, recent } });
    gone = true;
  });
  return gone;
}
