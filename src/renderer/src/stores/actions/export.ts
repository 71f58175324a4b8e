import { call } from "../../bridge.ts";
import { texts } from "../../texts/index.ts";
import { type ExportWish, handingOverStore } from "../handing-over.ts";
import { say, toast, viewStore } from "../view.ts";
import { runWork } from "./work.ts";

/** Opens the dialog for handing the night over; what came of it last time is gone from it. */
export function openExport(): void {
  handingOverStore.setState({ outcome: null, trouble: null });
  viewStore.setState({ dialog: "export" });
}

/** Main asks where to, then writes. A user who closes that dialog, or stops, is back at the choice. */
export async function handOver(wish: ExportWish): Promise<void> {
  handingOverStore.setState({ outcome: null, trouble: null });
  const result = await runWork({ what: "export", action: null, session: null }, (signal) => call("export.run", wish, signal));
  if (result === null) return;
  if ("value" in result) {
    if (result.value === null) return;
    handingOverStore.setState({ outcome: { kind: wish.kind, made: result.value } });
    announce(texts.work.export.done(texts.work.export.kinds[wish.kind].name));
  } else if (result.error.code !== "cancelled") {
    handingOverStore.setState({ trouble: result.error.toEnvelope() });
    announce(result.error.message);
  }
}

function announce(text: string): void {
  if (viewStore.getState().dialog === "export") say(text);
  else toast(text, { label: texts.work.running.details, run: () => viewStore.setState({ dialog: "export" }) });
}
