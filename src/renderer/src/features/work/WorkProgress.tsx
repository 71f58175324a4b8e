import { useStore } from "zustand";
import { Icon } from "../../components/Icon.tsx";
import { wait, whole } from "../../quantities.ts";
import { stopWork } from "../../stores/actions/work.ts";
import { type RunningWork, workStore } from "../../stores/work.ts";
import { texts } from "../../texts/index.ts";

const words = texts.work.running;

/** What is being done, by name. */
function runningTitle({ what, action }: RunningWork): string {
  return what === "sort" && action !== null ? words.sort(action) : what === "sort" ? words.ready : words[what];
}

/** How far the work is, how long it takes still, and how to stop it. */
export function WorkProgress({ running }: { running: RunningWork }) {
  const progress = useStore(workStore, (state) => state.progress);
  const left = useStore(workStore, (state) => state.left);
  const [done, total] = [progress?.done ?? 0, progress?.total ?? 0];
  const title = runningTitle(running);
  // Nothing is known before main has counted: a bar without a value says so to screen readers.
  const known = total > 0 ? { "aria-valuenow": done, "aria-valuetext": words.of(done, total) } : {};
  return (
    <div className="work-progress">
      <strong className="work-progress-title">{title}</strong>
      <div className="work-track" role="progressbar" aria-label={title} aria-valuemin={0} aria-valuemax={Math.max(1, total)} {...known}>
        <div className="work-fill" style={{ transform: `scaleX(${total === 0 ? 0 : done / total})` }} />
      </div>
      <span className="work-count">
        {total > 0
          ? words.of(done, total).replace(/\d+/g, (digits) => whole(Number(digits)))
          : running.what === "export"
            ? words.choosing
            : words.ready}
      </span>
      <span className="work-left quiet">{running.stopping ? words.stopping : left === null ? "" : words.left(wait(left))}</span>
      <button type="button" className="button" disabled={running.stopping} onClick={stopWork}>
        <Icon name="stop" size={14} />
        {texts.work.stop}
      </button>
    </div>
  );
}
