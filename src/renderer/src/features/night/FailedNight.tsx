import type { NightHead } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { closeNight, openByDialog, reopenNight } from "../../stores/actions/night.ts";
import { texts } from "../../texts/index.ts";

/** Why this night could not be graded, and what can be done about it. */
export function FailedNight({ head }: { head: NightHead }) {
  const words = texts.nightPane.progress;
  return (
    <main className="empty">
      <div className="empty-target failed">
        <Icon name="unreadable" size={40} />
        <h2>{texts.progress.failed}</h2>
        {head.error !== null && (
          <>
            <p>{head.error.message}</p>
            <p className="quiet">{head.error.action}</p>
          </>
        )}
        <div className="failed-ways">
          <button type="button" className="button" onClick={() => void reopenNight()}>
            {words.again}
          </button>
          <button type="button" className="button" onClick={() => void openByDialog()}>
            <Icon name="folder" size={14} />
            {texts.empty.open}
          </button>
          <button type="button" className="button" onClick={() => void closeNight()}>
            {words.close}
          </button>
        </div>
      </div>
    </main>
  );
}
