import type { InterruptedNight, UnfinishedSort } from "../../../../shared/contract.ts";
import { Icon } from "../../components/Icon.tsx";
import { resumeNight } from "../../stores/actions/night.ts";
import { refreshInfo } from "../../stores/connect.ts";
import { texts } from "../../texts/index.ts";
import { UnfinishedSortLine } from "../work/UnfinishedSortLine.tsx";

/** What the app was in the middle of: the night before the eyes, and sorts that are not finished. */
export function GoOn({ interrupted, sorts }: { interrupted: InterruptedNight | null; sorts: readonly UnfinishedSort[] }) {
  return (
    <section className="goon" aria-labelledby="goon-label">
      <h2 id="goon-label" className="start-label">
        {texts.start.goOn.label}
      </h2>
      {interrupted !== null && <InterruptedCard night={interrupted} />}
      {sorts.length > 0 && (
        <ul className="goon-sorts">
          {sorts.map((sort) => (
            <li key={sort.session}>
              <UnfinishedSortLine sort={sort} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function InterruptedCard({ night }: { night: InterruptedNight }) {
  const words = texts.start.goOn;
  return (
    <div className="goon-night">
      <div className="goon-words">
        <p className="goon-title">{night.title}</p>
        <p>{words.wasDoing(night)}</p>
        <p className="quiet small path">{night.paths.join(", ")}</p>
        {!night.present && (
          <p className="goon-away">
            <Icon name="drive" />
            {words.away}
          </p>
        )}
      </div>
      {night.present ? (
        <button type="button" className="button button-main" onClick={() => void resumeNight()}>
          {words.button}
          <Icon name="move" />
        </button>
      ) : (
        <button type="button" className="button button-tall" onClick={() => void refreshInfo()}>
          {words.lookAgain}
        </button>
      )}
    </div>
  );
}
