import { useStore } from "zustand";
import { workStore } from "../../stores/work.ts";
import { texts } from "../../texts/index.ts";
import { WorkProgress } from "./WorkProgress.tsx";

/** While files are sorted or brought back. */
export function SortRunning({ onClose }: { onClose: () => void }) {
  const running = useStore(workStore, (state) => state.running);
  const words = texts.work.running;
  return (
    <div className="work-form">
      <div className="work-body work-running">
        {running !== null && <WorkProgress running={running} />}
        <p className="quiet">{running?.what === "undo" ? words.undoSafe : words.sortSafe}</p>
      </div>
      <footer className="work-foot">
        <span className="work-foot-space quiet small">{words.goesOn}</span>
        <button type="button" className="button button-tall" onClick={onClose} data-first>
          {words.hide}
        </button>
      </footer>
    </div>
  );
}
