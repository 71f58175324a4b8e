import type { ReactNode } from "react";
import type { NightHead } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { fixed, wait, whole } from "../../quantities.ts";
import { cancelNight, reopenNight, watchNight } from "../../stores/actions/night.ts";
import { texts } from "../../texts/index.ts";

const words = texts.nightPane.progress;

/** How far the grading is, how fast, how long still, and how to stop it or go on; quiet once all is done. What else is to say goes under its words. */
export function ProgressStrip({ head, children }: { head: NightHead; children: ReactNode }) {
  const { found, finished, rate, eta } = head.progress;
  const running = head.state === "scanning" || head.state === "grading" || head.state === "simulating";
  const share = found === 0 ? 0 : finished / found;
  return (
    <div className={`progress progress-${head.state}`}>
      <div className="progress-told">
        <div className="progress-words" role="status" aria-live="off">
          <strong>{texts.progress[head.state]}</strong>
          {found > 0 && (
            <span>
              {running || head.state === "cancelled"
                ? `${whole(finished)} ${texts.progress.of} ${texts.nightPane.frames(found)}`
                : texts.nightPane.frames(found)}
            </span>
          )}
        </div>
        {running && (
          <div className="progress-words progress-pace">
            <div
              className="progress-track"
              role="progressbar"
              aria-label={texts.progress.grading}
              aria-valuemin={0}
              aria-valuemax={found}
              aria-valuenow={finished}
            >
              <div className="progress-fill" style={{ transform: `scaleX(${share})` }} />
            </div>
            <span>{rate === null ? "" : `${fixed(rate, 1)} ${texts.progress.perSecond}`}</span>
            <span>{eta === null ? "" : `${wait(eta)} ${texts.progress.left}`}</span>
          </div>
        )}
        {head.state === "watching" && <WatchNotice head={head} />}
        {children}
      </div>
      <Way head={head} running={running} />
    </div>
  );
}

/** What a watched folder is doing: files that are still being written, a drive that went away. */
function WatchNotice({ head }: { head: NightHead }) {
  const { watch } = head;
  if (watch === null) return null;
  if (watch.notice !== null) {
    return (
      <p className="small watch-notice" role="status" data-tip={watch.notice}>
        <Icon name="unreadable" size={13} />
        <span>{watch.notice}</span>
      </p>
    );
  }
  return watch.waiting === 0 ? null : <p className="quiet small">{words.waiting(watch.waiting)}</p>;
}

/** The one thing that can be done about the state. */
function Way({ head, running }: { head: NightHead; running: boolean }) {
  if (running) {
    return (
      <button type="button" className="button" onClick={() => void cancelNight()}>
        <Icon name="stop" size={14} />
        {texts.progress.cancel}
      </button>
    );
  }
  if (head.state === "cancelled") {
    return (
      <button type="button" className="button" onClick={() => void reopenNight()}>
        {words.goOn}
      </button>
    );
  }
  const watching = head.state === "watching";
  return (
    <button
      type="button"
      className="button"
      aria-pressed={watching}
      aria-label={words.watchWhat}
      data-tip={words.watchWhat}
      onClick={() => void watchNight(!watching)}
    >
      <Icon name="watch" size={14} />
      {words.watch}
    </button>
  );
}
