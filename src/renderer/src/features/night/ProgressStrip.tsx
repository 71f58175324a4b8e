import type { NightHead } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { fixed, wait, whole } from "../../quantities.ts";
import { cancelNight } from "../../stores/actions/night.ts";
import { texts } from "../../texts/index.ts";

/** How far the grading is, how fast, how long still, and how to stop it; quiet once all is done. */
export function ProgressStrip({ head }: { head: NightHead }) {
  const { found, finished, rate, eta } = head.progress;
  const running = head.state === "scanning" || head.state === "grading";
  const share = found === 0 ? 0 : finished / found;
  return (
    <div className={`progress progress-${head.state}`}>
      <div
        className="progress-track"
        role="progressbar"
        aria-label={texts.progress.grading}
        aria-valuemin={0}
        aria-valuemax={found}
        aria-valuenow={finished}
        aria-hidden={!running}
      >
        <div className="progress-fill" style={{ transform: `scaleX(${share})` }} />
      </div>
      <div className="progress-words" role="status" aria-live="off">
        <strong>{texts.progress[head.state]}</strong>
        {found > 0 && (
          <span>
            {running || head.state === "cancelled" ? `${whole(finished)} ${texts.progress.of} ${whole(found)}` : whole(found)}{" "}
            {texts.progress.frames}
          </span>
        )}
        {running && rate !== null && (
          <span>
            {fixed(rate, 1)} {texts.progress.perSecond}
          </span>
        )}
        {running && eta !== null && (
          <span>
            {wait(eta)} {texts.progress.left}
          </span>
        )}
      </div>
      {running && (
        <button type="button" className="button" onClick={() => void cancelNight()}>
          <Icon name="stop" size={14} />
          {texts.progress.cancel}
        </button>
      )}
    </div>
  );
}
