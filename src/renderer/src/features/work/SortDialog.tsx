import { useStore } from "zustand";
import { Dialog } from "../../components/Dialog.tsx";
import { nightStore } from "../../stores/night.ts";
import { sortingStore } from "../../stores/sorting.ts";
import { viewStore } from "../../stores/view.ts";
import { texts } from "../../texts/index.ts";
import { SortDone, SortEnded } from "./SortOutcome.tsx";
import { SortPlanning } from "./SortPlanning.tsx";
import { SortRunning } from "./SortRunning.tsx";
import { TakeBack } from "./TakeBack.tsx";
import "./work.css";
import "./sort.css";

const close = () => viewStore.setState({ dialog: null });

/** From the dry run to the outcome. Closing it stops nothing: what runs is shown above the panes then. */
export function SortDialog() {
  const stage = useStore(sortingStore, (state) => state.stage);
  const head = useStore(nightStore, (state) => state.head);
  const back = stage.name === "asking" || (stage.name === "done" && stage.by === "undo");
  return (
    <Dialog
      title={back ? texts.work.undo.title : texts.work.sort.title}
      close={texts.app.close}
      className={`work-dialog work-dialog-${stage.name}`}
      part={stage.name}
      onClose={close}
    >
      {stage.name === "planning" && head !== null && <SortPlanning head={head} onClose={close} />}
      {stage.name === "asking" && <TakeBack sort={stage.sort} onClose={close} />}
      {stage.name === "running" && <SortRunning onClose={close} />}
      {stage.name === "done" && <SortDone stage={stage} onClose={close} />}
      {stage.name === "ended" && <SortEnded stage={stage} onClose={close} />}
    </Dialog>
  );
}
